#include "common/rpc/limits.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/limits_plan.h"
#include "common/rpc/text_rules.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace kith::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int64_t kFirstSecond = -2208988800;  // 1900-01-01
constexpr int64_t kLastSecond = 7258118399;    // the end of 2199
constexpr int64_t kMaxDurationSeconds = int64_t{36525} * 24 * 3600;
constexpr int32_t kNanos = 1000000000;

// One walk over a message. The path is kept as steps and only spelled for a violation.
class Walk {
 public:
  std::vector<FieldViolation> Run(const MessageLimits& limits, const Message& message) {
    Visit(limits, message);
    return std::move(violations_);
  }

 private:
  struct Step {
    const FieldDescriptor* field;
    int index;  // -1: not an element
  };

  bool Full() const { return violations_.size() >= kMaxViolations; }

  void Report(absl::string_view description) {
    if (Full()) return;
    std::string path;
    for (const auto& [field, index] : path_) {
      absl::StrAppend(&path, path.empty() ? "" : ".", field->name());
      if (index >= 0) absl::StrAppend(&path, "[", index, "]");
    }
    violations_.push_back({std::move(path), std::string(description)});
  }

  void Visit(const MessageLimits& limits, const Message& message) {
    if (limits.kind == MessageLimits::Kind::kTimestamp) return VisitTimestamp(message);
    if (limits.kind == MessageLimits::Kind::kDuration) return VisitDuration(message);
    const Reflection& reflection = *message.GetReflection();
    for (const FieldLimits& field : limits.fields) {
      if (Full()) return;
      path_.push_back({field.field, -1});
      if (field.field->is_repeated()) {
        VisitList(field, message, reflection);
      } else {
        VisitSingle(field, message, reflection);
      }
      path_.pop_back();
    }
  }

  void VisitTimestamp(const Message& message) {
    const auto* time =
        google::protobuf::DynamicCastToGenerated<google::protobuf::Timestamp>(&message);
    if (time == nullptr) return;
    if (time->nanos() < 0 || time->nanos() >= kNanos || time->seconds() < kFirstSecond ||
        time->seconds() > kLastSecond) {
      Report("must be a time from 1900 to 2199");
    }
  }

  void VisitDuration(const Message& message) {
    const auto* duration =
        google::protobuf::DynamicCastToGenerated<google::protobuf::Duration>(&message);
    if (duration == nullptr) return;
    const int64_t seconds = duration->seconds();
    const int32_t nanos = duration->nanos();
    const bool same_sign = !(seconds > 0 && nanos < 0) && !(seconds < 0 && nanos > 0);
    if (nanos <= -kNanos || nanos >= kNanos || !same_sign || seconds < -kMaxDurationSeconds ||
        seconds > kMaxDurationSeconds) {
      Report("must be a duration of at most 100 years");
    }
  }

  void VisitSingle(const FieldLimits& limits, const Message& message,
                   const Reflection& reflection) {
    if (limits.presence && !reflection.HasField(message, limits.field)) {
      if (limits.required) Report("is required");
      return;
    }
    switch (limits.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Visit(*limits.child, reflection.GetMessage(message, limits.field));
      case FieldDescriptor::CPPTYPE_STRING:
        return CheckString(limits,
                           reflection.GetStringReference(message, limits.field, &scratch_));
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(limits, reflection.GetEnumValue(message, limits.field));
      case FieldDescriptor::CPPTYPE_BOOL:
        if (limits.required && !reflection.GetBool(message, limits.field)) {
          Report("is required");
        }
        return;
      default:
        return CheckNumber(limits, message, reflection, -1);
    }
  }

  void VisitList(const FieldLimits& limits, const Message& message,
                 const Reflection& reflection) {
    const int size = reflection.FieldSize(message, limits.field);
    if (limits.required && size == 0) return Report("is required");
    if (limits.max_items > 0 && static_cast<uint32_t>(size) > limits.max_items) {
      return Report(absl::StrCat("must have at most ", limits.max_items, " items"));
    }
    for (int i = 0; i < size && !Full(); ++i) {
      path_.back().index = i;
      VisitElement(limits, message, reflection, i);
    }
    path_.back().index = -1;
  }

