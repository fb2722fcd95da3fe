#ifndef STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_
#define STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/directory/directory.h"
#include "server/registry/provider_methods.h"
#include "server/registry/register_writer.h"
#include "server/rpc/page_token.h"
#include "server/rpc/request_key.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::registry {

// Implements RegistryService. Thread-safe; everything given to it must outlive
// it.
class RegistryServiceImpl final : public v1::RegistryService::CallbackService {
 public:
  RegistryServiceImpl(rpc::Unary& unary, ledger::Ledger& ledger, directory::Directory& directory,
                      const rpc::PageTokens& page_tokens, Clock& clock)
      : unary_(unary),
        ledger_(ledger),
        directory_(directory),
        page_tokens_(page_tokens),
        clock_(clock),
        writer_(ledger, directory, clock),
        providers_(ledger, directory, page_tokens, writer_, clock) {}

  grpc::ServerUnaryReactor* GetArea(grpc::CallbackServerContext* context,
                                    const v1::GetAreaRequest* request, v1::Area* reply) override;
  grpc::ServerUnaryReactor* ListAreas(grpc::CallbackServerContext* context,
                                      const v1::ListAreasRequest* request,
                                      v1::ListAreasResponse* reply) override;
  grpc::ServerUnaryReactor* GetCouncil(grpc::CallbackServerContext* context,
                                       const v1::GetCouncilRequest* request,
                                       v1::Council* reply) override;
  grpc::ServerUnaryReactor* ListCouncils(grpc::CallbackServerContext* context,
                                         const v1::ListCouncilsRequest* request,
                                         v1::ListCouncilsResponse* reply) override;
  grpc::ServerUnaryReactor* SearchCouncils(grpc::CallbackServerContext* context,
                                           const v1::SearchCouncilsRequest* request,
                                           v1::SearchCouncilsResponse* reply) override;
  grpc::ServerUnaryReactor* GetProduct(grpc::CallbackServerContext* context,
                                       const v1::GetProductRequest* request,
                                       v1::Product* reply) override;
  grpc::ServerUnaryReactor* ListProducts(grpc::CallbackServerContext* context,
                                         const v1::ListProductsRequest* request,
                                         v1::ListProductsResponse* reply) override;
  grpc::ServerUnaryReactor* SearchProducts(grpc::CallbackServerContext* context,
                                           const v1::SearchProductsRequest* request,
                                           v1::SearchProductsResponse* reply) override;
  grpc::ServerUnaryReactor* GetSupplier(grpc::CallbackServerContext* context,
                                        const v1::GetSupplierRequest* request,
                                        v1::Supplier* reply) override;
  grpc::ServerUnaryReactor* ListSuppliers(grpc::CallbackServerContext* context,
                                          const v1::ListSuppliersRequest* request,
                                          v1::ListSuppliersResponse* reply) override;
  grpc::ServerUnaryReactor* SearchSuppliers(grpc::CallbackServerContext* context,
                                            const v1::SearchSuppliersRequest* request,
                                            v1::SearchSuppliersResponse* reply) override;
  grpc::ServerUnaryReactor* CreateSupplier(grpc::CallbackServerContext* context,
                                           const v1::CreateSupplierRequest* request,
                                           v1::Supplier* reply) override;
  grpc::ServerUnaryReactor* ListMergeProposals(grpc::CallbackServerContext* context,
                                               const v1::ListMergeProposalsRequest* request,
                                               v1::ListMergeProposalsResponse* reply) override;
  grpc::ServerUnaryReactor* MergeSuppliers(grpc::CallbackServerContext* context,
                                           const v1::MergeSuppliersRequest* request,
                                           v1::Supplier* reply) override;
  grpc::ServerUnaryReactor* LoadRegister(grpc::CallbackServerContext* context,
                                         const v1::LoadRegisterRequest* request,
                                         v1::LoadRegisterResponse* reply) override;
  grpc::ServerUnaryReactor* GetProvider(grpc::CallbackServerContext* context,
                                        const v1::GetProviderRequest* request,
                                        v1::Provider* reply) override;
  grpc::ServerUnaryReactor* ListProviders(grpc::CallbackServerContext* context,
                                          const v1::ListProvidersRequest* request,
                                          v1::ListProvidersResponse* reply) override;
  grpc::ServerUnaryReactor* SearchProviders(grpc::CallbackServerContext* context,
                                            const v1::SearchProvidersRequest* request,
                                            v1::SearchProvidersResponse* reply) override;
  grpc::ServerUnaryReactor* CreateProvider(grpc::CallbackServerContext* context,
                                           const v1::CreateProviderRequest* request,
                                           v1::Provider* reply) override;
  grpc::ServerUnaryReactor* UpdateProvider(grpc::CallbackServerContext* context,
                                           const v1::UpdateProviderRequest* request,
                                           v1::Provider* reply) override;
  grpc::ServerUnaryReactor* GetEstablishment(grpc::CallbackServerContext* context,
                                             const v1::GetEstablishmentRequest* request,
                                             v1::Establishment* reply) override;
  grpc::ServerUnaryReactor* ListEstablishments(grpc::CallbackServerContext* context,
                                               const v1::ListEstablishmentsRequest* request,
                                               v1::ListEstablishmentsResponse* reply) override;
  grpc::ServerUnaryReactor* ImportEstablishments(grpc::CallbackServerContext* context,
                                                 const v1::ImportEstablishmentsRequest* request,
                                                 v1::ImportEstablishmentsResponse* reply) override;
  grpc::ServerUnaryReactor* ListMeasures(grpc::CallbackServerContext* context,
                                         const v1::ListMeasuresRequest* request,
                                         v1::ListMeasuresResponse* reply) override;
  grpc::ServerUnaryReactor* ListCodes(grpc::CallbackServerContext* context,
                                      const v1::ListCodesRequest* request,
                                      v1::ListCodesResponse* reply) override;

