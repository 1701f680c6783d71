#include "common/rpc/limits_plan.h"

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/limits.h"

namespace kith::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

class Plans {
 public:
  const MessageLimits& Get(const Descriptor* descriptor) {
    const absl::MutexLock lock(&mutex_);
    return Make(descriptor);
  }

 private:
  // Entered before its fields are looked at, because types may be recursive.
  const MessageLimits& Make(const Descriptor* descriptor)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto& slot = plans_[descriptor];
    if (slot != nullptr) return *slot;
    slot = std::make_unique<MessageLimits>();
    MessageLimits& limits = *slot;
    if (descriptor->full_name() == "google.protobuf.Timestamp") {
      limits.kind = MessageLimits::Kind::kTimestamp;
    } else if (descriptor->full_name() == "google.protobuf.Duration") {
      limits.kind = MessageLimits::Kind::kDuration;
    } else {
      for (int i = 0; i < descriptor->field_count(); ++i)
        AddField(descriptor->field(i), limits);
    }
    return limits;
  }

  void AddField(const FieldDescriptor* field, MessageLimits& out)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    FieldLimits limits;
    limits.field = field;
    limits.presence = field->has_presence();
    const bool ruled = field->options().HasExtension(kith::type::v1::rules);
    if (ruled) TakeRules(field->options().GetExtension(kith::type::v1::rules), limits);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      limits.child = &Make(field->message_type());
    }
    if (ruled || NeedsLook(*field)) out.fields.push_back(limits);
  }

  static void TakeRules(const kith::type::v1::FieldRules& rules, FieldLimits& out) {
    out.required = rules.required();
    out.max_bytes = rules.max_bytes();
    out.max_items = rules.max_items();
    if (rules.has_min_value()) out.min_value = rules.min_value();
    if (rules.has_max_value()) out.max_value = rules.max_value();
    out.pattern = rules.pattern();
  }

  static bool NeedsLook(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
      case FieldDescriptor::CPPTYPE_ENUM:
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return true;
      default:
        return field.type() == FieldDescriptor::TYPE_STRING;
    }
  }

  absl::Mutex mutex_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<MessageLimits>> plans_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace

const MessageLimits& LimitsOf(const Descriptor* descriptor) {
  static Plans& plans = *new Plans();
  return plans.Get(descriptor);
}

}  // namespace kith::rpc
