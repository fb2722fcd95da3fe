#include "tests/acceptance/sending.h"

#include <cstdio>
#include <utility>

#include "client/cpp/connection.h"
#include "client/cpp/request_id.h"
#include "client/cpp/uploader.h"
#include "client/import/profile.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::acceptance {
namespace {

client::Connection Connect(const testing::TestServer& server) {
  return client::Connection(server.channel(),
                            {.address = server.address(), .token = server.steward()});
}

std::string KeyOf(const v1::Problem& problem) { return problem.code() + "  " + problem.field(); }

// Counts a problem that the importer or the server found. A row with several
// counts under the first.
void Count(const v1::Problem& problem, Sent& sent) {
  if (problem.severity() == v1::Problem::WARNING) {
    ++sent.warnings[KeyOf(problem)];
  } else if (sent.rejected_rows.insert(problem.row()).second) {
    ++sent.reasons[KeyOf(problem)];
  }
}

}  // namespace

void Sent::Print(const std::string& title) const {
  const v1::Submission& t = finished.total();
  std::printf(
      "\n%s\n  %zu lines: %lld accepted (%lld new, %lld corrected, %lld unchanged), "
      "%lld rejected; %lld rows skipped\n",
      title.c_str(), lines.size(), static_cast<long long>(accepted()),
      static_cast<long long>(t.created_lines()), static_cast<long long>(t.corrected_lines()),
      static_cast<long long>(t.unchanged_lines()), static_cast<long long>(rejected()),
      static_cast<long long>(skipped_rows));
  for (const auto& [reason, count] : reasons) {
    std::printf("  %6lld  rejected  %s\n", static_cast<long long>(count), reason.c_str());
  }
  for (const auto& [warning, count] : warnings) {
    std::printf("  %6lld  warning   %s\n", static_cast<long long>(count), warning.c_str());
  }
}

void Steward::Load(v1::LoadRegisterRequest::Register kind, const std::string& csv) {
  v1::LoadRegisterRequest request;
  request.set_register_(kind);
  request.set_csv(csv);
  request.set_request_id(client::RequestId());
  const auto loaded = Connect(server_).Call(&v1::RegistryService::Stub::LoadRegister, request);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  for (const v1::Problem& problem : loaded->problems()) {
    EXPECT_NE(problem.severity(), v1::Problem::ERROR) << problem.ShortDebugString();
  }
  std::printf("  %s: %lld entries\n", v1::LoadRegisterRequest::Register_Name(kind).c_str(),
              static_cast<long long>(loaded->created_entries()));
}

Sent Steward::Send(const std::string& path, const std::string& profile_name,
                   const std::string& parent) {
  Sent sent;
  const auto profile = importing::LoadProfile(profile_name);
  EXPECT_TRUE(profile.ok()) << profile.status();
  auto importer = importing::Importer::Open(path, *profile);
  EXPECT_TRUE(importer.ok()) << importer.status();
  if (!importer.ok()) return sent;

  client::UploadOptions options;
  options.parent = parent;
  options.upload_id = client::RequestId();
  options.mode = v1::Submission::VALID_LINES;
  options.on_problem = [&](const v1::Problem& problem) { Count(problem, sent); };
  const client::Connection connection = Connect(server_);
  const auto finished =
      client::Upload(connection, options, [&](v1::UploadLine& out) -> absl::StatusOr<bool> {
        while (true) {
          importing::ImportedLine line;
          const absl::StatusOr<bool> more = (*importer)->Next(&line);
          if (!more.ok() || !*more) return more;
          for (const v1::Problem& problem : line.problems) Count(problem, sent);
          sent.lines.push_back(line);
          if (line.rejected()) continue;
          out = importing::ToUploadLine(std::move(line));
          return true;
        }
      });
  EXPECT_TRUE(finished.ok()) << finished.status();
  if (finished.ok()) sent.finished = *finished;
  sent.skipped_rows = (*importer)->skipped_rows();
  for (const v1::Problem& problem : sent.finished.problems()) Count(problem, sent);
  return sent;
}

v1::Policy Steward::SetPolicy(const std::string& text) {
  const client::Connection connection = Connect(server_);
  const auto now = connection.Call(&v1::AccessService::Stub::GetPolicy, v1::GetPolicyRequest());
  EXPECT_TRUE(now.ok()) << now.status();
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = *now;
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(text, request.mutable_policy()));
  request.set_request_id(client::RequestId());
  const auto set = connection.Call(&v1::AccessService::Stub::UpdatePolicy, request);
  EXPECT_TRUE(set.ok()) << set.status();
  server_.WaitPublished();
  return set.ok() ? *set : v1::Policy();
}

}  // namespace steelyard::acceptance
