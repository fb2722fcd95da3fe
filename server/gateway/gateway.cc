#include "server/gateway/gateway.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/gateway/edge.h"
#include "storage/base/status_macros.h"

namespace steelyard::gateway {
namespace {

constexpr size_t kInternalConnections = 32;

absl::Status CheckLoopback(std::string_view flag, const std::string& address) {
  if (address.empty() || IsLoopbackAddress(address)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--", std::string(flag), " ", address,
                   " is not a loopback address; serve on 127.0.0.1 and put TLS in front"));
}

}  // namespace

// Members are made in this order and unmade in the other.
struct Gateway::Parts {
  Parts(const GatewayOptions& options, Origins served, Surroundings around)
      : origins(std::move(served)),
        sessions(around.clock, options.sessions),
        failures(around.clock, options.sign_in_failures),
        beginnings(around.clock, options.sign_in_beginnings),
        in_flight(options.max_calls, options.max_calls_of_caller),
        api(around.channel, sessions, metrics, in_flight),
        people(
            {around.channel, sessions, failures, beginnings, in_flight, metrics, around.sign_in}),
        files(options.pages),
        edge(origins, api, people, files, metrics),
        internal(metrics, around.healthy,
                 [this, more = std::move(around.figures)] { return Figures(more()); }) {}

  std::vector<Figure> Figures(std::vector<Figure> figures) {
    const HttpCounts counts = server == nullptr ? HttpCounts{} : server->counts();
    const auto add = [&](const char* name, const char* help, int64_t value) {
      figures.push_back({name, help, static_cast<double>(value)});
    };
    add("steelyard_gateway_connections", "Connections open now.", counts.connections);
    add("steelyard_gateway_connections_total", "Connections made.", counts.accepted);
    add("steelyard_gateway_refused_connections_total", "Connections beyond a limit.",
        counts.refused_connections);
    add("steelyard_gateway_bad_requests_total", "Requests that are no HTTP, or beyond a limit.",
        counts.bad_requests);
    add("steelyard_gateway_timeouts_total", "Connections that were too slow.", counts.timeouts);
    add("steelyard_gateway_calls_in_flight", "Calls under way.",
        static_cast<int64_t>(in_flight.count()));
    add("steelyard_gateway_sessions", "Sessions of people who signed in.",
        static_cast<int64_t>(sessions.size()));
    return figures;
  }

  const Origins origins;
  Metrics metrics;
  Sessions sessions;
  TryLimit failures;
  TryLimit beginnings;
  InFlight in_flight;
  Api api;
  People people;
  const StaticFiles files;
  Edge edge;
  Internal internal;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<HttpServer> internal_server;
  std::string none;
};

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(const GatewayOptions& options,
                                                        Surroundings surroundings) {
  RETURN_IF_ERROR(CheckLoopback("portal", options.address));
  RETURN_IF_ERROR(CheckLoopback("internal", options.internal_address));
  ASSIGN_OR_RETURN(Origins origins, Origins::Parse(options.origins));
  auto parts = std::make_unique<Parts>(options, std::move(origins), std::move(surroundings));
  if (!options.address.empty()) {
    ASSIGN_OR_RETURN(parts->server, HttpServer::Start(options.address, options.http, parts->edge));
  }
  if (!options.internal_address.empty()) {
    HttpLimits limits = options.http;
    limits.threads = 1;
    limits.max_connections = limits.max_connections_per_peer = kInternalConnections;
    ASSIGN_OR_RETURN(parts->internal_server,
                     HttpServer::Start(options.internal_address, limits, parts->internal));
  }
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Gateway::~Gateway() {
  // The internal one first: it reads the counts of the other.
  if (parts_->internal_server != nullptr) parts_->internal_server->Stop();
  if (parts_->server != nullptr) parts_->server->Stop();
  parts_->in_flight.WaitEmpty();
}

const std::string& Gateway::address() const {
  return parts_->server == nullptr ? parts_->none : parts_->server->address();
}

const std::string& Gateway::internal_address() const {
  return parts_->internal_server == nullptr ? parts_->none : parts_->internal_server->address();
}

}  // namespace steelyard::gateway
