#include "tests/bench/loading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/request_id.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "tests/bench/forms.h"

namespace steelyard::bench {
namespace {

// Gives the lines of a load one by one, making those of one body at a time.
class LineStream {
 public:
  LineStream(const World& world, const Load& load, bool names_bodies)
      : world_(world), load_(load), names_bodies_(names_bodies) {}

  bool Next(v1::UploadLine& out) {
    while (next_ == lines_.size()) {
      if (body_ == load_.lines.size()) return false;
      lines_ = world_.Lines(static_cast<int>(body_), load_.batch, load_.lines[body_]);
      ++body_;
      next_ = 0;
    }
    if (load_.stop != nullptr && *load_.stop) return false;
    ToUploadLine(world_, lines_[next_++], ++given_, &out);
    if (!names_bodies_) out.clear_council();
    return true;
  }
  int64_t given() const { return given_; }

 private:
  const World& world_;
  const Load& load_;
  const bool names_bodies_;
  std::vector<Line> lines_;
  size_t next_ = 0;
  size_t body_ = 0;
  int64_t given_ = 0;
};

}  // namespace

std::unique_ptr<client::Connection> Connect(const std::string& address, const std::string& token) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return std::make_unique<client::Connection>(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments),
      client::ConnectionOptions{.address = address, .token = token});
}

absl::Status LoadRegister(const client::Connection& steward,
                          v1::LoadRegisterRequest::Register which, std::string csv) {
  v1::LoadRegisterRequest request;
  request.set_register_(which);
  request.set_csv(std::move(csv));
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::LoadRegisterResponse reply,
                   steward.Call(&v1::RegistryService::Stub::LoadRegister, request));
  for (const v1::Problem& problem : reply.problems()) {
    if (problem.severity() != v1::Problem::ERROR) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("register, row ", problem.row(), ": ", problem.message()));
  }
  return absl::OkStatus();
}

absl::Status LoadRegisters(const World& world, const client::Connection& steward) {
  using Request = v1::LoadRegisterRequest;
  RETURN_IF_ERROR(LoadRegister(steward, Request::COUNCILS, CouncilsCsv(world)));
  RETURN_IF_ERROR(LoadRegister(steward, Request::PRODUCTS, ProductsCsv(world)));
  return LoadRegister(steward, Request::SUPPLIERS, SuppliersCsv(world));
}

absl::StatusOr<std::string> MakeSubmitter(const client::Connection& steward, const Body& body) {
  v1::CreateTokenRequest request;
  request.mutable_token()->set_role(v1::ROLE_SUBMITTER);
  request.mutable_token()->set_council("councils/" + body.id);
  request.mutable_token()->set_display_name("bench");
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::CreateTokenResponse reply,
                   steward.Call(&v1::AccessService::Stub::CreateToken, request));
  return reply.secret();
}

absl::StatusOr<v1::ServiceStatus> GetStatus(const client::Connection& connection) {
  return connection.Call(&v1::OperationsService::Stub::GetStatus, v1::GetStatusRequest());
}

absl::Status UploadLines(const World& world, const client::Connection& connection,
                         const std::string& parent, const Load& load) {
  LineStream lines(world, load, parent == "councils/-");
  std::string first_problem;
  client::UploadOptions options;
  options.parent = parent;
  options.upload_id = client::RequestId();
  options.mode = v1::Submission::VALID_LINES;
  options.on_progress = load.on_progress;
  options.on_problem = [&](const v1::Problem& problem) {
    if (first_problem.empty()) first_problem = problem.message();
  };
  ASSIGN_OR_RETURN(
      const v1::UploadFinished finished,
      client::Upload(connection, options, [&](v1::UploadLine& line) { return lines.Next(line); }));
  const v1::Submission& total = finished.total();
  if (!first_problem.empty() || total.created_lines() != lines.given()) {
    return absl::InternalError(absl::StrCat(total.created_lines(), " of ", lines.given(),
                                            " lines were taken; ", first_problem));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::bench
