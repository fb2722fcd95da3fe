// Reads a profile's TOML. Every key is looked at: one that means nothing is an
// error, for it is a mistake in spelling.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/header.h"
#include "client/import/profile.h"
#include "client/import/source_parser.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr size_t kMaxDeliveries = 50;

class ProfileParser : private SourceParser {
 public:
  explicit ProfileParser(const std::string& source) : SourceParser(source) {}
  absl::StatusOr<Profile> Parse(std::string_view toml);

 private:
  absl::Status ParseFile(const toml::table& file);
  absl::Status ParseMark(std::string_view key, const toml::node& node);
  absl::Status ParseDates(const toml::node& node);
  absl::Status ParseUnits(const toml::node& node);
  absl::Status ParseFields(const toml::table& fields);
  absl::Status ParsePayments(const toml::table& payments);
  absl::Status ParseOutcomes(const toml::table& outcomes);
  absl::Status ParseDeliveries(const toml::node& node);
  absl::Status ParseSkip(const toml::node& node);
  absl::Status ParseTotal(const toml::table& total);
  absl::Status CheckUses(const toml::table& root) const;

  Profile profile_;
};

absl::StatusOr<Profile> ProfileParser::Parse(std::string_view toml) {
  ASSIGN_OR_RETURN(const toml::table root, TomlReader::Parse(toml));
  RETURN_IF_ERROR(OnlyKeys(root,
                           {"name", "description", "file", "fields", "payments", "outcomes",
                            "deliveries", "skip", "total"},
                           "a profile"));
  if (root.get("name") == nullptr) return Fail(root, "the profile has no 'name'.");
  if (root.get("fields") == nullptr && root.get("payments") == nullptr &&
      root.get("outcomes") == nullptr) {
    return Fail(root, "the profile has no 'fields', and no 'payments' or 'outcomes' either.");
  }
  ASSIGN_OR_RETURN(profile_.name, Text(*root.get("name")));
  if (const toml::node* node = root.get("description")) {
    ASSIGN_OR_RETURN(profile_.description, Text(*node));
  }
  if (const toml::node* node = root.get("file")) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(*node));
    RETURN_IF_ERROR(ParseFile(*table));
  }
  if (const toml::node* node = root.get("fields")) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(*node));
    RETURN_IF_ERROR(ParseFields(*table));
  }
  if (const toml::node* node = root.get("payments")) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(*node));
    RETURN_IF_ERROR(ParsePayments(*table));
  }
  if (const toml::node* node = root.get("outcomes")) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(*node));
    RETURN_IF_ERROR(ParseOutcomes(*table));
  }
  if (const toml::node* node = root.get("deliveries")) {
    RETURN_IF_ERROR(ParseDeliveries(*node));
  }
  if (const toml::node* node = root.get("skip")) {
    RETURN_IF_ERROR(ParseSkip(*node));
  }
  if (const toml::node* node = root.get("total")) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(*node));
    RETURN_IF_ERROR(ParseTotal(*table));
  }
  RETURN_IF_ERROR(CheckUses(root));
  return std::move(profile_);
}

