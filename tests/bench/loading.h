#ifndef STEELYARD_TESTS_BENCH_LOADING_H_
#define STEELYARD_TESTS_BENCH_LOADING_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cpp/connection.h"
#include "client/cpp/uploader.h"
#include "steelyard/v1/operations_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// A connection that shares no socket with any other.
std::unique_ptr<client::Connection> Connect(const std::string& address, const std::string& token);

// Loads the world's registers. INVALID_ARGUMENT with the first problem if the
// server does not take all of them.
absl::Status LoadRegisters(const World& world, const client::Connection& steward);

// Loads one register. INVALID_ARGUMENT as LoadRegisters.
absl::Status LoadRegister(const client::Connection& steward,
                          v1::LoadRegisterRequest::Register which, std::string csv);

// Makes a submitter's token for a body and returns its secret.
absl::StatusOr<std::string> MakeSubmitter(const client::Connection& steward, const Body& body);

absl::StatusOr<v1::ServiceStatus> GetStatus(const client::Connection& connection);

struct Load {
  int batch = 0;
  std::vector<int64_t> lines;               // of each body, by its index
  const std::atomic<bool>* stop = nullptr;  // ends the file where it is once true
  std::function<void(const client::UploadProgress&)> on_progress;
};

// Uploads lines body by body, as a steward's file of many bodies if `parent` is
// `councils/-`. INTERNAL if a line is refused or fewer lines were taken.
absl::Status UploadLines(const World& world, const client::Connection& connection,
                         const std::string& parent, const Load& load);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_LOADING_H_
