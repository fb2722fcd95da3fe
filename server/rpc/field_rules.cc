#include "server/rpc/field_rules.h"

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"

namespace steelyard::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Is(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsMessage(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map();
}

// A field without presence counts as set when it does not hold its default.
bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                              : reflection->HasField(message, field);
}

// Calls `visit(child, path)` for each message that `field` of `message` holds.
template <typename Visit>
void ForEachChild(const Message& message, const FieldDescriptor* field, const std::string& path,
                  Visit visit) {
  const Reflection* reflection = message.GetReflection();
  if (!field->is_repeated()) {
    if (reflection->HasField(message, field)) {
      visit(reflection->GetMessage(message, field), path + field->name());
    }
    return;
  }
  const int size = reflection->FieldSize(message, field);
  for (int i = 0; i < size; ++i) {
    visit(reflection->GetRepeatedMessage(message, field, i),
          absl::StrCat(path, field->name(), "[", i, "]"));
  }
}

}  // namespace

// What the annotations of one message type ask.
struct FieldRules::Plan {
  std::vector<const FieldDescriptor*> required;
  std::vector<const FieldDescriptor*> output_only;
  std::vector<const FieldDescriptor*> children;  // messages
  bool partial_children = false;                 // an `update_mask` says what counts
};

FieldRules::FieldRules() = default;
FieldRules::~FieldRules() = default;

const FieldRules::Plan& FieldRules::PlanOf(const Descriptor& type) {
  {
    std::shared_lock lock(mutex_);
    const auto found = plans_.find(&type);
    if (found != plans_.end()) return *found->second;
  }
  auto plan = std::make_unique<Plan>();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (Is(field, google::api::REQUIRED)) plan->required.push_back(field);
    if (Is(field, google::api::OUTPUT_ONLY) && field->name() != "etag") {
      plan->output_only.push_back(field);
    }
    if (!IsMessage(field)) continue;
    plan->partial_children |= field->message_type()->full_name() == "google.protobuf.FieldMask";
    // Google's own types carry no annotations.
    if (field->message_type()->file()->package() != "google.protobuf") {
      plan->children.push_back(field);
    }
  }
  std::unique_lock lock(mutex_);
  return *plans_.try_emplace(&type, std::move(plan)).first->second;
}

std::vector<FieldViolation> FieldRules::Missing(const Message& request, Fields depth) {
  std::vector<FieldViolation> out;
  AddMissing(request, depth, nullptr, "", out);
  return out;
}

void FieldRules::AddMissing(const Message& message, Fields depth, const Descriptor* batch,
                            const std::string& path, std::vector<FieldViolation>& out) {
  const Plan& plan = PlanOf(*message.GetDescriptor());
  for (const FieldDescriptor* field : plan.required) {
    const bool left_to_batch = batch != nullptr && batch->FindFieldByName(field->name()) != nullptr;
    if (!left_to_batch && !IsSet(message, field)) {
      out.push_back({path + field->name(), "Required, but not given."});
    }
  }
  if (depth == Fields::kTopLevel || plan.partial_children) return;
  for (const FieldDescriptor* field : plan.children) {
    const bool is_batch = field->is_repeated() && field->name() == "requests";
    ForEachChild(message, field, path, [&](const Message& child, const std::string& child_path) {
      AddMissing(child, depth, is_batch ? message.GetDescriptor() : nullptr, child_path + ".", out);
    });
  }
}

bool FieldRules::HasOutputOnly(const Message& request) {
  const Plan& plan = PlanOf(*request.GetDescriptor());
  for (const FieldDescriptor* field : plan.output_only) {
    if (IsSet(request, field)) return true;
  }
  const Reflection* reflection = request.GetReflection();
  for (const FieldDescriptor* field : plan.children) {
    if (!field->is_repeated()) {
      if (reflection->HasField(request, field) &&
          HasOutputOnly(reflection->GetMessage(request, field))) {
        return true;
      }
      continue;
    }
    const int size = reflection->FieldSize(request, field);
    for (int i = 0; i < size; ++i) {
      if (HasOutputOnly(reflection->GetRepeatedMessage(request, field, i))) return true;
    }
  }
  return false;
}

void FieldRules::ClearOutputOnly(Message& request) {
  const Plan& plan = PlanOf(*request.GetDescriptor());
  const Reflection* reflection = request.GetReflection();
  for (const FieldDescriptor* field : plan.output_only) reflection->ClearField(&request, field);
  for (const FieldDescriptor* field : plan.children) {
    if (!field->is_repeated()) {
      if (reflection->HasField(request, field)) {
        ClearOutputOnly(*reflection->MutableMessage(&request, field));
      }
      continue;
    }
    const int size = reflection->FieldSize(request, field);
    for (int i = 0; i < size; ++i) {
      ClearOutputOnly(*reflection->MutableRepeatedMessage(&request, field, i));
    }
  }
}

}  // namespace steelyard::rpc
