#include "server/app/server.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/ext/health_check_service_server_builder_option.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/app/access_service.h"
#include "server/app/circle_sources.h"
#include "server/app/figures.h"
#include "server/app/grpc_log.h"
#include "server/app/operations_service.h"
#include "server/app/people_sign_in.h"
#include "server/audit/audit_service.h"
#include "server/audit/checkpoint.h"
#include "server/audit/read_journal.h"
#include "server/auth/authenticator.h"
#include "server/auth/quota.h"
#include "server/auth/session_tokens.h"
#include "server/benchmarks/benchmark_service.h"
#include "server/benchmarks/provider_answers.h"
#include "server/benchmarks/provision.h"
#include "server/circles/circle_service.h"
#include "server/directory/directory.h"
#include "server/gateway/gateway.h"
#include "server/gateway/http_server.h"
#include "server/lines/upload_stream.h"
#include "server/negotiations/negotiation_service.h"
#include "server/outcomes/outcome_service.h"
#include "server/publisher/publisher.h"
#include "server/purchases/purchase_service.h"
#include "server/registry/registry_service.h"
#include "server/rpc/executor.h"
#include "server/rpc/server_options.h"
#include "server/rpc/unary.h"
#include "server/spend/spend_book.h"
#include "server/spend/spend_service.h"
#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/editions/edition_store.h"
#include "storage/editions/outcome_store.h"
#include "storage/ledger/audit.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/outcome_fact_reader.h"

namespace steelyard::app {
namespace {

// Calls wait for the disk in groups, so many share one flush; checking an
// upload is pure work, so threads beyond the cores would only crowd them. A
// stream has one piece of that work at a time and a council few streams, so that
// they take turns and one of them does not crowd the others out.
constexpr rpc::Executor::Options kCallExecutor{16, 256};
constexpr rpc::Executor::Options kUploadExecutor{2, 1024};
constexpr auto kDrainTime = std::chrono::seconds(5);

// What one council's reports say that it spent; each provider and quarter may
// occur once for each service.
absl::StatusOr<std::vector<spend::SubmittedSpend>> Submitted(const engine::Database& database,
                                                             model::CouncilNo council,
                                                             const model::Period& quarters) {
  const ledger::OwnOutcomes own(database, council);
  std::vector<spend::SubmittedSpend> submitted;
  for (size_t number = 1; number <= model::Services().size(); ++number) {
    ASSIGN_OR_RETURN(const auto facts, own.Read(*model::ServiceOf(number), quarters));
    for (const model::OutcomeFact& fact : facts) {
      if (fact.spend_micros < 0) continue;  // not said
      submitted.push_back({fact.provider, fact.quarter, fact.spend_micros});
    }
  }
  return submitted;
}

// Without a proxy nothing holds strangers back but certificates.
void WarnIfOpen(const ServeOptions& options) {
  const bool own = gateway::IsLoopbackAddress(options.grpc_address);
  if (own || options.tls.require_client_certificate) return;
  Log(LogLevel::kWarning, "open_to_clients_without_certificate",
      {{"grpc", options.grpc_address}, {"see", "docs/operations.md, Machines with a certificate"}});
}

}  // namespace

// Members are made in this order and unmade in the other: whatever uses a
// thing comes after it.
struct Server::Parts {
  Parts(Store opened, const ServeOptions& options)
      : store(std::move(opened)),
        editions(*store.database, static_cast<size_t>(options.edition_cache_mib) << 20),
        outcome_editions(*store.database),
        sessions(clock),
        quotas(clock, options.quotas),
        authenticator(
            clock, [this] { return store.ledger->state()->tokens; },
            [this] { return store.ledger->state()->registers; },
            {[this](const rpc::Caller& caller) { return quotas.Take(caller); },
             [this](const rpc::Caller& caller) { journal->Use(caller.token_id); },
             [this](const rpc::Caller& caller, std::string_view method, std::string_view resource) {
               return journal->Record(caller.token_id, method.substr(method.rfind('/') + 1),
                                      resource);
             },
             [this](std::string_view id) { return sessions.Find(id); },
             [this](const rpc::Caller& caller) { return quotas.Pace(caller); }}),
        signing_key(store.signing_seed),
        page_tokens(store.server_key),
        calls(clock, kCallExecutor),
        uploads(clock, kUploadExecutor),
        unary(authenticator, calls, clock) {}

  absl::Status Open(const ServeOptions& options);
  absl::Status Listen(const ServeOptions& options);
  absl::Status OpenGateway(const ServeOptions& options);

  SystemClock clock;
  Store store;
  editions::EditionStore editions;
  editions::OutcomeStore outcome_editions;
  auth::SessionTokens sessions;
  auth::QuotaKeeper quotas;
  std::unique_ptr<audit::ReadJournal> journal;
  std::unique_ptr<PeopleSignIn> sign_in;  // null without an OpenID provider
  auth::Authenticator authenticator;
  audit::SigningKey signing_key;
  rpc::PageTokens page_tokens;
  rpc::Executor calls;
  rpc::Executor uploads;
  rpc::Unary unary;
  std::unique_ptr<directory::Directory> directory;
  std::unique_ptr<publisher::Publisher> publisher;
  std::unique_ptr<lines::UploadWatch> watch;
  std::unique_ptr<spend::SpendBook> spend_book;

