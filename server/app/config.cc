#include "server/app/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/auth/certificate_name.h"
#include "storage/base/text.h"

namespace steelyard::app {
namespace {

constexpr int64_t kMostMib = 1 << 20;
constexpr int kMostSettleSeconds = 24 * 3600;

// What a setting is, in words for whoever wrote it.
std::string Found(const toml::node& node) {
  if (const auto* text = node.as_string()) return "the text \"" + Printable(text->get()) + "\"";
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* number = node.as_integer()) return absl::StrCat("the number ", number->get());
  if (const auto* number = node.as_floating_point()) {
    return absl::StrCat("the number ", number->get());
  }
  if (node.is_array()) return "a list";
  return node.is_table() ? "a table" : "a date or time";
}

// One table of the file. A getter leaves its target as it is where the key is
// not there, and where it is wrong, which then is among the problems.
class Section {
 public:
  Section(const toml::table& table, std::string prefix, std::vector<std::string>& problems)
      : table_(table), prefix_(std::move(prefix)), problems_(problems) {}

  void Text(std::string_view key, std::string& to) {
    const toml::node* node = Get(key);
    if (node == nullptr) return;
    const auto* text = node->as_string();
    if (text == nullptr || text->get().empty()) return Wrong(key, "a text that is not empty");
    to = text->get();
  }
  void Flag(std::string_view key, bool& to) {
    const toml::node* node = Get(key);
    if (node == nullptr) return;
    if (!node->is_boolean()) return Wrong(key, "true or false, without quotation marks");
    to = node->as_boolean()->get();
  }
  template <typename Number>
  void Whole(std::string_view key, int64_t least, int64_t most, Number& to) {
    const toml::node* node = Get(key);
    if (node == nullptr) return;
    const auto* number = node->as_integer();
    if (number == nullptr || number->get() < least || number->get() > most) {
      return Wrong(key, absl::StrCat("a whole number from ", least, " to ", most));
    }
    to = static_cast<Number>(number->get());
  }
  // Zero is good if `zero` says what it means.
  void Real(std::string_view key, std::string_view zero, double& to) {
    const toml::node* node = Get(key);
    if (node == nullptr) return;
    const double number = node->is_number() ? node->value_or(-1.0) : -1.0;
    if (!std::isfinite(number) || number < 0 || (zero.empty() && number == 0)) {
      return Wrong(key,
                   zero.empty() ? "a number above 0" : absl::StrCat("a number, 0 for ", Av(zero)));
    }
    to = number;
  }
  // A list of texts; one text by itself is a list of one.
  void Texts(std::string_view key, std::vector<std::string>& to) {
    const toml::node* node = Get(key);
    if (node == nullptr) return;
    std::vector<std::string> texts;
    if (const auto* one = node->as_string()) texts.push_back(one->get());
    if (const auto* list = node->as_array()) {
      for (const toml::node& item : *list) {
        if (!item.is_string()) return Wrong(key, item, "texts alone");
        texts.push_back(item.as_string()->get());
      }
    }
    if (texts.empty()) return Wrong(key, "a text or a list of texts");
    to = std::move(texts);
  }
  // Null if it is not there, or no table.
  std::optional<Section> Table(std::string_view key) {
    const toml::node* node = Get(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_table()) {
      Wrong(key, absl::StrCat("a table, [", prefix_, Av(key), "]"));
      return std::nullopt;
    }
    return Section(*node->as_table(), absl::StrCat(prefix_, Av(key), "."), problems_);
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : table_) keys.emplace_back(key.str());
    return keys;
  }
  void Wrong(std::string_view key, std::string_view expected) {
    Wrong(key, *table_.get(key), expected);
  }
  // To be called last: says which keys nobody asked for.
  void RefuseOthers() {
    for (const std::string& key : keys()) {
      if (!asked_.contains(key)) {
        problems_.push_back(absl::StrCat("'", prefix_, Printable(key), "' is no setting"));
      }
    }
  }

 private:
  const toml::node* Get(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
  }
  void Wrong(std::string_view key, const toml::node& node, std::string_view expected) {
    problems_.push_back(absl::StrCat("'", prefix_, Printable(key), "' is ", Found(node),
                                     ", and must be ", Av(expected)));
  }

  const toml::table& table_;
  const std::string prefix_;
  std::vector<std::string>& problems_;
  std::set<std::string, std::less<>> asked_;
};

