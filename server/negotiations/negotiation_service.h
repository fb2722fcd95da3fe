#ifndef STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_SERVICE_H_
#define STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_SERVICE_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/negotiations/moves.h"
#include "server/negotiations/negotiation_store.h"
#include "server/negotiations/pack_composer.h"
#include "server/rpc/page_token.h"
#include "server/rpc/request_key.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/negotiation_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::negotiations {

// Implements NegotiationService. Thread-safe; everything given to it must
// outlive it.
class NegotiationServiceImpl final : public v1::NegotiationService::CallbackService {
 public:
  NegotiationServiceImpl(rpc::Unary& unary, ledger::Ledger& ledger,
                         const rpc::PageTokens& page_tokens, Clock& clock, PackSources sources)
      : unary_(unary),
        ledger_(ledger),
        page_tokens_(page_tokens),
        clock_(clock),
        store_(ledger),
        composer_(std::move(sources)) {}

  grpc::ServerUnaryReactor* CreateNegotiation(grpc::CallbackServerContext* context,
                                              const v1::CreateNegotiationRequest* request,
                                              v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* JoinNegotiation(grpc::CallbackServerContext* context,
                                            const v1::JoinNegotiationRequest* request,
                                            v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* WithdrawConsent(grpc::CallbackServerContext* context,
                                            const v1::WithdrawConsentRequest* request,
                                            v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* ProposePosition(grpc::CallbackServerContext* context,
                                            const v1::ProposePositionRequest* request,
                                            v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* EndorsePosition(grpc::CallbackServerContext* context,
                                            const v1::EndorsePositionRequest* request,
                                            v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* SendForReply(grpc::CallbackServerContext* context,
                                         const v1::SendForReplyRequest* request,
                                         v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* RecordReply(grpc::CallbackServerContext* context,
                                        const v1::RecordReplyRequest* request,
                                        v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* ReleasePack(grpc::CallbackServerContext* context,
                                        const v1::ReleasePackRequest* request,
                                        v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* CloseNegotiation(grpc::CallbackServerContext* context,
                                             const v1::CloseNegotiationRequest* request,
                                             v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* GetNegotiation(grpc::CallbackServerContext* context,
                                           const v1::GetNegotiationRequest* request,
                                           v1::Negotiation* reply) override;
  grpc::ServerUnaryReactor* ListNegotiations(grpc::CallbackServerContext* context,
                                             const v1::ListNegotiationsRequest* request,
                                             v1::ListNegotiationsResponse* reply) override;
  grpc::ServerUnaryReactor* GetPack(grpc::CallbackServerContext* context,
                                    const v1::GetPackRequest* request, v1::Pack* reply) override;
  grpc::ServerUnaryReactor* ExportPack(grpc::CallbackServerContext* context,
                                       const v1::ExportPackRequest* request,
                                       v1::ExportPackResponse* reply) override;

 private:
  // Writes (negotiation_writes.cc).
  absl::Status DoCreateNegotiation(const rpc::Caller& caller,
                                   const v1::CreateNegotiationRequest& request,
                                   v1::Negotiation* reply);
  absl::Status DoJoinNegotiation(const rpc::Caller& caller,
                                 const v1::JoinNegotiationRequest& request, v1::Negotiation* reply);
  absl::Status DoWithdrawConsent(const rpc::Caller& caller,
                                 const v1::WithdrawConsentRequest& request, v1::Negotiation* reply);
  absl::Status DoProposePosition(const rpc::Caller& caller,
                                 const v1::ProposePositionRequest& request, v1::Negotiation* reply);
  absl::Status DoEndorsePosition(const rpc::Caller& caller,
                                 const v1::EndorsePositionRequest& request, v1::Negotiation* reply);
  absl::Status DoSendForReply(const rpc::Caller& caller, const v1::SendForReplyRequest& request,
                              v1::Negotiation* reply);
  absl::Status DoRecordReply(const rpc::Caller& caller, const v1::RecordReplyRequest& request,
                             v1::Negotiation* reply);
  absl::Status DoReleasePack(const rpc::Caller& caller, const v1::ReleasePackRequest& request,
                             v1::Negotiation* reply);
  absl::Status DoCloseNegotiation(const rpc::Caller& caller,
                                  const v1::CloseNegotiationRequest& request,
                                  v1::Negotiation* reply);

  // Reads (negotiation_reads.cc).
  absl::Status DoGetNegotiation(const rpc::Caller& caller, const v1::GetNegotiationRequest& request,
                                v1::Negotiation* reply);
  absl::Status DoListNegotiations(const rpc::Caller& caller,
                                  const v1::ListNegotiationsRequest& request,
                                  v1::ListNegotiationsResponse* reply);
  absl::Status DoGetPack(const rpc::Caller& caller, const v1::GetPackRequest& request,
                         v1::Pack* reply);
  absl::Status DoExportPack(const rpc::Caller& caller, const v1::ExportPackRequest& request,
                            v1::ExportPackResponse* reply);

  // What a request wants of a negotiation as it is, seen at `now`.
  using Step = std::function<Moved(const Stored& stored, model::CouncilNo council, int64_t now)>;
  // The version to be written next: of no negotiation yet, or of the one read.
  using Next = std::function<absl::StatusOr<ledger::PutDocument>(int64_t now)>;

  // Takes a step once, however often it is sent, and looks at the negotiation
  // anew if it changed meanwhile. `Request` has name, council and etag.
  template <typename Request>
  absl::Status Take(const rpc::Caller& caller, const Request& request, std::string_view action,
                    const Step& step, v1::Negotiation* reply);
  // Writes what `next` makes, or finds that it was written before.
  absl::Status Write(const rpc::Caller& caller, model::CouncilNo council,
                     const rpc::RequestKey& key, const Next& next, v1::Negotiation* reply);
  absl::StatusOr<model::CouncilNo> FindCouncil(std::string_view name, std::string_view field) const;

  // NOT_FOUND if there is none.
  absl::StatusOr<Stored> Find(std::string_view name) const;
  // A pack or draft that a version keeps. DATA_LOSS if it is not what it was.
  absl::StatusOr<v1::Pack> ReadKept(std::string_view id, uint32_t revision,
                                    std::string_view content_sha256) const;
  // A pack that was released, as it was. NOT_FOUND if there is no such number.
  absl::StatusOr<v1::Pack> ReadPack(const Stored& stored, int32_t number) const;
  // The pack that was released last; nothing before the first.
  absl::StatusOr<std::optional<v1::Pack>> LastPack(const Stored& stored) const;
  // The pack that a caller may see: released, or the draft. `file` leaves out
  // what only members may see.
  absl::StatusOr<v1::Pack> PackFor(const rpc::Caller& caller, std::string_view name, int32_t number,
                                   bool file) const;
  // With number 0 the draft; the one that the provider has is dated as it was
  // sent, so that it is the same as long as nothing in it changes.
  absl::StatusOr<ComposedPack> ComposeNow(const Stored& stored, int32_t number, int64_t now,
                                          std::optional<rpc::Caller> member) const;

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  const rpc::PageTokens& page_tokens_;
  Clock& clock_;
  const NegotiationStore store_;
  const PackComposer composer_;
};

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_SERVICE_H_
