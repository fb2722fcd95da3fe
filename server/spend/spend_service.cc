#include "server/spend/spend_service.h"

#include <functional>

namespace steelyard::spend {

#define STEELYARD_SPEND_METHOD(Name, Reply, fields)                                               \
  grpc::ServerUnaryReactor* SpendServiceImpl::Name(                                               \
      grpc::CallbackServerContext* context, const v1::Name##Request* request, v1::Reply* reply) { \
    return unary_.Handle(                                                                         \
        context, request, reply,                                                                  \
        {"/steelyard.v1.SpendService/" #Name, rpc::Fields::fields, rpc::Method::Run::kQueued},    \
        std::bind_front(&SpendServiceImpl::Do##Name, this));                                      \
  }

// What is wrong with a payment is told row by row.
STEELYARD_SPEND_METHOD(ImportPayments, ImportPaymentsResponse, kTopLevel)
STEELYARD_SPEND_METHOD(ListPaymentSources, ListPaymentSourcesResponse, kAll)
STEELYARD_SPEND_METHOD(ListSpend, ListSpendResponse, kAll)
STEELYARD_SPEND_METHOD(ListTopSpendingCouncils, ListTopSpendingCouncilsResponse, kAll)
STEELYARD_SPEND_METHOD(ListNameProposals, ListNameProposalsResponse, kAll)
STEELYARD_SPEND_METHOD(DecideName, NameDecision, kAll)
STEELYARD_SPEND_METHOD(ListNameDecisions, ListNameDecisionsResponse, kAll)

#undef STEELYARD_SPEND_METHOD

}  // namespace steelyard::spend