void ReadQuotas(Section section, auth::Quotas& quotas) {
  bool enabled = true;
  section.Flag("enabled", enabled);
  section.Real("council_factor", "", quotas.council_factor);
  for (const std::string& key : section.keys()) {
    const std::optional<model::Role> role = auth::RoleOfWord(key);
    if (!role) continue;
    if (auto of_role = section.Table(key)) {
      auth::Quota& quota = quotas.Of(*role);
      of_role->Real("per_second", "no limit", quota.per_second);
      of_role->Real("burst", "one", quota.burst);
      of_role->Real("per_day", "no limit", quota.per_day);
      of_role->RefuseOthers();
    }
  }
  section.RefuseOthers();
  if (!enabled) quotas = {};
}

// The client's secret is in a file of its own.
void ReadOidc(Section section, oidc::Settings& settings, std::vector<std::string>& problems) {
  std::string secret_file;
  section.Text("issuer", settings.issuer);
  section.Text("client_id", settings.client_id);
  section.Text("client_secret_file", secret_file);
  section.Text("redirect_uri", settings.redirect_uri);
  section.Text("scope", settings.scope);
  section.Text("label", settings.label);
  section.Text("role_claim", settings.role_claim);
  section.Text("council_claim", settings.council_claim);
  if (auto roles = section.Table("roles")) {
    for (const std::string& claim : roles->keys()) {
      std::string word;
      roles->Text(claim, word);
      const std::optional<model::Role> role = auth::RoleOfWord(word);
      if (role) {
        settings.roles[claim] = *role;
      } else if (!word.empty()) {
        roles->Wrong(claim, "submitter, reader, analyst, steward or auditor");
      }
    }
  }
  if (auto councils = section.Table("councils")) {
    for (const std::string& claim : councils->keys()) {
      councils->Text(claim, settings.councils[claim]);
    }
  }
  section.RefuseOthers();
  // Without it nobody would be asked to sign in, and nobody would be told.
  if (settings.issuer.empty()) problems.emplace_back("'oidc.issuer' is not set, and must be");
  if (secret_file.empty()) return;
  std::ifstream file(secret_file);
  if (!std::getline(file, settings.client_secret) || settings.client_secret.empty()) {
    problems.push_back("'oidc.client_secret_file' is \"" + Printable(secret_file) +
                       "\", where no secret can be read");
  }
}

void ReadAll(const toml::table& config, ServeOptions& options, std::vector<std::string>& problems) {
  Section top(config, "", problems);
  top.Text("grpc", options.grpc_address);
  top.Text("portal", options.gateway.address);
  top.Text("internal", options.gateway.internal_address);
  top.Texts("portal_origins", options.gateway.origins);
  top.Text("portal_pages", options.gateway.pages);
  top.Flag("reflection", options.reflection);
  top.Whole("cache_mib", 1, kMostMib, options.store.cache_mib);
  top.Whole("edition_cache_mib", 1, kMostMib, options.edition_cache_mib);
  top.Whole("outcome_settle_seconds", 0, kMostSettleSeconds, options.outcome_settle_seconds);
  top.Whole("min_free_mib", 0, kMostMib, options.store.min_free_mib);
  top.Whole("ballast_mib", 0, kMostMib, options.store.ballast_mib);
  top.Text("tls_cert", options.tls.certificate);
  top.Text("tls_key", options.tls.key);
  top.Text("tls_client_ca", options.tls.client_ca);
  top.Flag("tls_require_client_cert", options.tls.require_client_certificate);
  if (auto quotas = top.Table("quotas")) ReadQuotas(*std::move(quotas), options.quotas);
  if (auto oidc = top.Table("oidc")) ReadOidc(*std::move(oidc), options.oidc, problems);
  top.RefuseOthers();
}

}  // namespace

absl::Status ReadConfig(const std::string& path, ServeOptions& options) {
  if (path.empty()) return absl::OkStatus();
  std::vector<std::string> problems;
  try {
    ReadAll(toml::parse_file(path), options, problems);
  } catch (const toml::parse_error& e) {
    return absl::InvalidArgumentError(path + ": " + std::string(e.description()));
  }
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(path + ": " + absl::StrJoin(problems, "\n  "));
}

}  // namespace steelyard::app
