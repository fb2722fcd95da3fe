#include "server/gateway/json_codec.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kPrefix = "type.googleapis.com";
constexpr std::string_view kPackage = "steelyard.v1.";
constexpr size_t kMaxWords = 300;

pb::util::TypeResolver& Resolver() {
  static const auto* const resolver =
      new std::unique_ptr<pb::util::TypeResolver>(pb::util::NewTypeResolverForDescriptorPool(
          std::string(kPrefix), pb::DescriptorPool::generated_pool()));
  return **resolver;
}

std::string UrlOf(const pb::Descriptor* type) {
  return absl::StrCat(Av(kPrefix), "/", type->full_name());
}

// Protobuf's status is not Abseil's here.
absl::Status Invalid(const pb::util::Status& status) {
  const std::string words(status.message().data(), status.message().size());
  return absl::InvalidArgumentError(Printable(words, kMaxWords));
}

}  // namespace

std::optional<Method> FindMethod(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || !absl::StartsWith(Av(path), Av(kPackage))) {
    return std::nullopt;
  }
  if (path.find('.', slash) != std::string_view::npos) return std::nullopt;
  const pb::MethodDescriptor* found = pb::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat(Av(path.substr(0, slash)), ".", Av(path.substr(slash + 1))));
  if (found == nullptr) return std::nullopt;
  return Method{absl::StrCat("/", Av(path)), UrlOf(found->input_type()),
                UrlOf(found->output_type()), found->client_streaming(), found->server_streaming()};
}

size_t CountJsonParts(std::string_view json) {
  return static_cast<size_t>(std::count_if(
      json.begin(), json.end(), [](char c) { return c == '{' || c == '[' || c == ','; }));
}

absl::StatusOr<std::string> JsonToProto(const std::string& type_url, std::string_view json) {
  std::string bytes;
  const std::string text(json.empty() ? "{}" : json);
  const auto status = pb::util::JsonToBinaryString(&Resolver(), type_url, text, &bytes);
  if (!status.ok()) return Invalid(status);
  return bytes;
}

absl::StatusOr<std::string> ProtoToJson(const std::string& type_url, std::string_view bytes) {
  const size_t slash = type_url.rfind('/');
  const std::string name = slash == std::string::npos ? type_url : type_url.substr(slash + 1);
  if (pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name) == nullptr) {
    return absl::NotFoundError("unknown type");
  }
  std::string json;
  const auto status =
      pb::util::BinaryToJsonString(&Resolver(), type_url, std::string(bytes), &json);
  if (!status.ok()) return Invalid(status);
  return json;
}

}  // namespace steelyard::gateway
