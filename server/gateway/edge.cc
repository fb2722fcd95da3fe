#include "server/gateway/edge.h"

#include <optional>
#include <utility>

#include "server/gateway/pages.h"

namespace steelyard::gateway {
namespace {

HttpResponse HealthOf(bool healthy) {
  HttpResponse response{healthy ? 200 : 503, SecurityHeaders(Origin{}),
                        healthy ? "ok\n" : "failed\n"};
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  return response;
}

HttpResponse Plain(int status, std::string text, const Origin& origin = {}) {
  HttpResponse response{status, SecurityHeaders(origin), std::move(text)};
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  return response;
}

bool IsReading(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

void Edge::Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) {
  const auto refuse = [&](HttpResponse response) {
    metrics_.CountPage(response.status);
    exchange->Send(std::move(response));
  };
  const std::optional<Origin> origin = origins_.Of(request);
  if (!origin.has_value()) return refuse(Plain(421, "No such site here.\n"));
  // OPTIONS too: whoever asks whether another site may call is told nothing.
  if (!IsReading(request) && request.method != "POST") {
    HttpResponse response = Plain(405, "", *origin);
    response.headers.emplace_back("Allow", "GET, HEAD, POST");
    return refuse(std::move(response));
  }
  if (request.path.empty() || request.path.front() != '/') return refuse(Plain(400, "", *origin));
  if (Api::Owns(request.path)) {
    return api_.Handle(std::move(request), std::move(exchange), *origin);
  }
  if (People::Owns(request.path)) return people_.Handle(request, std::move(exchange), *origin);
  if (!IsReading(request)) {
    HttpResponse response = Plain(405, "", *origin);
    response.headers.emplace_back("Allow", "GET, HEAD");
    return refuse(std::move(response));
  }
  ServePage(request, std::move(exchange), *origin);
}

void Edge::ServePage(const HttpRequest& request, std::shared_ptr<Exchange> exchange,
                     const Origin& origin) {
  HttpResponse response{200, SecurityHeaders(origin, true), ""};
  std::string type;
  if (request.path == "/sign-in.css") {
    type = "text/css; charset=utf-8";
    response.body = PageStyle();
  } else if (request.path == "/steelyard.svg") {
    type = "image/svg+xml";
    response.body = PageIcon();
  } else if (auto file = files_.Read(request.path)) {
    type = std::move(file->media_type);
    response.body = std::move(file->bytes);
  } else if (request.path == "/") {
    return people_.Home(request, std::move(exchange), origin);
  } else {
    response = {404, SecurityHeaders(origin), MessageHtml("Page not found", "Check the address.")};
    type = "text/html; charset=utf-8";
  }
  response.headers.emplace_back("Content-Type", std::move(type));
  metrics_.CountPage(response.status);
  exchange->Send(std::move(response));
}

void Internal::Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) {
  if (!IsReading(request)) return exchange->Send(Plain(405, ""));
  if (request.path == "/healthz") return exchange->Send(HealthOf(healthy_()));
  if (request.path != "/metrics")
    return exchange->Send(Plain(404, "There is /metrics and /healthz.\n"));
  HttpResponse response{200, SecurityHeaders(Origin{}), metrics_.Text(figures_())};
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  exchange->Send(std::move(response));
}

}  // namespace steelyard::gateway