absl::Status ProfileParser::ParseFile(const toml::table& file) {
  RETURN_IF_ERROR(OnlyKeys(
      file,
      {"encoding", "delimiter", "header", "decimal", "exponents", "dates", "null_words", "units"},
      "[file]"));
  for (const auto& [key, node] : file) {
    if (key == "encoding" || key == "delimiter" || key == "decimal") {
      RETURN_IF_ERROR(ParseMark(key.str(), node));
    } else if (key == "header") {
      ASSIGN_OR_RETURN(profile_.header, Flag(node));
      SetHeader(profile_.header);
    } else if (key == "exponents") {
      ASSIGN_OR_RETURN(profile_.numbers.exponents, Flag(node));
    } else if (key == "dates") {
      RETURN_IF_ERROR(ParseDates(node));
    } else if (key == "null_words") {
      ASSIGN_OR_RETURN(profile_.null_words, Words(node, /*fold=*/true));
    } else {
      RETURN_IF_ERROR(ParseUnits(node));
    }
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseMark(std::string_view key, const toml::node& node) {
  ASSIGN_OR_RETURN(const std::string text, Text(node));
  if (key == "decimal") {
    if (text != "." && text != ",") {
      return Fail(node, "the decimal mark is \".\" or \",\".");
    }
    profile_.numbers.decimal_mark = text.front();
  } else if (text == "auto") {
    return absl::OkStatus();  // found out
  } else if (key == "delimiter") {
    if (text != "," && text != ";" && text != "|" && text != "\t" && text != "tab") {
      return Fail(node, "the delimiter is one of \",\", \";\", \"|\", \"tab\" and \"auto\".");
    }
    profile_.delimiter = text == "tab" ? '\t' : text.front();
  } else {
    const absl::StatusOr<Encoding> encoding = EncodingNamed(text);
    if (!encoding.ok()) {
      return Fail(node, absl::StrCat(encoding.status().message(), "."));
    }
    profile_.encoding = *encoding;
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseDates(const toml::node& node) {
  ASSIGN_OR_RETURN(const std::vector<std::string> formats, Words(node, /*fold=*/false));
  for (const std::string& text : formats) {
    absl::StatusOr<DateFormat> format = DateFormat::Parse(text);
    if (!format.ok()) {
      return Fail(node, absl::StrCat(format.status().message(), "."));
    }
    for (const DateFormat& other : profile_.dates.formats) {
      if (format->Contradicts(other)) {
        return Fail(node, absl::StrCat("the same date would be two days as ", other.text(),
                                       " and as ", text, "; keep one of them."));
      }
    }
    profile_.dates.formats.push_back(*std::move(format));
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseUnits(const toml::node& node) {
  ASSIGN_OR_RETURN(const toml::table* units, Table(node));
  for (const auto& [word, count] : *units) {
    const auto* number = count.as_integer();
    if (number == nullptr || number->get() < 1) {
      return Fail(count, "a whole number, 1 or more, belongs here.");
    }
    profile_.numbers.units[Fold(KeyText(word))] = number->get();
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseFields(const toml::table& fields) {
  for (const auto& [key, node] : fields) {
    int found = 0;
    while (found < kFields && FieldKey(static_cast<Field>(found)) != key.str()) {
      ++found;
    }
    if (found == kFields) {
      std::vector<std::string> names;
      for (int i = 0; i < kFields; ++i) {
        names.emplace_back(FieldKey(static_cast<Field>(i)));
      }
      return FailAt(key.source(), absl::StrCat("there is no field '", KeyText(key), "'; write ",
                                               OneOf(names), "."));
    }
    ASSIGN_OR_RETURN(Source source, ParseSource(node));
    if (source.divide_by.has_value() && static_cast<Field>(found) != Field::kPackPrice) {
      return Fail(node, "only pack_price can be divided.");
    }
    if (source.fraction && static_cast<Field>(found) != Field::kVatRate) {
      return Fail(node, "only vat_rate can be a fraction.");
    }
    profile_.fields[static_cast<size_t>(found)] = std::move(source);
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParsePayments(const toml::table& payments) {
  RETURN_IF_ERROR(OnlyKeys(
      payments, {"date", "supplier", "amount", "company_number", "glued_amounts"}, "[payments]"));
  PaymentSources sources;
  const auto parse = [&](const char* key, Source& source) -> absl::Status {
    const toml::node* node = payments.get(key);
    if (node == nullptr) return Fail(payments, absl::StrCat("[payments] needs '", key, "'."));
    ASSIGN_OR_RETURN(source, ParseSource(*node));
    if (!source.divide_by.has_value() && !source.fraction) return absl::OkStatus();
    return Fail(*node, "only pack_price can be divided, and only vat_rate be a fraction.");
  };
  RETURN_IF_ERROR(parse("date", sources.date));
  RETURN_IF_ERROR(parse("supplier", sources.supplier));
  RETURN_IF_ERROR(parse("amount", sources.amount));
  if (payments.get("company_number") != nullptr) {
    RETURN_IF_ERROR(parse("company_number", sources.company_number.emplace()));
  }
  if (const toml::node* node = payments.get("glued_amounts")) {
    ASSIGN_OR_RETURN(sources.glued_amounts, Flag(*node));
  }
  profile_.payments = std::move(sources);
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseOutcomes(const toml::table& outcomes) {
  OutcomeSources sources;
  for (const auto& [key, node] : outcomes) {
    const std::string name(KeyText(key));
    if (name == "measures") {
      ASSIGN_OR_RETURN(const toml::table* measures, Table(node));
      for (const auto& [measure, column] : *measures) {
        ASSIGN_OR_RETURN(sources.measures[std::string(KeyText(measure))], ParseSource(column));
      }
      continue;
    }
    if (std::find(OutcomeKeys().begin(), OutcomeKeys().end(), name) == OutcomeKeys().end()) {
      return FailAt(key.source(), absl::StrCat("there is no '", name, "' in [outcomes]; write ",
                                               OneOf(OutcomeKeys()), " or measures."));
    }
    ASSIGN_OR_RETURN(Source source, ParseSource(node));
    if (source.divide_by.has_value() || source.fraction) {
      return Fail(node, "only pack_price can be divided, and only vat_rate be a fraction.");
    }
    sources.fields[name] = std::move(source);
  }
  for (size_t i = 0; i < kRequiredOutcomeKeys; ++i) {
    if (sources.fields.count(OutcomeKeys()[i]) > 0) continue;
    return Fail(outcomes, absl::StrCat("[outcomes] needs '", OutcomeKeys()[i], "'."));
  }
  profile_.outcomes = std::move(sources);
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseDeliveries(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->size() > kMaxDeliveries) {
    return Fail(node, "write [[deliveries]], at most 50 times.");
  }
  for (const toml::node& item : *array) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(item));
    RETURN_IF_ERROR(OnlyKeys(*table, {"date", "packs"}, "[[deliveries]]"));
    if (table->get("date") == nullptr || table->get("packs") == nullptr) {
      return Fail(item, "a delivery has a date and packs.");
    }
    DeliverySource delivery;
    ASSIGN_OR_RETURN(delivery.date, ParseSource(*table->get("date")));
    ASSIGN_OR_RETURN(delivery.packs, ParseSource(*table->get("packs")));
    profile_.deliveries.push_back(std::move(delivery));
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseSkip(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    return Fail(node, "write [[skip]].");
  }
  for (const toml::node& item : *array) {
    ASSIGN_OR_RETURN(const toml::table* table, Table(item));
    RETURN_IF_ERROR(OnlyKeys(*table, {"column", "in"}, "[[skip]]"));
    if (table->get("column") == nullptr || table->get("in") == nullptr) {
      return Fail(item, "a rule to skip rows has a column and `in`, a list of texts.");
    }
    SkipRule rule;
    ASSIGN_OR_RETURN(rule.column, ParseColumn(*table->get("column")));
    ASSIGN_OR_RETURN(rule.words, Words(*table->get("in"), /*fold=*/true));
    profile_.skip.push_back(std::move(rule));
  }
  return absl::OkStatus();
}

absl::Status ProfileParser::ParseTotal(const toml::table& total) {
  RETURN_IF_ERROR(
      OnlyKeys(total, {"column", "tolerance", "tolerance_per_pack", "if_different"}, "[total]"));
  if (total.get("column") == nullptr) {
    return Fail(total, "the total has a column.");
  }
  TotalCheck check;
  ASSIGN_OR_RETURN(check.column, ParseColumn(*total.get("column")));
  if (const toml::node* node = total.get("tolerance")) {
    ASSIGN_OR_RETURN(check.tolerance_micros, Micros(*node));
  }
  if (const toml::node* node = total.get("tolerance_per_pack")) {
    ASSIGN_OR_RETURN(check.tolerance_per_pack_micros, Micros(*node));
  }
  if (const toml::node* node = total.get("if_different")) {
    ASSIGN_OR_RETURN(const std::string action, Text(*node));
    if (action != "reject" && action != "warn") {
      return Fail(*node, "if_different is \"reject\" or \"warn\".");
    }
    check.reject = action == "reject";
  }
  profile_.total = std::move(check);
  return absl::OkStatus();
}

// A profile that reads dates has to say how they are written.
absl::Status ProfileParser::CheckUses(const toml::table& root) const {
  const bool dated = profile_.of(Field::kOrderDate).has_value() ||
                     profile_.of(Field::kPromisedDate).has_value() ||
                     !profile_.deliveries.empty() || profile_.payments.has_value();
  if (dated && profile_.dates.formats.empty()) {
    return Fail(root, "[file] needs dates, for example dates = [\"d/m/yyyy\"].");
  }
  return PurchaseColumns(profile_).empty() && PaymentColumns(profile_).empty() &&
                 OutcomeColumns(profile_).empty()
             ? Fail(root, "the profile reads no column.")
             : absl::OkStatus();
}

}  // namespace

absl::StatusOr<Profile> ParseProfile(std::string_view toml, const std::string& source) {
  return ProfileParser(source).Parse(toml);
}

}  // namespace steelyard::importing