  std::unique_ptr<benchmarks::ProviderAnswers> provider_answers;

  std::unique_ptr<registry::RegistryServiceImpl> registry_service;
  std::unique_ptr<purchases::PurchaseServiceImpl> purchase_service;
  std::unique_ptr<outcomes::OutcomeServiceImpl> outcome_service;
  std::unique_ptr<spend::SpendServiceImpl> spend_service;
  std::unique_ptr<benchmarks::BenchmarkServiceImpl> benchmark_service;
  std::unique_ptr<negotiations::NegotiationServiceImpl> negotiation_service;
  std::unique_ptr<circles::CircleServiceImpl> circle_service;
  std::unique_ptr<AccessService> access_service;
  std::unique_ptr<audit::AuditService> audit_service;
  std::unique_ptr<OperationsService> operations_service;
  std::unique_ptr<grpc::Server> grpc_server;
  std::unique_ptr<gateway::Gateway> gateway;
  std::string address;
};

absl::Status Server::Parts::Open(const ServeOptions& options) {
  ASSIGN_OR_RETURN(auto uses, ledger::ReadTokenUses(*store.database));
  journal = std::make_unique<audit::ReadJournal>(*store.ledger, clock, std::move(uses));
  if (!options.oidc.empty()) {
    ASSIGN_OR_RETURN(auto client, oidc::OpenIdClient::Make(options.oidc, clock));
    sign_in = std::make_unique<PeopleSignIn>(
        std::move(client), sessions, *journal, [this] { return store.ledger->state()->registers; },
        clock);
  }
  ASSIGN_OR_RETURN(directory,
                   directory::Directory::Open([this] { return store.ledger->state()->registers; }));
  ASSIGN_OR_RETURN(publisher, publisher::Publisher::Open(
                                  *store.ledger, *store.database, editions, outcome_editions,
                                  std::chrono::seconds(options.outcome_settle_seconds)));
  store.ledger->committer().OnCommit([this](uint64_t) { publisher->Notify(); });
  publisher->Start();
  watch = std::make_unique<lines::UploadWatch>(clock);
  const lines::LineContext context{*store.ledger, *directory, clock,
                                   authenticator, uploads,    *watch};
  registry_service = std::make_unique<registry::RegistryServiceImpl>(
      unary, *store.ledger, *directory, page_tokens, clock);
  purchase_service = std::make_unique<purchases::PurchaseServiceImpl>(unary, context, page_tokens);
  outcome_service = std::make_unique<outcomes::OutcomeServiceImpl>(unary, context, page_tokens);
  const benchmarks::PolicySource policies = [this](int64_t version) {
    const auto state = store.ledger->state();
    auto it = state->policies.find(version);
    return it == state->policies.end() ? state->policy : it->second;
  };
  provider_answers = std::make_unique<benchmarks::ProviderAnswers>(outcome_editions, policies);
  spend_book = std::make_unique<spend::SpendBook>(*store.ledger, *directory);
  spend::Confidential confidential;
  confidential.submitted = [this](model::CouncilNo council, const model::Period& quarters) {
    return Submitted(*store.database, council, quarters);
  };
  confidential.circle = [this](std::string_view negotiation, model::CouncilNo caller,
                               model::ProviderNo provider, const model::Period& quarters) {
    return negotiations::NegotiationStore(*store.ledger)
        .CircleMembers(negotiation, caller, provider, quarters);
  };
  confidential.looked = [this](const rpc::Caller& caller, std::string_view action,
                               std::string_view resource) {
    return journal->Record(caller.token_id, action, resource);
  };
  spend_service = std::make_unique<spend::SpendServiceImpl>(unary, *store.ledger, *spend_book,
                                                            page_tokens, clock, confidential);
  benchmark_service = std::make_unique<benchmarks::BenchmarkServiceImpl>(
      unary, *directory, editions, *provider_answers, page_tokens, policies,
      [this](model::CouncilNo council, model::ProductNo product, model::Currency currency,
             const model::Period& period) {
        return ledger::OwnRows(*store.database, council).Read(product, currency, period);
      });
  negotiations::PackSources pack_sources;
  pack_sources.benchmark =
      [this](
          const v1::GetProviderBenchmarkRequest& request) -> absl::StatusOr<v1::ProviderBenchmark> {
    ASSIGN_OR_RETURN(const auto benchmark,
                     provider_answers->Benchmark(request, *directory->Current()));
    return *benchmark;
  };
  pack_sources.top_spenders = [this](const rpc::Caller& caller,
                                     const v1::ListTopSpendingCouncilsRequest& request) {
    return spend_service->TopSpendingCouncils(caller, request);
  };
  pack_sources.provision =
      [this](const v1::GetProvisionRequest& request) -> absl::StatusOr<v1::Provision> {
    const auto resolver = directory->Current();
    ASSIGN_OR_RETURN(const auto question, benchmarks::ParseQuestion(request, *resolver));
    return benchmarks::ProvisionOf(question, resolver->registers());
  };
  negotiation_service = std::make_unique<negotiations::NegotiationServiceImpl>(
      unary, *store.ledger, page_tokens, clock, std::move(pack_sources));
  circle_service = std::make_unique<circles::CircleServiceImpl>(
      unary, *store.ledger, page_tokens, clock, MakeCircleSources(*store.ledger, *journal));
  access_service = std::make_unique<AccessService>(
      unary, *store.ledger, *journal, sessions, page_tokens, clock,
      [this](const model::Policy& proposed, model::ProductNo product) {
        return publisher->Preview(proposed, product);
      });
  audit_service = std::make_unique<audit::AuditService>(unary, *store.database, *journal,
                                                        signing_key, page_tokens, clock);
  operations_service = std::make_unique<OperationsService>(unary, *store.ledger, page_tokens,
                                                           STEELYARD_VERSION, absl::Now());
  return absl::OkStatus();
}

absl::Status Server::Parts::Listen(const ServeOptions& options) {
  grpc::ServerBuilder builder;
  rpc::ServerOptions server_options;
  server_options.reflection = options.reflection;
  rpc::ApplyServerOptions(builder, server_options);
  int port = 0;
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (!options.tls.empty()) {
    ASSIGN_OR_RETURN(credentials, rpc::MakeTlsCredentials(options.tls));
  }
  builder.AddListeningPort(options.grpc_address, credentials, &port);
  builder.RegisterService(registry_service.get());
  builder.RegisterService(purchase_service.get());
  builder.RegisterService(outcome_service.get());
  builder.RegisterService(spend_service.get());
  builder.RegisterService(benchmark_service.get());
  builder.RegisterService(negotiation_service.get());
  builder.RegisterService(circle_service.get());
  builder.RegisterService(access_service.get());
  builder.RegisterService(audit_service.get());
  builder.RegisterService(operations_service.get());
  grpc_server = builder.BuildAndStart();
  if (grpc_server == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.grpc_address, "; is another server there?"));
  }
  address =
      absl::StrCat(options.grpc_address.substr(0, options.grpc_address.rfind(':')), ":", port);
  return absl::OkStatus();
}

