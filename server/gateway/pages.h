#ifndef STEELYARD_SERVER_GATEWAY_PAGES_H_
#define STEELYARD_SERVER_GATEWAY_PAGES_H_

// The few pages of the gateway's own, until a portal takes their place. They
// are whole without scripts. Pure functions, thread-safe.

#include <string>
#include <string_view>

#include "steelyard/v1/access_service.pb.h"

namespace steelyard::gateway {

struct SignInPage {
  std::string form_token;  // comes back with the form
  std::string next;        // where to go afterwards
  std::string error;       // what went wrong before; empty at first
  std::string elsewhere;   // label of the other way to sign in; empty if none
};
std::string SignInHtml(const SignInPage& page);

// Says who is signed in, and lets them out.
std::string HomeHtml(const v1::Token& caller, std::string_view form_token);

// A page that only says something.
std::string MessageHtml(std::string_view title, std::string_view text);
// Goes on to `path`, a local one, by itself: after coming back from another
// site a redirect would not carry strict cookies.
std::string GoOnHtml(std::string_view path);

// What these pages load: /sign-in.css and /steelyard.svg.
std::string_view PageStyle();
std::string_view PageIcon();

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_PAGES_H_
