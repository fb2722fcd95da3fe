#ifndef STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_
#define STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_

#include <optional>
#include <string>

#include "server/directory/directory.h"
#include "server/rpc/page_token.h"
#include "server/rpc/request_key.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::registry {

// Implements RegistryService: reads the registers in memory, changes them by
// commands. Thread-safe; everything given to it must outlive it.
class RegistryServiceImpl final : public v1::RegistryService::CallbackService {
 public:
  RegistryServiceImpl(rpc::Unary& unary, ledger::Ledger& ledger, directory::Directory& directory,
                      const rpc::PageTokens& page_tokens, Clock& clock)
      : unary_(unary),
        ledger_(ledger),
        directory_(directory),
        page_tokens_(page_tokens),
        clock_(clock) {}

// One unary method of the contract.
#define STEELYARD_REGISTRY_METHOD(name, request_type, reply_type)                         \
  grpc::ServerUnaryReactor* name(grpc::CallbackServerContext* context,                    \
                                 const v1::request_type* request, v1::reply_type* reply) override
  STEELYARD_REGISTRY_METHOD(GetArea, GetAreaRequest, Area);
  STEELYARD_REGISTRY_METHOD(ListAreas, ListAreasRequest, ListAreasResponse);
  STEELYARD_REGISTRY_METHOD(GetCouncil, GetCouncilRequest, Council);
  STEELYARD_REGISTRY_METHOD(ListCouncils, ListCouncilsRequest, ListCouncilsResponse);
  STEELYARD_REGISTRY_METHOD(SearchCouncils, SearchCouncilsRequest, SearchCouncilsResponse);
  STEELYARD_REGISTRY_METHOD(GetProduct, GetProductRequest, Product);
  STEELYARD_REGISTRY_METHOD(ListProducts, ListProductsRequest, ListProductsResponse);
  STEELYARD_REGISTRY_METHOD(SearchProducts, SearchProductsRequest, SearchProductsResponse);
  STEELYARD_REGISTRY_METHOD(GetSupplier, GetSupplierRequest, Supplier);
  STEELYARD_REGISTRY_METHOD(ListSuppliers, ListSuppliersRequest, ListSuppliersResponse);
  STEELYARD_REGISTRY_METHOD(SearchSuppliers, SearchSuppliersRequest, SearchSuppliersResponse);
  STEELYARD_REGISTRY_METHOD(CreateSupplier, CreateSupplierRequest, Supplier);
  STEELYARD_REGISTRY_METHOD(ListMergeProposals, ListMergeProposalsRequest,
                            ListMergeProposalsResponse);
  STEELYARD_REGISTRY_METHOD(MergeSuppliers, MergeSuppliersRequest, Supplier);
  STEELYARD_REGISTRY_METHOD(LoadRegister, LoadRegisterRequest, LoadRegisterResponse);
#undef STEELYARD_REGISTRY_METHOD

 private:
  // Writes (registry_writes.cc).
  absl::Status DoCreateSupplier(const rpc::Caller& caller,
                                const v1::CreateSupplierRequest& request, v1::Supplier* reply);
  absl::Status DoMergeSuppliers(const rpc::Caller& caller,
                                const v1::MergeSuppliersRequest& request, v1::Supplier* reply);
  absl::Status DoLoadRegister(const rpc::Caller& caller, const v1::LoadRegisterRequest& request,
                              v1::LoadRegisterResponse* reply);
  // What an earlier use of the request's id did, or nothing.
  absl::StatusOr<std::optional<codec::RequestRecord>> Earlier(const rpc::RequestKey& key) const;
  // Runs the command under the request's id; the outcome's result is what its
  // first use kept.
  absl::StatusOr<std::string> Change(const rpc::Caller& caller,
                                     const google::protobuf::Message& request,
                                     ledger::PutRegisters put);

  absl::Status DoListMergeProposals(const v1::ListMergeProposalsRequest& request,
                                    v1::ListMergeProposalsResponse* reply);

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  directory::Directory& directory_;
  const rpc::PageTokens& page_tokens_;
  Clock& clock_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_
