#ifndef STEELYARD_SERVER_GATEWAY_EDGE_H_
#define STEELYARD_SERVER_GATEWAY_EDGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/gateway/api.h"
#include "server/gateway/http.h"
#include "server/gateway/metrics.h"
#include "server/gateway/origin.h"
#include "server/gateway/people.h"
#include "server/gateway/static_files.h"

namespace steelyard::gateway {

// Says which part answers a request, and refuses what none may see: hosts that
// are not ours, methods that nobody needs. Owns nothing that it is given.
// Thread-safe.
class Edge final : public Handler {
 public:
  Edge(const Origins& origins, Api& api, People& people, const StaticFiles& files, Metrics& metrics)
      : origins_(origins), api_(api), people_(people), files_(files), metrics_(metrics) {}

  void Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) override;

 private:
  void ServePage(const HttpRequest& request, std::shared_ptr<Exchange> exchange,
                 const Origin& origin);

  const Origins& origins_;
  Api& api_;
  People& people_;
  const StaticFiles& files_;
  Metrics& metrics_;
};

// /metrics and /healthz, for whoever watches the machine. Thread-safe.
class Internal final : public Handler {
 public:
  Internal(const Metrics& metrics, std::function<bool()> healthy,
           std::function<std::vector<Figure>()> figures)
      : metrics_(metrics), healthy_(std::move(healthy)), figures_(std::move(figures)) {}

  void Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) override;

 private:
  const Metrics& metrics_;
  const std::function<bool()> healthy_;
  const std::function<std::vector<Figure>()> figures_;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_EDGE_H_
