#include "services/referral/rpc/values.h"

#include "common/base/error.h"

namespace kith::referral::rpc {
namespace {

constexpr int64_t kNanosPerMicro = 1000;

}  // namespace

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Microseconds(timestamp.nanos() / kNanosPerMicro);
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Microseconds(duration.nanos() / kNanosPerMicro);
}

void Set(google::protobuf::Timestamp& out, absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void Set(google::protobuf::Duration& out, absl::Duration duration) {
  const int64_t seconds = absl::ToInt64Seconds(duration);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(duration - absl::Seconds(seconds))));
}

void Set(type::v1::Money& out, int64_t minor, const std::string& currency) {
  out.set_amount_minor(minor);
  out.set_currency(currency);
}

void Set(type::v1::ItemError& out, const absl::Status& status) {
  ItemError error = ToItemError(status);
  out.set_reason(std::move(error.reason));
  out.set_field(std::move(error.field));
  out.set_message(std::move(error.message));
}

void Set(type::v1::Difference& out, const domain::FieldChange& change) {
  out.set_field(change.path);
  out.set_old_value(change.old_value);
  out.set_new_value(change.new_value);
}

domain::Attributes ToAttributes(
    const google::protobuf::RepeatedPtrField<v1::Attribute>& attributes) {
  domain::Attributes values;
  for (const v1::Attribute& attribute : attributes) {
    values[attribute.name()] = attribute.value();
  }
  return values;
}

void Set(google::protobuf::RepeatedPtrField<v1::Attribute>& out,
         const domain::Attributes& attributes) {
  for (const auto& [name, value] : attributes) {
    v1::Attribute& attribute = *out.Add();
    attribute.set_name(name);
    attribute.set_value(value);
  }
}

}  // namespace kith::referral::rpc
