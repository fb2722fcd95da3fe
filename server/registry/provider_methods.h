#ifndef STEELYARD_SERVER_REGISTRY_PROVIDER_METHODS_H_
#define STEELYARD_SERVER_REGISTRY_PROVIDER_METHODS_H_

#include "absl/status/status.h"
#include "server/directory/directory.h"
#include "server/registry/register_writer.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/page_token.h"
#include "steelyard/v1/registry_service.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::registry {

// The methods of RegistryService that are of providers: who cares, where, and
// what they are rated in. Thread-safe; everything given to it must outlive it.
class ProviderMethods {
 public:
  ProviderMethods(ledger::Ledger& ledger, directory::Directory& directory,
                  const rpc::PageTokens& page_tokens, RegisterWriter& writer, Clock& clock)
      : ledger_(ledger),
        directory_(directory),
        page_tokens_(page_tokens),
        writer_(writer),
        clock_(clock) {}

  // Reads (provider_reads.cc).
  absl::Status GetProvider(const rpc::Caller& caller, const v1::GetProviderRequest& request,
                           v1::Provider* reply);
  absl::Status ListProviders(const rpc::Caller& caller, const v1::ListProvidersRequest& request,
                             v1::ListProvidersResponse* reply);
  absl::Status SearchProviders(const rpc::Caller& caller, const v1::SearchProvidersRequest& request,
                               v1::SearchProvidersResponse* reply);
  absl::Status GetEstablishment(const rpc::Caller& caller,
                                const v1::GetEstablishmentRequest& request,
                                v1::Establishment* reply);
  absl::Status ListEstablishments(const rpc::Caller& caller,
                                  const v1::ListEstablishmentsRequest& request,
                                  v1::ListEstablishmentsResponse* reply);
  absl::Status ListMeasures(const rpc::Caller& caller, const v1::ListMeasuresRequest& request,
                            v1::ListMeasuresResponse* reply);
  absl::Status ListCodes(const rpc::Caller& caller, const v1::ListCodesRequest& request,
                         v1::ListCodesResponse* reply);

  // Writes (provider_writes.cc).
  absl::Status CreateProvider(const rpc::Caller& caller, const v1::CreateProviderRequest& request,
                              v1::Provider* reply);
  absl::Status UpdateProvider(const rpc::Caller& caller, const v1::UpdateProviderRequest& request,
                              v1::Provider* reply);
  absl::Status ImportEstablishments(const rpc::Caller& caller,
                                    const v1::ImportEstablishmentsRequest& request,
                                    v1::ImportEstablishmentsResponse* reply);

 private:
  // The registered provider with this id.
  absl::Status Show(const std::string& id, v1::Provider* reply) const;
  // Today in the calendar of UTC.
  model::Day Today() const;

  ledger::Ledger& ledger_;
  directory::Directory& directory_;
  const rpc::PageTokens& page_tokens_;
  RegisterWriter& writer_;
  Clock& clock_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_PROVIDER_METHODS_H_
