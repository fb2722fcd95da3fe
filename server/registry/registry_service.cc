#include "server/registry/registry_service.h"

#include <functional>

// Binds one method of the contract to the member function that does it. A
// single entry is found in memory at once; all else waits for its turn.
#define STEELYARD_UNARY(method, request_type, reply_type, how)                                \
  grpc::ServerUnaryReactor* RegistryServiceImpl::method(grpc::CallbackServerContext* context, \
                                                        const v1::request_type* request,      \
                                                        v1::reply_type* reply) {              \
    return unary_.Handle(                                                                     \
        context, request, reply,                                                              \
        {.name = "/steelyard.v1.RegistryService/" #method, .run = rpc::Method::Run::how},     \
        std::bind_front(&RegistryServiceImpl::Do##method, this));                             \
  }

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

}  // namespace steelyard::registry
