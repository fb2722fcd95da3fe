#ifndef STEELYARD_SERVER_SPEND_SPEND_PROTO_H_
#define STEELYARD_SERVER_SPEND_SPEND_PROTO_H_

// Spend on the wire. Pure functions, thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/rpc/errors.h"
#include "server/spend/payment_check.h"
#include "server/spend/ranking.h"
#include "server/spend/snapshot.h"
#include "steelyard/v1/spend_service.pb.h"

namespace steelyard::spend {

// Version of how spend is matched, summed and ranked; docs/spend.md.
inline constexpr std::string_view kMethodVersion = "spend-1";

// Most bytes of names and problems in a reply, so that any client takes it.
inline constexpr size_t kMaxReplyBytes = size_t{3} << 20;

// The quarters from `from_quarter` to `to_quarter` as months, both ends whole.
// Adds what is wrong with them.
model::Period QuartersOf(const v1::Quarter& from, const v1::Quarter& to,
                         std::vector<rpc::FieldViolation>& violations);

// `providers/{id}`, or empty for 0.
std::string ProviderNameOf(model::ProviderNo provider, const model::Registers& registers);
std::string CouncilNameOf(model::CouncilNo council, const model::Registers& registers);

void ToProto(const model::PaymentSource& source, const model::Registers& registers,
             v1::PaymentSource* out);
void ToProto(const Spender& spender, const model::Registers& registers, v1::TopSpender* out);
void ToProto(const Proposal& proposal, const model::Registers& registers, v1::NameProposal* out);
void ToProto(const model::NameDecision& decision, v1::NameDecision* out);

// Counts, names and problems of the reply to an import; `unchanged` is left.
// Names and problems that would make it larger than kMaxReplyBytes are left
// out, and a last problem (PROBLEMS_LEFT_OUT) says how many they are.
void ToProto(const CheckedPayments& checked, const std::vector<model::Problem>& warnings,
             const Snapshot& snapshot, v1::ImportPaymentsResponse* out);

// A receipt whose hash is over `bytes`.
void FillReceipt(std::string_view bytes, v1::Receipt* out);

// Gives `reply`, complete but for it, its receipt: over question and answer.
template <typename Request, typename Reply>
void AddReceipt(const Request& request, Reply* reply) {
  std::string bytes = request.SerializeAsString();
  reply->AppendToString(&bytes);
  FillReceipt(bytes, reply->mutable_receipt());
}

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_SPEND_PROTO_H_
