#include "server/circles/circle_proto.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/circles/circle_steps.h"
#include "server/privacy/text_rules.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::circles {
namespace {

using model::CircleField;
using model::CircleTerms;
using model::CouncilNo;
using model::Registers;
using Field = v1::CircleTerms;

bool IsOfProducts(CircleField field) {
  return field == CircleField::kUnitPrice || field == CircleField::kSpend ||
         field == CircleField::kUnits || field == CircleField::kDelivery;
}
bool IsOfProviders(CircleField field) {
  return field == CircleField::kSpend || field == CircleField::kPlacements ||
         field == CircleField::kWeeklyFee;
}

template <typename T>
void SortUnique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Reads terms and gathers all that is wrong with them.
class TermsReader {
 public:
  TermsReader(const v1::CircleTerms& wanted, const Registers& registers)
      : wanted_(wanted), registers_(registers) {}

  absl::StatusOr<CircleTerms> Read(CouncilNo founder, int64_t now) {
    privacy::CheckText("circle.terms.title", wanted_.title(), kMaxTitleCharacters,
                       privacy::Lines::kOne, violations_);
    terms_.title = wanted_.title();
    ReadScope();
    ReadFields();
    ReadMonths();
    ReadLastDay(now);
    ReadInvited(founder);
    if (!violations_.empty()) return rpc::error::InvalidFields(violations_);
    return std::move(terms_);
  }

 private:
  void Refuse(std::string_view field, std::string_view words) {
    violations_.push_back({absl::StrCat("circle.terms.", Av(field)), std::string(words)});
  }

  // The registered things that a list of names stands for.
  template <typename No, typename Find>
  std::vector<No> ReadNames(std::string_view field, std::string_view collection,
                            std::string_view what,
                            const google::protobuf::RepeatedPtrField<std::string>& names,
                            const Find& find) {
    std::vector<No> found;
    for (int i = 0; i < names.size(); ++i) {
      const std::string_view name = names[i];
      const bool named = name.starts_with(collection);
      const auto* entry = named ? find(name.substr(collection.size())) : nullptr;
      if (entry != nullptr) {
        found.push_back(entry->no);
      } else {
        Refuse(absl::StrCat(Av(field), "[", i, "]"),
               absl::StrCat("'", Printable(name, 80), "' is no registered ", Av(what),
                            "; give its name, such as `", Av(collection), "…`"));
      }
    }
    SortUnique(found);
    return found;
  }

  void ReadScope() {
    terms_.all_products = wanted_.all_products();
    terms_.products = ReadNames<model::ProductNo>(
        "products", "products/", "product", wanted_.products(),
        [&](std::string_view id) { return registers_.FindProduct(id); });
    terms_.providers = ReadNames<model::ProviderNo>(
        "providers", "providers/", "provider", wanted_.providers(),
        [&](std::string_view id) { return registers_.FindProvider(id); });
    if (terms_.all_products && wanted_.products_size() > 0) {
      Refuse("products", "name products, or say all_products, not both");
    }
    if (terms_.products.size() > model::kMaxCircleProducts) {
      Refuse("products", absl::StrCat("name at most ", model::kMaxCircleProducts, "; there are ",
                                      terms_.products.size(), "; or say all_products"));
    }
    if (terms_.providers.size() > model::kMaxCircleProviders) {
      Refuse("providers", absl::StrCat("name at most ", model::kMaxCircleProviders, "; there are ",
                                       terms_.providers.size()));
    }
    if (!WantsProducts() && !WantsProviders()) {
      Refuse("products", "say what is shown: products, all_products or providers");
    }
  }

  bool WantsProducts() const { return wanted_.all_products() || wanted_.products_size() > 0; }
  bool WantsProviders() const { return wanted_.providers_size() > 0; }

