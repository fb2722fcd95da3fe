#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "server/registry/provider_methods.h"
#include "server/registry/provider_proto.h"
#include "server/registry/register_pages.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;
using directory::Resolver;

// What a list is cut down to. Collects everything that is wrong with it.
class Filters {
 public:
  explicit Filters(const Resolver& resolver) : resolver_(resolver) {}

  model::ProviderNo Provider(std::string_view field, const std::string& text) {
    return Find(field, text, "no such provider",
                [&] { return resolver_.ResolveProvider(text).no; });
  }
  model::CouncilNo Council(std::string_view field, const std::string& text) {
    return Find(field, text, "no such council", [&] { return resolver_.ResolveCouncil(text).no; });
  }
  std::optional<model::Service> Service(std::string_view field, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto service = model::ParseService(text);
    if (!service) Add(field, "no such kind of service; ListCodes names them all");
    return service;
  }
  std::optional<model::Day> Date(std::string_view field, bool given,
                                 const google::type::Date& date) {
    if (!given) return std::nullopt;
    const auto day = rpc::FromProto(date);
    if (!day) Add(field, "not a day in the calendar");
    return day;
  }
  absl::Status status() const {
    return violations_.empty() ? absl::OkStatus() : error::InvalidFields(violations_);
  }

 private:
  void Add(std::string_view field, std::string_view what) {
    violations_.push_back({std::string(field), std::string(what)});
  }
  template <typename Resolve>
  auto Find(std::string_view field, const std::string& text, std::string_view missing,
            Resolve resolve) -> decltype(resolve()) {
    decltype(resolve()) no;
    if (text.empty()) return no;
    no = resolve();
    if (no.value == 0) Add(field, missing);
    return no;
  }

  const Resolver& resolver_;
  std::vector<rpc::FieldViolation> violations_;
};

// Whether `owner` is `provider` or owns it on `day`, directly or through others.
bool IsOf(const model::Registers& registers, model::ProviderNo provider, model::ProviderNo owner,
          model::Day day) {
  if (provider.value == 0) return false;
  const std::vector<model::ProviderNo> chain = registers.OwnersOf(provider, day);
  return std::find(chain.begin(), chain.end(), owner) != chain.end();
}

}  // namespace

model::Day ProviderMethods::Today() const {
  return model::Day::FromCivil(absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone()));
}

absl::Status ProviderMethods::GetProvider(const rpc::Caller&, const v1::GetProviderRequest& request,
                                          v1::Provider* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseProvider(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindProvider(id), request.name(), *registers, reply);
}

absl::Status ProviderMethods::ListProviders(const rpc::Caller&,
                                            const v1::ListProvidersRequest& request,
                                            v1::ListProvidersResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  Filters filters(*resolver);
  const model::ProviderNo owner = filters.Provider("owner", request.owner());
  const model::Day day = filters.Date("date", request.has_date(), request.date()).value_or(Today());
  const auto service = filters.Service("service", request.service());
  RETURN_IF_ERROR(filters.status());
  const auto keep = [&](const model::Provider& p) {
    if (owner.value != 0 && (p.no == owner || !IsOf(registers, p.no, owner, day))) return false;
    return !service || std::binary_search(p.services.begin(), p.services.end(), *service);
  };
  reply->set_next_page_token(FillPage(page_tokens_, page, registers.providers, registers, keep,
                                      [&] { return reply->add_providers(); }));
  return absl::OkStatus();
}

absl::Status ProviderMethods::SearchProviders(const rpc::Caller&,
                                              const v1::SearchProvidersRequest& request,
                                              v1::SearchProvidersResponse* reply) {
  RETURN_IF_ERROR(CheckQuery(request.query()));
  ASSIGN_OR_RETURN(const int32_t size,
                   rpc::PageSize(request.page_size(), kSearchSize, kMaxSearchSize));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  for (const model::ProviderNo no :
       resolver->SearchProviders(request.query(), static_cast<size_t>(size))) {
    ToProto(*registers.FindProvider(no), registers, reply->add_providers());
  }
  return absl::OkStatus();
}

absl::Status ProviderMethods::GetEstablishment(const rpc::Caller&,
                                               const v1::GetEstablishmentRequest& request,
                                               v1::Establishment* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseEstablishment(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindEstablishment(id), request.name(), *registers, reply);
}

absl::Status ProviderMethods::ListEstablishments(const rpc::Caller&,
                                                 const v1::ListEstablishmentsRequest& request,
                                                 v1::ListEstablishmentsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  Filters filters(*resolver);
  const model::ProviderNo provider = filters.Provider("provider", request.provider());
  const model::CouncilNo council = filters.Council("council", request.council());
  const auto service = filters.Service("service", request.service());
  const auto date = filters.Date("date", request.has_date(), request.date());
  RETURN_IF_ERROR(filters.status());
  const model::Day day = date.value_or(Today());
  // A day is answered from the register before it, whole.
  const auto as_of = date ? model::RegisterDay(*registers.establishments, day) : std::nullopt;
  const auto keep = [&](const model::Establishment& e) {
    if (council.value != 0 && e.council != council) return false;
    if (service && e.service != service) return false;
    const model::EstablishmentRecord* record = model::RecordOn(e, day);
    if (date && (record == nullptr || record->as_of != as_of)) return false;
    if (provider.value == 0) return true;
    return record != nullptr && IsOf(registers, record->provider, provider, day);
  };
  reply->set_next_page_token(FillPage(page_tokens_, page, *registers.establishments, registers,
                                      keep, [&] { return reply->add_establishments(); }));
  return absl::OkStatus();
}

absl::Status ProviderMethods::ListMeasures(const rpc::Caller&, const v1::ListMeasuresRequest&,
                                           v1::ListMeasuresResponse* reply) {
  for (const model::MeasureCode& measure : model::Measures()) {
    ToProto(measure, reply->add_measures());
  }
  return absl::OkStatus();
}

absl::Status ProviderMethods::ListCodes(const rpc::Caller&, const v1::ListCodesRequest&,
                                        v1::ListCodesResponse* reply) {
  CodesToProto(reply);
  return absl::OkStatus();
}

}  // namespace steelyard::registry
