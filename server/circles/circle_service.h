#ifndef STEELYARD_SERVER_CIRCLES_CIRCLE_SERVICE_H_
#define STEELYARD_SERVER_CIRCLES_CIRCLE_SERVICE_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/circles/circle_figures.h"
#include "server/circles/circle_steps.h"
#include "server/circles/circle_store.h"
#include "server/circles/exposures.h"
#include "server/rpc/page_token.h"
#include "server/rpc/request_key.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/circle_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/audit.h"
#include "storage/ledger/ledger.h"

namespace steelyard::circles {

// What circles need of others. Called from any thread.
struct CircleSources {
  RowSources rows;
  NegotiatedExposures negotiated;
  // The caller is about to be shown `resource` by `action`. RESOURCE_EXHAUSTED
  // if that cannot be put on record: then it must not be shown.
  std::function<absl::Status(const rpc::Caller& caller, std::string_view action,
                             std::string_view resource)>
      looked;
  // Waits until the looks so far are on disk: whoever sees another council's
  // figures by name has been seen to.
  std::function<void()> write_looks;
};

// Implements CircleService. Thread-safe; everything given to it must outlive
// it.
class CircleServiceImpl final : public v1::CircleService::CallbackService {
 public:
  CircleServiceImpl(rpc::Unary& unary, ledger::Ledger& ledger, const rpc::PageTokens& page_tokens,
                    Clock& clock, CircleSources sources)
      : unary_(unary),
        ledger_(ledger),
        page_tokens_(page_tokens),
        clock_(clock),
        sources_(std::move(sources)),
        store_(ledger),
        audit_(ledger.database()) {}

  grpc::ServerUnaryReactor* CreateCircle(grpc::CallbackServerContext* context,
                                         const v1::CreateCircleRequest* request,
                                         v1::Circle* reply) override;
  grpc::ServerUnaryReactor* GetCircle(grpc::CallbackServerContext* context,
                                      const v1::GetCircleRequest* request,
                                      v1::Circle* reply) override;
  grpc::ServerUnaryReactor* ListCircles(grpc::CallbackServerContext* context,
                                        const v1::ListCirclesRequest* request,
                                        v1::ListCirclesResponse* reply) override;
  grpc::ServerUnaryReactor* JoinCircle(grpc::CallbackServerContext* context,
                                       const v1::JoinCircleRequest* request,
                                       v1::Circle* reply) override;
  grpc::ServerUnaryReactor* WithdrawCircleConsent(grpc::CallbackServerContext* context,
                                                  const v1::WithdrawCircleConsentRequest* request,
                                                  v1::Circle* reply) override;
  grpc::ServerUnaryReactor* CloseCircle(grpc::CallbackServerContext* context,
                                        const v1::CloseCircleRequest* request,
                                        v1::Circle* reply) override;
  grpc::ServerUnaryReactor* ListCircleFigures(grpc::CallbackServerContext* context,
                                              const v1::ListCircleFiguresRequest* request,
                                              v1::ListCircleFiguresResponse* reply) override;
  grpc::ServerUnaryReactor* ListExposures(grpc::CallbackServerContext* context,
                                          const v1::ListExposuresRequest* request,
                                          v1::ListExposuresResponse* reply) override;
  grpc::ServerUnaryReactor* ListLooks(grpc::CallbackServerContext* context,
                                      const v1::ListLooksRequest* request,
                                      v1::ListLooksResponse* reply) override;

 private:
  // Writes (circle_writes.cc).
  absl::Status DoCreateCircle(const rpc::Caller& caller, const v1::CreateCircleRequest& request,
                              v1::Circle* reply);
  absl::Status DoJoinCircle(const rpc::Caller& caller, const v1::JoinCircleRequest& request,
                            v1::Circle* reply);
  absl::Status DoWithdrawCircleConsent(const rpc::Caller& caller,
                                       const v1::WithdrawCircleConsentRequest& request,
                                       v1::Circle* reply);
  absl::Status DoCloseCircle(const rpc::Caller& caller, const v1::CloseCircleRequest& request,
                             v1::Circle* reply);

  // Reads (circle_reads.cc).
  absl::Status DoGetCircle(const rpc::Caller& caller, const v1::GetCircleRequest& request,
                           v1::Circle* reply);
  absl::Status DoListCircles(const rpc::Caller& caller, const v1::ListCirclesRequest& request,
                             v1::ListCirclesResponse* reply);
  absl::Status DoListCircleFigures(const rpc::Caller& caller,
                                   const v1::ListCircleFiguresRequest& request,
                                   v1::ListCircleFiguresResponse* reply);
  absl::Status DoListExposures(const rpc::Caller& caller, const v1::ListExposuresRequest& request,
                               v1::ListExposuresResponse* reply);
  absl::Status DoListLooks(const rpc::Caller& caller, const v1::ListLooksRequest& request,
                           v1::ListLooksResponse* reply);

  // What a request wants of a circle as it is, seen at `now`.
  using Step =
      std::function<Stepped(const model::Circle& circle, model::CouncilNo council, int64_t now)>;
  // The version to be written next: of no circle yet, or of the one read.
  using Next = std::function<absl::StatusOr<ledger::PutDocument>(int64_t now)>;

  // Takes a step once, however often it is sent, and looks at the circle anew
  // if it changed meanwhile. `Request` has name, council and request_id.
  template <typename Request>
  absl::Status Take(const rpc::Caller& caller, const Request& request, std::string_view etag,
                    std::string_view action, const Step& step, v1::Circle* reply);
  // Writes what `next` makes, or finds that it was written before.
  absl::Status Write(const rpc::Caller& caller, model::CouncilNo council,
                     const rpc::RequestKey& key, const Next& next, v1::Circle* reply);

  // NOT_FOUND if there is none.
  absl::StatusOr<model::CouncilNo> FindCouncil(std::string_view name, std::string_view field) const;
  absl::StatusOr<Stored> Find(std::string_view name, std::string_view field = "name") const;
  // Puts on record that the caller is about to be shown figures of `councils`.
  absl::Status RecordLooks(const rpc::Caller& caller, const model::Circle& circle,
                           const std::vector<model::CouncilNo>& councils,
                           const model::Registers& registers) const;
  int64_t Now() const;

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  const rpc::PageTokens& page_tokens_;
  Clock& clock_;
  const CircleSources sources_;
  const CircleStore store_;
  const ledger::AuditReader audit_;
};

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_CIRCLE_SERVICE_H_