  void ReadFields() {
    bool of_products = false;
    bool of_providers = false;
    for (int i = 0; i < wanted_.fields_size(); ++i) {
      const std::string at = absl::StrCat("fields[", i, "]");
      const int number = wanted_.fields(i);
      if (number < Field::UNIT_PRICE || number > Field::WEEKLY_FEE) {
        Refuse(at, absl::StrCat(number,
                                " is no field; give one of UNIT_PRICE, SPEND, UNITS, "
                                "DELIVERY, PLACEMENTS and WEEKLY_FEE"));
        continue;
      }
      const auto field = static_cast<CircleField>(number);
      const std::string& name = Field::Field_Name(wanted_.fields(i));
      if (!IsOfProviders(field) && !WantsProducts()) {
        Refuse(at, absl::StrCat(name, " is of products, and the terms name none"));
      }
      if (!IsOfProducts(field) && !WantsProviders()) {
        Refuse(at, absl::StrCat(name, " is of providers, and the terms name none"));
      }
      of_products = of_products || IsOfProducts(field);
      of_providers = of_providers || IsOfProviders(field);
      terms_.fields.push_back(field);
    }
    SortUnique(terms_.fields);
    if (wanted_.fields_size() == 0) return;  // REQUIRED says so already
    if (WantsProducts() && !of_products) {
      Refuse("fields", "give what is shown of the products: UNIT_PRICE, SPEND, UNITS or DELIVERY");
    }
    if (WantsProviders() && !of_providers) {
      Refuse("fields", "give what is shown of the providers: SPEND, PLACEMENTS or WEEKLY_FEE");
    }
  }

  void ReadMonths() {
    const auto from = rpc::FromProto(wanted_.from_month());
    const auto to = rpc::FromProto(wanted_.to_month());
    if (!from) Refuse("from_month", "give a year from 2000 to 2100 and a month from 1 to 12");
    if (!to) Refuse("to_month", "give a year from 2000 to 2100 and a month from 1 to 12");
    if (!from || !to) return;
    terms_.from_month = *from;
    terms_.to_month = *to;
    if (*from > *to) {
      Refuse("to_month", "must not be before from_month");
    } else if (terms_.months().months() > model::kMaxCircleMonths) {
      Refuse("to_month", absl::StrCat("give at most ", model::kMaxCircleMonths,
                                      " months; there are ", terms_.months().months()));
    }
    if (!WantsProviders()) return;
    if (*from != from->QuarterStart()) {
      Refuse("from_month", absl::StrCat("reports of providers are of quarters: begin with one, "
                                        "such as ",
                                        from->QuarterStart().ToString()));
    }
    if (*to != to->QuarterStart().Plus(2)) {
      Refuse("to_month", absl::StrCat("reports of providers are of quarters: end with one, "
                                      "such as ",
                                      to->QuarterStart().Plus(2).ToString()));
    }
  }

  void ReadLastDay(int64_t now) {
    if (!wanted_.has_expire_date()) return;
    terms_.last_day = rpc::FromProto(wanted_.expire_date());
    if (!terms_.last_day) {
      Refuse("expire_date", "not a day in the calendar");
    } else if (IsExpired(terms_, now)) {
      Refuse("expire_date", absl::StrCat(terms_.last_day->ToString(),
                                         " is over; give a day to "
                                         "come, or none"));
    }
  }

  void ReadInvited(CouncilNo founder) {
    if (wanted_.invited_councils_size() == 0) return;
    terms_.invited =
        ReadNames<CouncilNo>("invited_councils", "councils/", "council", wanted_.invited_councils(),
                             [&](std::string_view id) { return registers_.FindCouncil(id); });
    terms_.invited.push_back(founder);
    SortUnique(terms_.invited);
    if (terms_.invited.size() == 1 && violations_.empty()) {
      Refuse("invited_councils", "name at least one other council, or none to let any join");
    }
  }

