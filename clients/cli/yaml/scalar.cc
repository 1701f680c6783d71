#include "clients/cli/yaml/scalar.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/excerpt.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/text/utf8.h"
#include "clients/cli/yaml/condition_text.h"
#include "clients/cli/yaml/convert.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Wrong(const Scalar& scalar, absl::string_view wanted) {
  const char* note = scalar.quoted ? " (it is in quotes)" : "";
  return absl::InvalidArgumentError(
      absl::StrCat(Excerpt(scalar.text), note, " is not ", wanted));
}

bool IsWholeNumber(absl::string_view text) {
  if (absl::StartsWith(text, "-") || absl::StartsWith(text, "+")) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

template <class Int>
absl::StatusOr<Int> ParseInt(const Scalar& scalar) {
  Int value = 0;
  if (scalar.quoted || !IsWholeNumber(scalar.text)) return Wrong(scalar, "a whole number");
  if (absl::SimpleAtoi(scalar.text, &value)) return value;
  using Limits = std::numeric_limits<Int>;
  return Wrong(scalar, absl::StrCat("from ", Limits::min(), " to ", Limits::max()));
}

absl::StatusOr<bool> ParseBool(const Scalar& scalar) {
  if (!scalar.quoted && scalar.text == "true") return true;
  if (!scalar.quoted && scalar.text == "false") return false;
  return Wrong(scalar, "true or false");
}

absl::StatusOr<double> ParseDouble(const Scalar& scalar) {
  double value = 0;
  if (scalar.quoted || !absl::SimpleAtod(scalar.text, &value))
    return Wrong(scalar, "a number");
  return value;
}

absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ParseEnum(
    const Scalar& scalar, const google::protobuf::EnumDescriptor& type) {
  if (const auto* value = FindEnumValue(type, scalar.text)) return value;
  return absl::InvalidArgumentError(absl::StrCat(Excerpt(scalar.text),
                                                 " is no value of this field; ",
                                                 Suggest(scalar.text, EnumShortNames(type))));
}

// Sets or appends.
#define KITH_PUT(Type, value)                                   \
  (field->is_repeated() ? reflection.Add##Type(m, field, value) \
                        : reflection.Set##Type(m, field, value))

}  // namespace

absl::Status SetScalar(const Scalar& scalar, const FieldDescriptor* field, Message* m) {
  const auto& reflection = *m->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      KITH_ASSIGN_OR_RETURN(const int32_t value, ParseInt<int32_t>(scalar));
      KITH_PUT(Int32, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      KITH_ASSIGN_OR_RETURN(const int64_t value, ParseInt<int64_t>(scalar));
      KITH_PUT(Int64, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      KITH_ASSIGN_OR_RETURN(const double value, ParseDouble(scalar));
      KITH_PUT(Double, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      KITH_ASSIGN_OR_RETURN(const bool value, ParseBool(scalar));
      KITH_PUT(Bool, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      KITH_ASSIGN_OR_RETURN(const auto* value, ParseEnum(scalar, *field->enum_type()));
      KITH_PUT(Enum, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      if (!IsValidUtf8(scalar.text)) return absl::InvalidArgumentError("is not UTF-8 text");
      KITH_PUT(String, scalar.text);
      break;
    default:
      return absl::InvalidArgumentError("this field cannot be written in a file");
  }
  return absl::OkStatus();
}

#undef KITH_PUT

bool IsScalarMessage(const google::protobuf::Descriptor* type) {
  return type == google::protobuf::Duration::descriptor() ||
         type == google::protobuf::Timestamp::descriptor();
}

bool IsTextMessage(const google::protobuf::Descriptor* type) {
  return type == referral::v1::Condition::descriptor();
}

absl::Status SetScalarMessage(const Scalar& scalar, Message* message) {
  if (auto* duration = dynamic_cast<google::protobuf::Duration*>(message)) {
    KITH_ASSIGN_OR_RETURN(const absl::Duration value, ParseDurationText(scalar.text));
    *duration = ToDuration(value);
  } else if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(message)) {
    KITH_ASSIGN_OR_RETURN(const absl::Time value, ParseTimeText(scalar.text));
    *time = ToTimestamp(value);
  } else if (auto* condition = dynamic_cast<referral::v1::Condition*>(message)) {
    KITH_ASSIGN_OR_RETURN(*condition, ParseConditionText(scalar.text));
  }
  return absl::OkStatus();
}

}  // namespace kith::cli
