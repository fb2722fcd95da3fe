#include "server/circles/circle_service.h"

#include <functional>

#include "absl/time/time.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

// Binds one method of the contract to the member function that does it.
#define STEELYARD_UNARY(method, request_type, reply_type)                                   \
  grpc::ServerUnaryReactor* CircleServiceImpl::method(grpc::CallbackServerContext* context, \
                                                      const v1::request_type* request,      \
                                                      v1::reply_type* reply) {              \
    return unary_.Handle(context, request, reply,                                           \
                         {.name = "/steelyard.v1.CircleService/" #method},                  \
                         std::bind_front(&CircleServiceImpl::Do##method, this));            \
  }

namespace steelyard::circles {

STEELYARD_UNARY(CreateCircle, CreateCircleRequest, Circle)
STEELYARD_UNARY(GetCircle, GetCircleRequest, Circle)
STEELYARD_UNARY(ListCircles, ListCirclesRequest, ListCirclesResponse)
STEELYARD_UNARY(JoinCircle, JoinCircleRequest, Circle)
STEELYARD_UNARY(WithdrawCircleConsent, WithdrawCircleConsentRequest, Circle)
STEELYARD_UNARY(CloseCircle, CloseCircleRequest, Circle)
STEELYARD_UNARY(ListCircleFigures, ListCircleFiguresRequest, ListCircleFiguresResponse)
STEELYARD_UNARY(ListExposures, ListExposuresRequest, ListExposuresResponse)
STEELYARD_UNARY(ListLooks, ListLooksRequest, ListLooksResponse)

int64_t CircleServiceImpl::Now() const { return absl::ToUnixMicros(clock_.Now()); }

absl::StatusOr<model::CouncilNo> CircleServiceImpl::FindCouncil(std::string_view name,
                                                                std::string_view field) const {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseCouncil(name, field));
  const auto registers = ledger_.state()->registers;
  const model::Council* council = registers->FindCouncil(id);
  if (council == nullptr) return rpc::error::NotFound(name);
  return council->no;
}

absl::StatusOr<Stored> CircleServiceImpl::Find(std::string_view name,
                                               std::string_view field) const {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseCircle(name, field));
  ASSIGN_OR_RETURN(std::optional<Stored> stored, store_.Get(id));
  if (!stored) return rpc::error::NotFound(name);
  return *std::move(stored);
}

}  // namespace steelyard::circles