  void VisitElement(const FieldLimits& limits, const Message& message,
                    const Reflection& reflection, int i) {
    switch (limits.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Visit(*limits.child, reflection.GetRepeatedMessage(message, limits.field, i));
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string& text =
            reflection.GetRepeatedStringReference(message, limits.field, i, &scratch_);
        if (text.empty() && limits.pattern != kith::type::v1::PATTERN_UNSPECIFIED) {
          return Report("must not be empty");
        }
        return CheckBytes(limits, text);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = reflection.GetRepeatedEnumValue(message, limits.field, i);
        if (number == 0) return Report("must be specified");
        return CheckEnum(limits, number);
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return;
      default:
        return CheckNumber(limits, message, reflection, i);
    }
  }

  void CheckString(const FieldLimits& limits, const std::string& text) {
    if (!text.empty()) return CheckBytes(limits, text);
    if (limits.required) Report("is required");
  }

  void CheckBytes(const FieldLimits& limits, const std::string& text) {
    if (limits.max_bytes > 0 && text.size() > limits.max_bytes) {
      return Report(absl::StrCat("must have at most ", limits.max_bytes, " bytes"));
    }
    if (limits.field->type() == FieldDescriptor::TYPE_BYTES || text.empty()) return;
    if (!HasForm(limits.pattern, text)) {
      Report(absl::StrCat("must be ", DescribeForm(limits.pattern),
                          SuggestForm(limits.pattern, text)));
    }
  }

  void CheckEnum(const FieldLimits& limits, int number) {
    if (number == 0) {
      if (limits.required) Report("is required");
    } else if (limits.field->enum_type()->FindValueByNumber(number) == nullptr) {
      Report(absl::StrCat("has no value ", number));
    }
  }

  void CheckNumber(const FieldLimits& limits, const Message& message,
                   const Reflection& reflection, int i) {
    const FieldDescriptor* field = limits.field;
    const auto pick = [&](auto single, auto element) {
      return i < 0 ? (reflection.*single)(message, field)
                   : (reflection.*element)(message, field, i);
    };
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckRange<int64_t>(limits,
                                   pick(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckRange<int64_t>(limits,
                                   pick(&Reflection::GetInt64, &Reflection::GetRepeatedInt64));
      case FieldDescriptor::CPPTYPE_UINT32:
        return CheckRange<int64_t>(
            limits, pick(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
      case FieldDescriptor::CPPTYPE_UINT64:
        return CheckRange<uint64_t>(
            limits, pick(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return CheckFinite(limits, pick(&Reflection::GetFloat, &Reflection::GetRepeatedFloat));
      default:
        return CheckFinite(limits,
                           pick(&Reflection::GetDouble, &Reflection::GetRepeatedDouble));
    }
  }

  void CheckFinite(const FieldLimits& limits, double value) {
    if (!std::isfinite(value)) return Report("must be a finite number");
    CheckRange(limits, value);
  }

  template <class T>
  void CheckRange(const FieldLimits& limits, T value) {
    if (limits.required && value == 0) return Report("is required");
    if (limits.min_value.has_value() && Less(value, *limits.min_value)) {
      Report(absl::StrCat("must be at least ", *limits.min_value));
    } else if (limits.max_value.has_value() && Greater(value, *limits.max_value)) {
      Report(absl::StrCat("must be at most ", *limits.max_value));
    }
  }

  template <class T>
  static bool Less(T value, int64_t bound) {
    if constexpr (std::is_integral_v<T>) return std::cmp_less(value, bound);
    return value < static_cast<T>(bound);
  }
  template <class T>
  static bool Greater(T value, int64_t bound) {
    if constexpr (std::is_integral_v<T>) return std::cmp_greater(value, bound);
    return value > static_cast<T>(bound);
  }

  std::vector<Step> path_;
  std::vector<FieldViolation> violations_;
  std::string scratch_;
};

}  // namespace

std::vector<FieldViolation> FindViolations(const MessageLimits& limits,
                                           const Message& message) {
  return Walk().Run(limits, message);
}

absl::Status CheckLimits(const MessageLimits& limits, const Message& message) {
  ErrorDetails details;
  details.fields = FindViolations(limits, message);
  if (details.fields.empty()) return absl::OkStatus();
  const FieldViolation& first = details.fields.front();
  std::string text = absl::StrCat(first.field, " ", first.description);
  if (details.fields.size() > 1) {
    absl::StrAppend(&text, " (and ", details.fields.size() - 1, " more)");
  }
  return MakeDetailedError(kith::errors::kInvalidField, std::move(details), text);
}

absl::Status CheckLimits(const Message& message) {
  return CheckLimits(LimitsOf(message.GetDescriptor()), message);
}

}  // namespace kith::rpc
