#ifndef STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_
#define STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_

// Purchases from the store to the wire. Pure, thread-safe.

#include "steelyard/v1/purchase.pb.h"
#include "storage/model/purchase.h"
#include "storage/model/registers.h"

namespace steelyard::purchases {

// What a council said, without what the server adds.
void ToProto(const model::PurchaseContent& content, const model::Registers& registers,
             v1::Purchase* out);

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_