absl::Status Server::Parts::OpenGateway(const ServeOptions& options) {
  ASSIGN_OR_RETURN(
      gateway, gateway::Gateway::Start(
                   options.gateway,
                   {.channel = grpc_server->InProcessChannel({}),
                    .clock = clock,
                    .sign_in = sign_in.get(),
                    .healthy = [this] { return store.database->healthy(); },
                    .figures = [this] { return ServerFigures(*store.ledger, *store.database); }}));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServeOptions& options) {
  WriteGrpcLogAsOurs();
  if (options.tls.empty() && !gateway::IsLoopbackAddress(options.grpc_address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--grpc ", options.grpc_address,
                     " is not a loopback address; serve on 127.0.0.1 and put TLS in front, or give "
                     "--tls-cert and --tls-key"));
  }
  if (!options.tls.empty()) RETURN_IF_ERROR(rpc::CheckTlsFiles(options.tls));
  WarnIfOpen(options);
  ASSIGN_OR_RETURN(Store store, OpenStore(options.store));
  auto parts = std::make_unique<Parts>(std::move(store), options);
  RETURN_IF_ERROR(parts->Open(options));
  RETURN_IF_ERROR(parts->Listen(options));
  if (absl::Status opened = parts->OpenGateway(options); !opened.ok()) {
    parts->grpc_server->Shutdown(std::chrono::system_clock::now());
    return opened;
  }
  Log(LogLevel::kInfo, "serving",
      {{"grpc", parts->address},
       {"portal", parts->gateway->address()},
       {"internal", parts->gateway->internal_address()},
       {"sequence", absl::StrCat(parts->store.ledger->state()->head.sequence)}});
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  parts_->gateway.reset();  // its calls end while there is still a server
  if (auto* health = parts_->grpc_server->GetHealthCheckService()) {
    health->SetServingStatus(false);
  }
  parts_->grpc_server->Shutdown(std::chrono::system_clock::now() + kDrainTime);
  parts_->calls.Stop();
  parts_->uploads.Stop();
  parts_->grpc_server->Wait();
  // No commit may reach a publisher that is gone.
  parts_->store.ledger->committer().OnCommit(nullptr);
}

const std::string& Server::grpc_address() const { return parts_->address; }

const std::string& Server::portal_address() const { return parts_->gateway->address(); }

const std::string& Server::internal_address() const { return parts_->gateway->internal_address(); }

bool Server::healthy() const { return parts_->store.database->healthy(); }

}  // namespace steelyard::app
