#ifndef STEELYARD_SERVER_REGISTRY_INSPECTORATE_WORDS_H_
#define STEELYARD_SERVER_REGISTRY_INSPECTORATE_WORDS_H_

// What Ofsted's words stand for, through the years in which they changed. Case
// and spacing do not count. Nothing for words that are not known. Pure
// functions, thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "storage/model/codes.h"
#include "storage/model/provider.h"

namespace steelyard::registry {

// A kind of provision. Boarding schools, colleges, holiday schemes, secure
// training centres and Cafcass are none of the services that councils report on.
struct Provision {
  std::optional<model::Service> service;
};
std::optional<Provision> ProvisionOf(std::string_view words);

// A judgement of the whole. "Adequate" (to 2014) and "Satisfactory" (to 2013)
// are the level that came to be called "Requires improvement to be good". No
// words, and "Not judged", are kNone.
std::optional<model::Judgement> JudgementOf(std::string_view words);

// No words are kActive: only what is registered is in a register.
std::optional<model::Registration> RegistrationOf(std::string_view words);

// As in model::Provider::sector; empty for academies and other public bodies.
std::optional<std::string> SectorOf(std::string_view words);

// An organisation as a register writes it, apart from the company number that
// some entries carry at the end ("Priory Education Services Limited 06244880",
// "Birtenshaw - company number 02978546").
struct Organisation {
  std::string name;
  std::string company_number;  // empty if there is none of eight digits
};
Organisation OrganisationOf(std::string_view text);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_INSPECTORATE_WORDS_H_
