#ifndef STEELYARD_SERVER_REGISTRY_FIELD_CHECKER_H_
#define STEELYARD_SERVER_REGISTRY_FIELD_CHECKER_H_

// What requests that describe an entry of a register share, and replies that
// list problems.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/type/date.pb.h"
#include "server/registry/row_reader.h"
#include "server/rpc/convert.h"
#include "steelyard/v1/common.pb.h"
#include "storage/model/problem.h"
#include "storage/model/time.h"

namespace steelyard::registry {

inline constexpr int kMaxOwners = 20;

// Whether people can read the name, as a register file asks for.
bool IsReadableName(std::string_view text);

// Collects what is wrong with the fields of an entry. Lives within one request;
// not thread-safe.
class FieldChecker {
 public:
  explicit FieldChecker(std::vector<model::Problem>& problems) : problems_(problems) {}

  void Report(std::string_view field, std::string_view found, const Expectation& expectation);
  void Want(bool good, std::string_view field, std::string_view found,
            const Expectation& expectation);
  void Name(std::string_view field, std::string_view name);
  // Together no longer than a cell of a file.
  std::vector<std::string> Aliases(const google::protobuf::RepeatedPtrField<std::string>& aliases);
  std::optional<model::Day> Date(bool given, const google::type::Date& date,
                                 std::string_view field);

  // The owners that `find` knows by name; the others are reported as `unknown`
  // and left out.
  template <typename Ownership, typename Owner, typename Find>
  std::vector<Ownership> Owners(const google::protobuf::RepeatedPtrField<Owner>& owners,
                                const Find& find, const Expectation& unknown) {
    std::vector<Ownership> out;
    Want(owners.size() <= kMaxOwners, "owners", absl::StrCat(owners.size(), " owners"),
         {"OWNER_INVALID", "at most 20 owners"});
    for (int i = 0; i < std::min(owners.size(), kMaxOwners); ++i) {
      const Owner& owner = owners[i];
      const std::string field = absl::StrCat("owners[", i, "]");
      Ownership o;
      o.start_date = Date(owner.has_start_date(), owner.start_date(), field + ".start_date");
      o.end_date = Date(owner.has_end_date(), owner.end_date(), field + ".end_date");
      const auto* entry = find(owner.owner());
      if (entry == nullptr) {
        Report(field + ".owner", owner.owner(), unknown);
        continue;
      }
      o.owner = entry->id;
      out.push_back(std::move(o));
    }
    return out;
  }

 private:
  std::vector<model::Problem>& problems_;
};

template <typename Message>
void SetPeriod(const std::optional<model::Day>& start, const std::optional<model::Day>& end,
               Message* out) {
  if (start) rpc::ToProto(*start, out->mutable_start_date());
  if (end) rpc::ToProto(*end, out->mutable_end_date());
}

// Most bytes of a reply that lists problems, so that any client takes it.
inline constexpr size_t kMaxLoadReplyBytes = size_t{3} << 20;

// `problems` as a reply lists them. Those beyond `max_bytes` are left out, and
// a last one (PROBLEMS_LEFT_OUT) says how many they are.
std::vector<v1::Problem> ListProblems(const std::vector<model::Problem>& problems,
                                      size_t max_bytes);

// Adds `problems` to a reply, which grows to `max_bytes` at most.
template <typename Reply>
void AddProblems(const std::vector<model::Problem>& problems, size_t max_bytes, Reply* out) {
  const size_t taken = std::min(out->ByteSizeLong(), max_bytes);
  for (v1::Problem& problem : ListProblems(problems, max_bytes - taken)) {
    *out->add_problems() = std::move(problem);
  }
}

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_FIELD_CHECKER_H_
