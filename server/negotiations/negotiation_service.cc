#include "server/negotiations/negotiation_service.h"

#include <functional>

// Binds one method of the contract to the member function that does it.
#define STEELYARD_UNARY(method, request_type, reply_type)                                        \
  grpc::ServerUnaryReactor* NegotiationServiceImpl::method(grpc::CallbackServerContext* context, \
                                                           const v1::request_type* request,      \
                                                           v1::reply_type* reply) {              \
    return unary_.Handle(context, request, reply,                                                \
                         {.name = "/steelyard.v1.NegotiationService/" #method},                  \
                         std::bind_front(&NegotiationServiceImpl::Do##method, this));            \
  }

namespace steelyard::negotiations {

STEELYARD_UNARY(CreateNegotiation, CreateNegotiationRequest, Negotiation)
STEELYARD_UNARY(JoinNegotiation, JoinNegotiationRequest, Negotiation)
STEELYARD_UNARY(WithdrawConsent, WithdrawConsentRequest, Negotiation)
STEELYARD_UNARY(ProposePosition, ProposePositionRequest, Negotiation)
STEELYARD_UNARY(EndorsePosition, EndorsePositionRequest, Negotiation)
STEELYARD_UNARY(SendForReply, SendForReplyRequest, Negotiation)
STEELYARD_UNARY(RecordReply, RecordReplyRequest, Negotiation)
STEELYARD_UNARY(ReleasePack, ReleasePackRequest, Negotiation)
STEELYARD_UNARY(CloseNegotiation, CloseNegotiationRequest, Negotiation)
STEELYARD_UNARY(GetNegotiation, GetNegotiationRequest, Negotiation)
STEELYARD_UNARY(ListNegotiations, ListNegotiationsRequest, ListNegotiationsResponse)
STEELYARD_UNARY(GetPack, GetPackRequest, Pack)
STEELYARD_UNARY(ExportPack, ExportPackRequest, ExportPackResponse)

}  // namespace steelyard::negotiations
