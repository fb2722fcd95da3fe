#include "server/oidc/fetch.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace steelyard::oidc {
namespace {

struct Free {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

size_t Take(char* bytes, size_t size, size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size * count > kMaxReply) return 0;
  body.append(bytes, size * count);
  return size * count;
}

bool IsOfThisMachine(const std::string& url) {
  return absl::StartsWith(url, "http://127.0.0.1:") || absl::StartsWith(url, "http://localhost:") ||
         absl::StartsWith(url, "http://[::1]:");
}

std::string Form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&out, out.empty() ? "" : "&", UrlEncoded(name), "=", UrlEncoded(value));
  }
  return out;
}

}  // namespace

std::string UrlEncoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<uint8_t>(c));
    }
  }
  return out;
}

absl::StatusOr<std::string> Fetch(const FetchRequest& request) {
  if (!absl::StartsWith(request.url, "https://") && !IsOfThisMachine(request.url)) {
    return absl::InvalidArgumentError("an OpenID provider must be reached over https");
  }
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, Free> curl(curl_easy_init());
  if (curl == nullptr) return absl::UnavailableError("cannot reach the OpenID provider");
  std::string body;
  const std::string form = Form(request.form);
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(kFetchTime)));
  curl_easy_setopt(curl.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "steelyardd");
  if (!request.ca_file.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, request.ca_file.c_str());
  }
  if (!request.form.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, form.c_str());
  }
  if (!request.user.empty()) {
    // RFC 6749, section 2.3.1: both are encoded before they are joined.
    curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(curl.get(), CURLOPT_USERNAME, UrlEncoded(request.user).c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, UrlEncoded(request.password).c_str());
  }
  const CURLcode done = curl_easy_perform(curl.get());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (done != CURLE_OK) {
    return absl::UnavailableError(
        absl::StrCat("cannot reach the OpenID provider: ", curl_easy_strerror(done)));
  }
  if (status != 200) {
    return absl::UnavailableError(absl::StrCat("the OpenID provider answered ", status));
  }
  return body;
}

}  // namespace steelyard::oidc
