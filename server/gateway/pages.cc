#include "server/gateway/pages.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/gateway/origin.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light; --ink: #0b1f2a; --quiet: #47545c; --blue: #14507a;
  --deep: #0d3a5a; --pale: #f2f5f7; --red: #b3201a; --focus: #ffd23f; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; font: 1.1875rem/1.5 Arial, Helvetica, sans-serif; color: var(--ink);
  background: #fff; }
header { background: var(--deep); color: #fff; }
header p { margin: 0 auto; max-width: 60rem; padding: 0.9rem 1.25rem; font-size: 1.375rem;
  font-weight: bold; letter-spacing: 0.01em; }
header span { display: block; font-size: 1rem; font-weight: normal; letter-spacing: 0; }
main { flex: 1; width: 100%; max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
main > * { max-width: 40rem; }
h1 { font-size: 2.25rem; line-height: 1.15; margin: 0 0 1.5rem; }
h2 { font-size: 1.375rem; margin: 2.5rem 0 0.75rem; }
p { margin: 0 0 1.25rem; }
label { display: block; font-weight: bold; margin-bottom: 0.25rem; }
.hint { color: var(--quiet); margin: 0 0 0.6rem; }
input[type=password] { display: block; width: 100%; max-width: 30rem; font: inherit;
  padding: 0.45rem 0.6rem; border: 2px solid var(--ink); border-radius: 0; background: #fff;
  color: inherit; }
button, .button { display: inline-block; margin-top: 1.5rem; padding: 0.6rem 1.1rem;
  font: bold 1.1875rem/1.2 Arial, Helvetica, sans-serif; color: #fff; background: var(--blue);
  border: 2px solid transparent; border-bottom: 3px solid var(--deep); text-decoration: none;
  cursor: pointer; }
button:hover, .button:hover { background: var(--deep); }
:focus-visible { outline: 4px solid var(--focus); outline-offset: 0; box-shadow: 0 0 0 6px var(--ink); }
.error-summary { border: 4px solid var(--red); padding: 1rem 1.25rem; margin-bottom: 2rem; }
.error-summary h2 { margin: 0 0 0.5rem; }
.error-summary p { margin: 0; }
.error-summary a { color: var(--red); font-weight: bold; }
.field-error { color: var(--red); font-weight: bold; margin: 0 0 0.6rem; }
.wrong { border-left: 5px solid var(--red); padding-left: 1rem; }
.wrong input[type=password] { border-color: var(--red); }
dl { margin: 0; border-top: 1px solid #c9d1d6; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.6rem 0;
  border-bottom: 1px solid #c9d1d6; }
dt { flex: 0 0 12rem; font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
footer { background: var(--pale); border-top: 1px solid #c9d1d6; }
footer p { max-width: 60rem; margin: 0 auto; padding: 1.25rem; font-size: 1rem;
  color: var(--quiet); }
@media (prefers-reduced-motion: no-preference) { button, .button { transition: background 0.1s; } }
)css";

// A beam on its pivot: the load near it, the small weight far out.
constexpr std::string_view kIcon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
    "<rect width=\"32\" height=\"32\" rx=\"4\" fill=\"#0d3a5a\"/>"
    "<path d=\"M3 12h26M10 5v7M6 12v6M26 12v5\" stroke=\"#fff\" stroke-width=\"2\" fill=\"none\"/>"
    "<rect x=\"2\" y=\"18\" width=\"9\" height=\"9\" fill=\"#ffd23f\"/>"
    "<circle cx=\"26\" cy=\"19\" r=\"3\" fill=\"#fff\"/></svg>";

std::string Page(std::string_view title, std::string_view main, std::string_view head = "") {
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>",
      EscapeHtml(title), " – Steelyard</title>\n", Av(head),
      "<link rel=\"icon\" href=\"/steelyard.svg\">\n<link rel=\"stylesheet\" "
      "href=\"/sign-in.css\">\n"
      "</head>\n<body>\n<header><p>Steelyard<span>What councils pay, and what they get"
      "</span></p></header>\n<main>\n",
      Av(main),
      "</main>\n<footer><p>The lines that you send are read by nobody outside your council.</p>"
      "</footer>\n</body>\n</html>\n");
}

std::string Row(std::string_view name, std::string_view value) {
  if (value.empty()) return "";
  return absl::StrCat("<div><dt>", Av(name), "</dt><dd>", EscapeHtml(value), "</dd></div>\n");
}

std::string_view RoleWords(v1::Role role) {
  switch (role) {
    case v1::ROLE_SUBMITTER:
      return "Submitter: sends and reads the lines of one council";
    case v1::ROLE_READER:
      return "Reader: reads the lines of one council";
    case v1::ROLE_ANALYST:
      return "Analyst: asks benchmarks";
    case v1::ROLE_STEWARD:
      return "Steward: runs the service";
    case v1::ROLE_AUDITOR:
      return "Auditor: reads the audit and the settings";
    default:
      return "";
  }
}

std::string DayOf(const google::protobuf::Timestamp& time) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone("Europe/London", &zone);
  return absl::FormatTime("%-d %B %Y, %H:%M", absl::FromUnixSeconds(time.seconds()), zone);
}

}  // namespace

std::string SignInHtml(const SignInPage& page) {
  std::string main;
  if (!page.error.empty()) {
    absl::StrAppend(&main,
                    "<div class=\"error-summary\" role=\"alert\">\n<h2>There is a problem</h2>\n"
                    "<p><a href=\"#token\">",
                    EscapeHtml(page.error), "</a></p>\n</div>\n");
  }
  absl::StrAppend(&main, "<h1>Sign in</h1>\n");
  if (!page.elsewhere.empty()) {
    absl::StrAppend(&main, "<p><a class=\"button\" href=\"/sign-in/openid\">",
                    EscapeHtml(page.elsewhere),
                    "</a></p>\n<h2>Or sign in with an access token</h2>\n");
  }
  absl::StrAppend(&main, "<form method=\"post\" action=\"/sign-in\"",
                  page.error.empty() ? "" : " class=\"wrong\"", ">\n",
                  "<input type=\"hidden\" name=\"form\" value=\"", EscapeHtml(page.form_token),
                  "\">\n<input type=\"hidden\" name=\"next\" value=\"", EscapeHtml(page.next),
                  "\">\n<label for=\"token\">Access token</label>\n"
                  "<p class=\"hint\" id=\"token-hint\">It begins with sty_ and came from whoever "
                  "runs the service.</p>\n");
  if (!page.error.empty()) {
    absl::StrAppend(&main, "<p class=\"field-error\" id=\"token-error\">", EscapeHtml(page.error),
                    "</p>\n");
  }
  absl::StrAppend(&main,
                  "<input type=\"password\" id=\"token\" name=\"token\" required maxlength=\"200\" "
                  "autocomplete=\"current-password\" spellcheck=\"false\" autocapitalize=\"none\" "
                  "aria-describedby=\"token-hint",
                  page.error.empty() ? "" : " token-error", "\"",
                  page.error.empty() ? "" : " aria-invalid=\"true\"",
                  ">\n<button type=\"submit\">Sign in</button>\n</form>\n");
  return Page(page.error.empty() ? "Sign in" : "Error: Sign in", main);
}

std::string HomeHtml(const v1::Token& caller, std::string_view form_token) {
  return Page(
      "Signed in",
      absl::StrCat("<h1>You are signed in</h1>\n<dl>\n", Row("Token", caller.display_name()),
                   Row("Role", RoleWords(caller.role())), Row("Council", caller.council()),
                   Row("Valid until", DayOf(caller.expire_time())),
                   "</dl>\n<form method=\"post\" action=\"/sign-out\">\n"
                   "<input type=\"hidden\" name=\"form\" value=\"",
                   EscapeHtml(form_token),
                   "\">\n<button type=\"submit\">Sign out</button>\n</form>\n"));
}

std::string MessageHtml(std::string_view title, std::string_view text) {
  return Page(title, absl::StrCat("<h1>", EscapeHtml(title), "</h1>\n<p>", EscapeHtml(text),
                                  "</p>\n<p><a href=\"/\">Go to the start page</a></p>\n"));
}

std::string GoOnHtml(std::string_view path) {
  const std::string escaped = EscapeHtml(path);
  return Page(
      "Signed in",
      absl::StrCat("<h1>You are signed in</h1>\n<p><a href=\"", escaped, "\">Go on</a></p>\n"),
      absl::StrCat("<meta http-equiv=\"refresh\" content=\"0;url=", escaped, "\">\n"));
}

std::string_view PageStyle() { return kStyle; }

std::string_view PageIcon() { return kIcon; }

}  // namespace steelyard::gateway
