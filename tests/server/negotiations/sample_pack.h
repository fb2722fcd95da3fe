#ifndef STEELYARD_TESTS_SERVER_NEGOTIATIONS_SAMPLE_PACK_H_
#define STEELYARD_TESTS_SERVER_NEGOTIATIONS_SAMPLE_PACK_H_

#include <string>

#include "steelyard/v1/negotiation_service.pb.h"

namespace steelyard::negotiations {

// A second pack with everything in it, of the size that real ones have: 20
// spending councils, eight measures, twelve quarters, nine areas. Figures are
// made up, and fit each other.
v1::Pack FullPack();

// The same as a draft that the provider has and has not replied to.
v1::Pack DraftPack();

// A first draft of which nothing can be shown.
v1::Pack EmptyPack();

// A name for people of `councils/x` or `areas/x`.
std::string SampleName(const std::string& name);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_TESTS_SERVER_NEGOTIATIONS_SAMPLE_PACK_H_
