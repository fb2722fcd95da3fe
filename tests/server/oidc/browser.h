#ifndef STEELYARD_TESTS_SERVER_OIDC_BROWSER_H_
#define STEELYARD_TESTS_SERVER_OIDC_BROWSER_H_

#include <curl/curl.h>

#include <string>

namespace steelyard::oidc {

// Goes where it is sent and keeps cookies, until it is sent back to us. Not
// thread-safe.
class Browser {
 public:
  Browser() : curl_(curl_easy_init()) { curl_easy_setopt(curl_, CURLOPT_COOKIEFILE, ""); }
  ~Browser() { curl_easy_cleanup(curl_); }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // The address it came back to, which begins with `home`; what it saw last if
  // it never did.
  std::string Visit(std::string url, const std::string& home) {
    std::string page;
    for (int hop = 0; hop < 10; ++hop) {
      page.clear();
      curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
      curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Take);
      curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &page);
      if (curl_easy_perform(curl_) != CURLE_OK) return "no answer from " + url;
      char* next = nullptr;
      curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &next);
      if (next == nullptr) break;
      url = next;
      if (url.starts_with(home)) return url;
    }
    return page;
  }

 private:
  static size_t Take(char* bytes, size_t size, size_t count, void* out) {
    static_cast<std::string*>(out)->append(bytes, size * count);
    return size * count;
  }
  CURL* curl_;
};

}  // namespace steelyard::oidc

#endif  // STEELYARD_TESTS_SERVER_OIDC_BROWSER_H_
