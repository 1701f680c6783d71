#include "tests/property/calls.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/rpc/status.h"

namespace kith::property {

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t micros = absl::ToUnixMicros(time);
  out->set_seconds(micros / 1'000'000);
  out->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
}

void SetAttribute(const char* name, const std::string& value,
                  kith::referral::v1::Attribute* out) {
  out->set_name(name);
  out->set_value(value);
}

std::string Word(const std::string& name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

std::string ReasonOf(const grpc::Status& status) {
  if (status.ok()) return kOk;
  const std::string reason = GetErrorReason(rpc::FromGrpc(status));
  // The histories are valid: what is wrong with them must be seen.
  return reason == "INVALID_FIELD" ? status.error_message() : reason;
}

}  // namespace kith::property
