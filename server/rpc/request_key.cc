#include "server/rpc/request_key.h"

#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/rpc/errors.h"
#include "storage/base/hash.h"
#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/model/ids.h"

namespace steelyard::rpc {
namespace {

constexpr char kRequestId[] = "request_id";

const google::protobuf::FieldDescriptor& FieldOf(const google::protobuf::Message& message,
                                                 const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) {
    Log(LogLevel::kError, "field_missing", {{"type", message.GetTypeName()}, {"field", name}});
    std::abort();
  }
  return *field;
}

}  // namespace

absl::StatusOr<RequestKey> ReadRequestKey(const google::protobuf::Message& request) {
  const std::string uuid =
      request.GetReflection()->GetString(request, &FieldOf(request, kRequestId));
  ASSIGN_OR_RETURN(std::string id, ParseUuid4(uuid, kRequestId));
  return RequestKey{std::move(id), Fingerprint(request, {kRequestId})};
}

absl::StatusOr<std::string> ParseUuid4(std::string_view uuid, std::string_view field) {
  if (!model::IsUuid4(uuid)) {
    return error::InvalidField(
        field, "Must be a UUID of version 4, for example 3f0b8f3e-5d1a-4c3e-9c67-0a3c5d1e2f4b.");
  }
  std::string hex(uuid);
  std::erase(hex, '-');
  return absl::HexStringToBytes(hex);
}

std::string Fingerprint(const google::protobuf::Message& message,
                        std::initializer_list<const char*> without) {
  std::unique_ptr<google::protobuf::Message> rest(message.New());
  rest->CopyFrom(message);
  for (const char* name : without) {
    rest->GetReflection()->ClearField(rest.get(), &FieldOf(message, name));
  }
  std::string bytes = absl::StrCat(message.GetTypeName(), "\n");
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    rest->SerializeToCodedStream(&coded);
  }
  return Sha256(bytes);
}

}  // namespace steelyard::rpc