  const v1::CircleTerms& wanted_;
  const Registers& registers_;
  CircleTerms terms_;
  std::vector<rpc::FieldViolation> violations_;
};

void AddConsent(const model::CircleConsent& consent, const Registers& registers, v1::Circle* out) {
  v1::Circle::Member* added = out->add_members();
  added->set_council(CouncilNameOf(consent.council, registers));
  rpc::MicrosToProto(consent.consent_unix_micros, added->mutable_consent_time());
  if (!consent.active()) {
    rpc::MicrosToProto(consent.withdraw_unix_micros, added->mutable_withdraw_time());
  }
  added->set_terms_sha256(HexOf(consent.terms_sha256));
}

v1::Circle::State StateOf(const model::Circle& circle, int64_t now) {
  if (circle.closed()) return v1::Circle::CLOSED;
  return IsExpired(circle.terms, now) ? v1::Circle::EXPIRED : v1::Circle::OPEN;
}

}  // namespace

std::string CouncilNameOf(CouncilNo no, const Registers& registers) {
  const model::Council* council = registers.FindCouncil(no);
  return council == nullptr ? "" : rpc::CouncilName(council->id);
}

View ViewOf(const model::Circle& circle, const rpc::Caller& caller) {
  if (caller.role == model::Role::kSteward || caller.role == model::Role::kAuditor) {
    return View::kOverseer;
  }
  if (caller.council.value == 0) return View::kOutside;
  if (circle.IsMember(caller.council)) return View::kMember;
  return circle.terms.MayJoin(caller.council) ? View::kMayJoin : View::kOutside;
}

void ToProto(const CircleTerms& terms, const Registers& registers, v1::CircleTerms* out) {
  out->set_title(terms.title);
  out->set_all_products(terms.all_products);
  for (const model::ProductNo no : terms.products) {
    if (const auto* product = registers.FindProduct(no)) {
      out->add_products(rpc::ProductName(product->id));
    }
  }
  for (const model::ProviderNo no : terms.providers) {
    if (const auto* provider = registers.FindProvider(no)) {
      out->add_providers(rpc::ProviderName(provider->id));
    }
  }
  for (const CircleField field : terms.fields) {
    out->add_fields(static_cast<v1::CircleTerms::Field>(field));
  }
  rpc::ToProto(terms.from_month, out->mutable_from_month());
  rpc::ToProto(terms.to_month, out->mutable_to_month());
  if (terms.last_day) rpc::ToProto(*terms.last_day, out->mutable_expire_date());
  for (const CouncilNo no : terms.invited) {
    out->add_invited_councils(CouncilNameOf(no, registers));
  }
}

void ToProto(const Stored& stored, View view, CouncilNo viewer, int64_t now,
             const Registers& registers, v1::Circle* out) {
  const model::Circle& circle = stored.circle;
  out->set_name(rpc::CircleName(circle.id));
  out->set_lead_council(CouncilNameOf(circle.lead, registers));
  out->set_state(StateOf(circle, now));
  out->set_member_count(static_cast<int32_t>(circle.ActiveMembers().size()));
  if (view == View::kOutside) {
    out->mutable_terms()->set_title(circle.terms.title);
  } else {
    ToProto(circle.terms, registers, out->mutable_terms());
    out->set_terms_sha256(HexOf(TermsHash(circle.terms)));
  }
  const bool whole = view == View::kMember || view == View::kOverseer;
  for (const model::CircleConsent& consent : circle.members) {
    if (whole || consent.council == viewer) AddConsent(consent, registers, out);
  }
  if (!whole) return;
  out->set_etag(stored.etag);
  rpc::MicrosToProto(circle.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(circle.update_unix_micros, out->mutable_update_time());
  if (circle.closed()) rpc::MicrosToProto(circle.close_unix_micros, out->mutable_close_time());
}

absl::StatusOr<CircleTerms> FromProto(const v1::CircleTerms& wanted, CouncilNo founder, int64_t now,
                                      const Registers& registers) {
  return TermsReader(wanted, registers).Read(founder, now);
}

}  // namespace steelyard::circles
