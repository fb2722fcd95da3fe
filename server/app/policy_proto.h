#ifndef STEELYARD_SERVER_APP_POLICY_PROTO_H_
#define STEELYARD_SERVER_APP_POLICY_PROTO_H_

#include "server/publisher/policy_preview.h"
#include "steelyard/v1/access_service.pb.h"
#include "storage/model/registers.h"

namespace steelyard::app {

// Changes that a reply holds at most; the counts are over all.
inline constexpr int kMaxPreviewChanges = 1'000;

void ToProto(const publisher::PolicyPreview& preview, const model::Registers& registers,
             v1::PolicyPreview* out);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_POLICY_PROTO_H_
