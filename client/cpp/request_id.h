#ifndef STEELYARD_CLIENT_CPP_REQUEST_ID_H_
#define STEELYARD_CLIENT_CPP_REQUEST_ID_H_

#include <string>

namespace steelyard::client {

// A new random UUID of version 4 in lower case: one for each thing to be done,
// the same for each repeat of it. Thread-safe.
std::string RequestId();

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_REQUEST_ID_H_
