#ifndef STEELYARD_SERVER_NEGOTIATIONS_PACK_LAYOUT_H_
#define STEELYARD_SERVER_NEGOTIATIONS_PACK_LAYOUT_H_

#include <functional>
#include <string>

#include "server/negotiations/pack_document.h"
#include "steelyard/v1/negotiation_service.pb.h"

namespace steelyard::negotiations {

// The name for people of `councils/x` or `areas/x`; the id if it has none.
using NameSource = std::function<std::string(const std::string&)>;

// Lays a pack out: what is asked, what the provider says, spend, each service,
// places, how to read it, receipts. What cannot be shown is said in words.
// Pure; thread-safe if `name_of` is.
PackDocument Layout(const v1::Pack& pack, const NameSource& name_of);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_PACK_LAYOUT_H_
