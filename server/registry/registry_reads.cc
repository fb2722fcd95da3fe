#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "server/registry/register_pages.h"
#include "server/registry/registry_proto.h"
#include "server/registry/registry_service.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

// Where a merge proposal stands in the list: most alike first, then by the
// numbers of its suppliers.
struct Rank {
  explicit Rank(const directory::MergeProposal& p)
      : unlike(~std::bit_cast<uint64_t>(p.similarity)),
        supplier(p.supplier.value),
        candidate(p.candidate.value) {}
  // From a page token; before all others if it is empty.
  explicit Rank(std::string_view key) {
    const std::vector<std::string> parts = absl::StrSplit(Av(key), '/');
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &unlike) ||
        !absl::SimpleAtoi(parts[1], &supplier) || !absl::SimpleAtoi(parts[2], &candidate)) {
      *this = Rank();
    }
  }
  std::string Key() const { return absl::StrCat(unlike, "/", supplier, "/", candidate); }
  friend auto operator<=>(const Rank&, const Rank&) = default;

  uint64_t unlike = 0;  // positive doubles sort as their bits do
  uint32_t supplier = 0;
  uint32_t candidate = 0;

 private:
  Rank() = default;
};

}  // namespace

absl::Status RegistryServiceImpl::DoGetArea(const rpc::Caller&, const v1::GetAreaRequest& request,
                                            v1::Area* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseArea(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindArea(id), request.name(), *registers, reply);
}

absl::Status RegistryServiceImpl::DoListAreas(const rpc::Caller&,
                                              const v1::ListAreasRequest& request,
                                              v1::ListAreasResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto registers = ledger_.state()->registers;
  reply->set_next_page_token(FillPage(page_tokens_, page, registers->areas, *registers, kKeepAll,
                                      [&] { return reply->add_areas(); }));
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoGetCouncil(const rpc::Caller&,
                                               const v1::GetCouncilRequest& request,
                                               v1::Council* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseCouncil(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindCouncil(id), request.name(), *registers, reply);
}

absl::Status RegistryServiceImpl::DoListCouncils(const rpc::Caller&,
                                                 const v1::ListCouncilsRequest& request,
                                                 v1::ListCouncilsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto registers = ledger_.state()->registers;
  const model::Day today{static_cast<int32_t>(absl::ToUnixSeconds(clock_.Now()) / (24 * 60 * 60))};
  auto keep = [&](const model::Council& council) {
    return request.show_former() || !council.end_date || *council.end_date >= today;
  };
  reply->set_next_page_token(FillPage(page_tokens_, page, registers->councils, *registers, keep,
                                      [&] { return reply->add_councils(); }));
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoSearchCouncils(const rpc::Caller&,
                                                   const v1::SearchCouncilsRequest& request,
                                                   v1::SearchCouncilsResponse* reply) {
  RETURN_IF_ERROR(CheckQuery(request.query()));
  ASSIGN_OR_RETURN(const int32_t size,
                   rpc::PageSize(request.page_size(), kSearchSize, kMaxSearchSize));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  for (const model::CouncilNo no :
       resolver->SearchCouncils(request.query(), static_cast<size_t>(size))) {
    ToProto(*registers.FindCouncil(no), registers, reply->add_councils());
  }
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoGetProduct(const rpc::Caller&,
                                               const v1::GetProductRequest& request,
                                               v1::Product* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseProduct(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindProduct(id), request.name(), *registers, reply);
}

absl::Status RegistryServiceImpl::DoListProducts(const rpc::Caller&,
                                                 const v1::ListProductsRequest& request,
                                                 v1::ListProductsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto registers = ledger_.state()->registers;
  auto keep = [&](const model::Product& product) {
    return request.product_class().empty() || product.product_class == request.product_class();
  };
  reply->set_next_page_token(FillPage(page_tokens_, page, registers->products, *registers, keep,
                                      [&] { return reply->add_products(); }));
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoSearchProducts(const rpc::Caller&,
                                                   const v1::SearchProductsRequest& request,
                                                   v1::SearchProductsResponse* reply) {
  RETURN_IF_ERROR(CheckQuery(request.query()));
  ASSIGN_OR_RETURN(const int32_t size,
                   rpc::PageSize(request.page_size(), kSearchSize, kMaxSearchSize));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  for (const model::ProductNo no :
       resolver->SearchProducts(request.query(), static_cast<size_t>(size))) {
    ToProto(*registers.FindProduct(no), registers, reply->add_products());
  }
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoGetSupplier(const rpc::Caller&,
                                                const v1::GetSupplierRequest& request,
                                                v1::Supplier* reply) {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseSupplier(request.name()));
  const auto registers = ledger_.state()->registers;
  return Found(registers->FindSupplier(id), request.name(), *registers, reply);
}

absl::Status RegistryServiceImpl::DoListSuppliers(const rpc::Caller&,
                                                  const v1::ListSuppliersRequest& request,
                                                  v1::ListSuppliersResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto registers = ledger_.state()->registers;
  reply->set_next_page_token(FillPage(page_tokens_, page, registers->suppliers, *registers,
                                      kKeepAll, [&] { return reply->add_suppliers(); }));
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoSearchSuppliers(const rpc::Caller&,
                                                    const v1::SearchSuppliersRequest& request,
                                                    v1::SearchSuppliersResponse* reply) {
  RETURN_IF_ERROR(CheckQuery(request.query()));
  ASSIGN_OR_RETURN(const int32_t size,
                   rpc::PageSize(request.page_size(), kSearchSize, kMaxSearchSize));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  for (const model::SupplierNo no :
       resolver->SearchSuppliers(request.query(), static_cast<size_t>(size))) {
    ToProto(*registers.FindSupplier(no), registers, reply->add_suppliers());
  }
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoListMergeProposals(const rpc::Caller&,
                                                       const v1::ListMergeProposalsRequest& request,
                                                       v1::ListMergeProposalsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto resolver = directory_.Current();
  const std::vector<directory::MergeProposal> proposals = resolver->ProposeMerges();
  const Rank after(page.after);
  for (const directory::MergeProposal& proposal : proposals) {
    if (Rank(proposal) <= after) continue;
    if (reply->proposals_size() == page.size) {
      const auto& last = *(&proposal - 1);
      reply->set_next_page_token(page_tokens_.Token(page, Rank(last).Key()));
      break;
    }
    ToProto(proposal, resolver->registers(), reply->add_proposals());
  }
  return absl::OkStatus();
}

}  // namespace steelyard::registry
