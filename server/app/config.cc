#include "server/app/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "server/auth/certificate_name.h"

namespace steelyard::app {
namespace {

// The texts of a list; one text by itself is a list of one.
std::vector<std::string> Texts(const toml::node& node) {
  std::vector<std::string> texts;
  if (const auto one = node.value<std::string>()) texts.push_back(*one);
  if (const toml::array* list = node.as_array()) {
    for (const auto& item : *list) texts.push_back(item.value_or(std::string()));
  }
  return texts;
}

// Reads `[quotas]`: `enabled`, `council_factor`, and a table for each role.
absl::Status ReadQuotas(const std::string& path, const toml::table& table, auth::Quotas& quotas) {
  if (!table["enabled"].value_or(true)) {
    quotas = {};
    return absl::OkStatus();
  }
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    const std::optional<model::Role> role = auth::RoleOfWord(name);
    if (name == "enabled") continue;
    if (name == "council_factor") {
      quotas.council_factor = value.value_or(quotas.council_factor);
    } else if (role && value.is_table()) {
      auth::Quota& quota = quotas.Of(*role);
      for (const auto& [field, number] : *value.as_table()) {
        double* where = field.str() == "per_second" ? &quota.per_second
                        : field.str() == "burst"    ? &quota.burst
                        : field.str() == "per_day"  ? &quota.per_day
                                                    : nullptr;
        if (where == nullptr || !number.is_number() || number.value_or(-1.0) < 0) {
          return absl::InvalidArgumentError(
              path + ": a quota has the numbers per_second, burst and per_day, 0 for no limit");
        }
        *where = number.value_or(0.0);
      }
    } else {
      return absl::InvalidArgumentError(path + ": unknown quota '" + name + "'");
    }
  }
  return absl::OkStatus();
}

// Reads `[oidc]`; the client's secret is in a file of its own.
absl::Status ReadOidc(const std::string& path, const toml::table& table, oidc::Settings& settings) {
  std::string secret_file;
  const std::pair<const char*, std::string*> texts[] = {
      {"issuer", &settings.issuer},         {"client_id", &settings.client_id},
      {"client_secret_file", &secret_file}, {"redirect_uri", &settings.redirect_uri},
      {"scope", &settings.scope},           {"label", &settings.label},
      {"role_claim", &settings.role_claim}, {"council_claim", &settings.council_claim}};
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    const auto text = std::find_if(std::begin(texts), std::end(texts),
                                   [&](const auto& known) { return name == known.first; });
    if (text != std::end(texts) && value.is_string()) {
      *text->second = value.value_or(std::string());
    } else if ((name == "roles" || name == "councils") && value.is_table()) {
      for (const auto& [claim, meaning] : *value.as_table()) {
        const std::string word = meaning.value_or(std::string());
        const std::optional<model::Role> role = auth::RoleOfWord(word);
        if (name == "councils") {
          settings.councils[std::string(claim.str())] = word;
        } else if (role) {
          settings.roles[std::string(claim.str())] = *role;
        } else {
          return absl::InvalidArgumentError(path + ": '" + word + "' is no role");
        }
      }
    } else {
      return absl::InvalidArgumentError(path + ": unknown setting 'oidc." + name + "'");
    }
  }
  if (secret_file.empty()) return absl::OkStatus();
  std::ifstream file(secret_file);
  if (!std::getline(file, settings.client_secret) || settings.client_secret.empty()) {
    return absl::InvalidArgumentError("cannot read the client's secret in '" + secret_file + "'");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadConfig(const std::string& path, ServeOptions& options) {
  if (path.empty()) return absl::OkStatus();
  try {
    const toml::table config = toml::parse_file(path);
    for (const auto& [key, value] : config) {
      const std::string name(key.str());
      if ((name == "quotas" || name == "oidc") != value.is_table()) {
        return absl::InvalidArgumentError(path + ": '" + name + "' is of the wrong kind");
      }
      if (name == "grpc") {
        options.grpc_address = value.value_or(options.grpc_address);
      } else if (name == "portal") {
        options.gateway.address = value.value_or(options.gateway.address);
      } else if (name == "internal") {
        options.gateway.internal_address = value.value_or(options.gateway.internal_address);
      } else if (name == "portal_origins") {
        options.gateway.origins = Texts(value);
      } else if (name == "portal_pages") {
        options.gateway.pages = value.value_or(options.gateway.pages);
      } else if (name == "reflection") {
        options.reflection = value.value_or(options.reflection);
      } else if (name == "cache_mib") {
        options.store.cache_mib = value.value_or(options.store.cache_mib);
      } else if (name == "edition_cache_mib") {
        options.edition_cache_mib = value.value_or(options.edition_cache_mib);
      } else if (name == "outcome_settle_seconds") {
        options.outcome_settle_seconds = value.value_or(options.outcome_settle_seconds);
      } else if (name == "quotas") {
        const absl::Status read = ReadQuotas(path, *value.as_table(), options.quotas);
        if (!read.ok()) return read;
      } else if (name == "oidc") {
        const absl::Status read = ReadOidc(path, *value.as_table(), options.oidc);
        if (!read.ok()) return read;
      } else if (name == "tls_cert") {
        options.tls.certificate = value.value_or(options.tls.certificate);
      } else if (name == "tls_key") {
        options.tls.key = value.value_or(options.tls.key);
      } else if (name == "tls_client_ca") {
        options.tls.client_ca = value.value_or(options.tls.client_ca);
      } else if (name == "tls_require_client_cert") {
        options.tls.require_client_certificate =
            value.value_or(options.tls.require_client_certificate);
      } else if (name == "min_free_mib") {
        options.store.min_free_mib = value.value_or(options.store.min_free_mib);
      } else if (name == "ballast_mib") {
        options.store.ballast_mib = value.value_or(options.store.ballast_mib);
      } else {
        return absl::InvalidArgumentError(path + ": unknown setting '" + name + "'");
      }
    }
  } catch (const toml::parse_error& e) {
    return absl::InvalidArgumentError(path + ": " + std::string(e.description()));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::app
