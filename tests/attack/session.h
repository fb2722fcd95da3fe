#ifndef STEELYARD_TESTS_ATTACK_SESSION_H_
#define STEELYARD_TESTS_ATTACK_SESSION_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/support/test_server.h"

namespace steelyard::attack {

// The real server, spoken to over the wire. What must not fail and does ends
// the test program. Thread-safe where const.
class Session {
 public:
  Session();

  // The shipped registers.
  std::vector<v1::Council> Councils() const;  // living ones
  std::vector<v1::Area> Areas() const;
  std::vector<v1::Product> Products() const;

  void LoadRegister(v1::LoadRegisterRequest::Register which, const std::string& csv) const;
  // As one stream of many councils' lines, `chunk` of them a commit.
  void Upload(const std::vector<v1::UploadLine>& lines, size_t chunk) const;
  void Withdraw(const std::string& council, const std::string& reference);
  // Changes the policy in force; returns what it was.
  int SetMinCouncils(int min_councils) const;
  void WaitPublished() { server_.WaitPublished(); }

  // Stops the server, lets `use` have its folder, and starts it again.
  void WhileStopped(const std::function<void(const std::string& data_dir)>& use);

  // A submitter of that council; the same each time.
  const std::string& SecretOf(const std::string& council);
  const std::string& analyst() const { return analyst_; }

  grpc::Status Ask(const std::string& secret, const v1::GetPriceBenchmarkRequest& request,
                   v1::PriceBenchmark* reply) const;
  grpc::Status AskSuppliers(const std::string& secret,
                            const v1::ListSupplierScorecardsRequest& request,
                            v1::ListSupplierScorecardsResponse* reply) const;
  grpc::Status AskPosition(const std::string& secret, const v1::GetCouncilPositionRequest& request,
                           v1::CouncilPosition* reply) const;

 private:
  testing::TestServer server_;
  std::unique_ptr<v1::BenchmarkService::Stub> benchmarks_;
  std::map<std::string, std::string> secrets_;  // by council
  std::string analyst_;
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_SESSION_H_