 private:
  // Reads (registry_reads.cc).
  absl::Status DoGetArea(const rpc::Caller& caller, const v1::GetAreaRequest& request,
                         v1::Area* reply);
  absl::Status DoListAreas(const rpc::Caller& caller, const v1::ListAreasRequest& request,
                           v1::ListAreasResponse* reply);
  absl::Status DoGetCouncil(const rpc::Caller& caller, const v1::GetCouncilRequest& request,
                            v1::Council* reply);
  absl::Status DoListCouncils(const rpc::Caller& caller, const v1::ListCouncilsRequest& request,
                              v1::ListCouncilsResponse* reply);
  absl::Status DoSearchCouncils(const rpc::Caller& caller, const v1::SearchCouncilsRequest& request,
                                v1::SearchCouncilsResponse* reply);
  absl::Status DoGetProduct(const rpc::Caller& caller, const v1::GetProductRequest& request,
                            v1::Product* reply);
  absl::Status DoListProducts(const rpc::Caller& caller, const v1::ListProductsRequest& request,
                              v1::ListProductsResponse* reply);
  absl::Status DoSearchProducts(const rpc::Caller& caller, const v1::SearchProductsRequest& request,
                                v1::SearchProductsResponse* reply);
  absl::Status DoGetSupplier(const rpc::Caller& caller, const v1::GetSupplierRequest& request,
                             v1::Supplier* reply);
  absl::Status DoListSuppliers(const rpc::Caller& caller, const v1::ListSuppliersRequest& request,
                               v1::ListSuppliersResponse* reply);
  absl::Status DoSearchSuppliers(const rpc::Caller& caller,
                                 const v1::SearchSuppliersRequest& request,
                                 v1::SearchSuppliersResponse* reply);
  absl::Status DoListMergeProposals(const rpc::Caller& caller,
                                    const v1::ListMergeProposalsRequest& request,
                                    v1::ListMergeProposalsResponse* reply);

  // Writes (registry_writes.cc).
  absl::Status DoCreateSupplier(const rpc::Caller& caller, const v1::CreateSupplierRequest& request,
                                v1::Supplier* reply);
  absl::Status DoMergeSuppliers(const rpc::Caller& caller, const v1::MergeSuppliersRequest& request,
                                v1::Supplier* reply);
  absl::Status DoLoadRegister(const rpc::Caller& caller, const v1::LoadRegisterRequest& request,
                              v1::LoadRegisterResponse* reply);

  // The registered supplier with this id.
  absl::Status Show(const std::string& id, v1::Supplier* reply) const;

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  directory::Directory& directory_;
  const rpc::PageTokens& page_tokens_;
  Clock& clock_;
  RegisterWriter writer_;
  ProviderMethods providers_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTRY_SERVICE_H_
