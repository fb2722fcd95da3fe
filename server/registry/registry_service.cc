#include "server/registry/registry_service.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/registry/registry_proto.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;

constexpr int32_t kDefaultResults = 10;
constexpr int32_t kMaxResults = 50;
constexpr size_t kMaxQueryBytes = 200;


// One entry by its resource name.
template <typename Reply, typename Parse, typename Find>
absl::Status GetEntry(const std::string& name, const model::Registers& registers, Parse parse,
                      Find find, Reply* reply) {
  ASSIGN_OR_RETURN(std::string id, parse(name, "name"));
  const auto* entry = find(id);
  if (entry == nullptr) return error::NotFound(name);
  ToProto(*entry, registers, reply);
  return absl::OkStatus();
}

// A page of those entries that `keep` wants, in the order of their ids.
template <typename Entry, typename Request, typename Reply, typename Add>
absl::Status ListEntries(const rpc::PageTokens& tokens, const Request& request,
                         const model::Registers& registers, const std::vector<Entry>& entries,
                         const std::function<bool(const Entry&)>& keep, Reply* reply, Add add) {
  ASSIGN_OR_RETURN(rpc::Page page, tokens.Open(request));
  std::vector<const Entry*> rest;
  for (const Entry& e : entries) {
    if (e.id > page.after && keep(e)) rest.push_back(&e);
  }
  const size_t size = std::min(rest.size(), static_cast<size_t>(page.size));
  std::partial_sort(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size), rest.end(),
                    [](const Entry* a, const Entry* b) { return a->id < b->id; });
  for (size_t i = 0; i < size; ++i) ToProto(*rest[i], registers, add(reply));
  if (rest.size() > size) reply->set_next_page_token(tokens.Token(page, rest[size - 1]->id));
  return absl::OkStatus();
}

absl::StatusOr<size_t> CheckSearch(const std::string& query, int32_t page_size) {
  if (query.size() > kMaxQueryBytes) {
    return error::InvalidField("query", "give 1 to 200 characters");
  }
  ASSIGN_OR_RETURN(int32_t size, rpc::PageSize(page_size, kDefaultResults, kMaxResults));
  return static_cast<size_t>(size);
}

}  // namespace

