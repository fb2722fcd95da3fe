#include "server/registry/registry_service.h"

#include <functional>

// Binds one method of the contract to the member function that does it. A
// single entry is found in memory at once; all else waits for its turn.
#define STEELYARD_UNARY_BY(method, request_type, reply_type, how, ...)                        \
  grpc::ServerUnaryReactor* RegistryServiceImpl::method(grpc::CallbackServerContext* context, \
                                                        const v1::request_type* request,      \
                                                        v1::reply_type* reply) {              \
    return unary_.Handle(                                                                     \
        context, request, reply,                                                              \
        {.name = "/steelyard.v1.RegistryService/" #method, .run = rpc::Method::Run::how},     \
        std::bind_front(__VA_ARGS__));                                                        \
  }
#define STEELYARD_UNARY(method, request_type, reply_type, how) \
  STEELYARD_UNARY_BY(method, request_type, reply_type, how, &RegistryServiceImpl::Do##method, this)
#define STEELYARD_PROVIDER(method, request_type, reply_type, how) \
  STEELYARD_UNARY_BY(method, request_type, reply_type, how, &ProviderMethods::method, &providers_)

namespace steelyard::registry {

STEELYARD_UNARY(GetArea, GetAreaRequest, Area, kInline)
STEELYARD_UNARY(ListAreas, ListAreasRequest, ListAreasResponse, kQueued)
STEELYARD_UNARY(GetCouncil, GetCouncilRequest, Council, kInline)
STEELYARD_UNARY(ListCouncils, ListCouncilsRequest, ListCouncilsResponse, kQueued)
STEELYARD_UNARY(SearchCouncils, SearchCouncilsRequest, SearchCouncilsResponse, kQueued)
STEELYARD_UNARY(GetProduct, GetProductRequest, Product, kInline)
STEELYARD_UNARY(ListProducts, ListProductsRequest, ListProductsResponse, kQueued)
STEELYARD_UNARY(SearchProducts, SearchProductsRequest, SearchProductsResponse, kQueued)
STEELYARD_UNARY(GetSupplier, GetSupplierRequest, Supplier, kInline)
STEELYARD_UNARY(ListSuppliers, ListSuppliersRequest, ListSuppliersResponse, kQueued)
STEELYARD_UNARY(SearchSuppliers, SearchSuppliersRequest, SearchSuppliersResponse, kQueued)
STEELYARD_UNARY(CreateSupplier, CreateSupplierRequest, Supplier, kQueued)
STEELYARD_UNARY(ListMergeProposals, ListMergeProposalsRequest, ListMergeProposalsResponse, kQueued)
STEELYARD_UNARY(MergeSuppliers, MergeSuppliersRequest, Supplier, kQueued)
STEELYARD_UNARY(LoadRegister, LoadRegisterRequest, LoadRegisterResponse, kQueued)

STEELYARD_PROVIDER(GetProvider, GetProviderRequest, Provider, kInline)
STEELYARD_PROVIDER(ListProviders, ListProvidersRequest, ListProvidersResponse, kQueued)
STEELYARD_PROVIDER(SearchProviders, SearchProvidersRequest, SearchProvidersResponse, kQueued)
STEELYARD_PROVIDER(CreateProvider, CreateProviderRequest, Provider, kQueued)
STEELYARD_PROVIDER(UpdateProvider, UpdateProviderRequest, Provider, kQueued)
STEELYARD_PROVIDER(GetEstablishment, GetEstablishmentRequest, Establishment, kInline)
STEELYARD_PROVIDER(ListEstablishments, ListEstablishmentsRequest, ListEstablishmentsResponse,
                   kQueued)
STEELYARD_PROVIDER(ListMeasures, ListMeasuresRequest, ListMeasuresResponse, kInline)
STEELYARD_PROVIDER(ListCodes, ListCodesRequest, ListCodesResponse, kInline)

// What is missing in a row is told with the row's other problems.
grpc::ServerUnaryReactor* RegistryServiceImpl::ImportEstablishments(
    grpc::CallbackServerContext* context, const v1::ImportEstablishmentsRequest* request,
    v1::ImportEstablishmentsResponse* reply) {
  return unary_.Handle(context, request, reply,
                       {.name = "/steelyard.v1.RegistryService/ImportEstablishments",
                        .fields = rpc::Fields::kTopLevel},
                       std::bind_front(&ProviderMethods::ImportEstablishments, &providers_));
}

}  // namespace steelyard::registry