#define STEELYARD_GET(name, request_type, reply_type, parse, find)                           \
  grpc::ServerUnaryReactor* RegistryServiceImpl::name(grpc::CallbackServerContext* context,  \
                                                      const v1::request_type* request,       \
                                                      v1::reply_type* reply) {               \
    return unary_.Handle(                                                                    \
        context, request, reply, {"/steelyard.v1.RegistryService/" #name},                   \
        [this](const rpc::Caller&, const v1::request_type& q, v1::reply_type* r) {           \
          const auto registers = ledger_.state()->registers;                                 \
          return GetEntry(q.name(), *registers, rpc::parse,                                  \
                          [&](const std::string& id) { return registers->find(id); }, r);    \
        });                                                                                  \
  }

STEELYARD_GET(GetArea, GetAreaRequest, Area, ParseArea, FindArea)
STEELYARD_GET(GetCouncil, GetCouncilRequest, Council, ParseCouncil, FindCouncil)
STEELYARD_GET(GetProduct, GetProductRequest, Product, ParseProduct, FindProduct)
STEELYARD_GET(GetSupplier, GetSupplierRequest, Supplier, ParseSupplier, FindSupplier)

#define STEELYARD_LIST(name, entry_type, entries, adder, keep)                                  \
  grpc::ServerUnaryReactor* RegistryServiceImpl::name(grpc::CallbackServerContext* context,     \
                                                      const v1::name##Request* request,         \
                                                      v1::name##Response* reply) {              \
    return unary_.Handle(                                                                       \
        context, request, reply, {"/steelyard.v1.RegistryService/" #name},                      \
        [this](const rpc::Caller&, const v1::name##Request& q, v1::name##Response* r) {         \
          const auto registers = ledger_.state()->registers;                                    \
          return ListEntries<model::entry_type>(                                                \
              page_tokens_, q, *registers, registers->entries,                                  \
              [&]([[maybe_unused]] const model::entry_type& e) { return keep; }, r,             \
              [](v1::name##Response* out) { return out->adder(); });                            \
        });                                                                                     \
  }

STEELYARD_LIST(ListAreas, Area, areas, add_areas, true)
STEELYARD_LIST(ListCouncils, Council, councils, add_councils,
               q.show_former() || !e.end_date.has_value())
STEELYARD_LIST(ListProducts, Product, products, add_products,
               q.product_class().empty() || e.product_class == q.product_class())
STEELYARD_LIST(ListSuppliers, Supplier, suppliers, add_suppliers, true)

#define STEELYARD_SEARCH(name, find, adder)                                                  \
  grpc::ServerUnaryReactor* RegistryServiceImpl::name(grpc::CallbackServerContext* context,  \
                                                      const v1::name##Request* request,      \
                                                      v1::name##Response* reply) {           \
    return unary_.Handle(                                                                    \
        context, request, reply, {"/steelyard.v1.RegistryService/" #name},                   \
        [this](const rpc::Caller&, const v1::name##Request& q, v1::name##Response* r) {      \
          absl::StatusOr<size_t> size = CheckSearch(q.query(), q.page_size());               \
          if (!size.ok()) return size.status();                                              \
          const auto resolver = directory_.Current();                                        \
          const model::Registers& registers = resolver->registers();                         \
          for (const auto no : resolver->name(q.query(), *size)) {                           \
            ToProto(*registers.find(no), registers, r->adder());                             \
          }                                                                                  \
          return absl::OkStatus();                                                           \
        });                                                                                  \
  }

STEELYARD_SEARCH(SearchCouncils, FindCouncil, add_councils)
STEELYARD_SEARCH(SearchProducts, FindProduct, add_products)
STEELYARD_SEARCH(SearchSuppliers, FindSupplier, add_suppliers)

grpc::ServerUnaryReactor* RegistryServiceImpl::CreateSupplier(
    grpc::CallbackServerContext* context, const v1::CreateSupplierRequest* request,
    v1::Supplier* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.RegistryService/CreateSupplier"},
                       std::bind_front(&RegistryServiceImpl::DoCreateSupplier, this));
}

grpc::ServerUnaryReactor* RegistryServiceImpl::MergeSuppliers(
    grpc::CallbackServerContext* context, const v1::MergeSuppliersRequest* request,
    v1::Supplier* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.RegistryService/MergeSuppliers"},
                       std::bind_front(&RegistryServiceImpl::DoMergeSuppliers, this));
}

grpc::ServerUnaryReactor* RegistryServiceImpl::LoadRegister(
    grpc::CallbackServerContext* context, const v1::LoadRegisterRequest* request,
    v1::LoadRegisterResponse* reply) {
  return unary_.Handle(context, request, reply, {"/steelyard.v1.RegistryService/LoadRegister"},
                       std::bind_front(&RegistryServiceImpl::DoLoadRegister, this));
}

grpc::ServerUnaryReactor* RegistryServiceImpl::ListMergeProposals(
    grpc::CallbackServerContext* context, const v1::ListMergeProposalsRequest* request,
    v1::ListMergeProposalsResponse* reply) {
  return unary_.Handle(
      context, request, reply, {"/steelyard.v1.RegistryService/ListMergeProposals"},
      [this](const rpc::Caller&, const v1::ListMergeProposalsRequest& q,
             v1::ListMergeProposalsResponse* r) { return DoListMergeProposals(q, r); });
}

absl::Status RegistryServiceImpl::DoListMergeProposals(
    const v1::ListMergeProposalsRequest& request, v1::ListMergeProposalsResponse* reply) {
  ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
  size_t first = 0;
  std::from_chars(page.after.data(), page.after.data() + page.after.size(), first);
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  const std::vector<directory::MergeProposal> proposals = resolver->ProposeMerges();
  const size_t last = std::min(proposals.size(), first + static_cast<size_t>(page.size));
  for (size_t i = first; i < last; ++i) {
    v1::MergeProposal* proposal = reply->add_proposals();
    ToProto(*registers.FindSupplier(proposals[i].supplier), registers,
            proposal->mutable_supplier());
    ToProto(*registers.FindSupplier(proposals[i].candidate), registers,
            proposal->mutable_candidate());
    proposal->set_similarity(proposals[i].similarity);
  }
  if (last < proposals.size()) {
    reply->set_next_page_token(page_tokens_.Token(page, absl::StrCat(last)));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::registry
