#include "common/rpc/status.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace kith::rpc {
namespace {

// A trailer of more than 8 KiB is refused by gRPC clients; base64 adds a third.
constexpr size_t kMaxDetailBytes = 4096;

constexpr absl::string_view kCodeNames[] = {"OK",
                                            "Canceled",
                                            "Unknown",
                                            "InvalidArgument",
                                            "DeadlineExceeded",
                                            "NotFound",
                                            "AlreadyExists",
                                            "PermissionDenied",
                                            "ResourceExhausted",
                                            "FailedPrecondition",
                                            "Aborted",
                                            "OutOfRange",
                                            "Unimplemented",
                                            "Internal",
                                            "Unavailable",
                                            "DataLoss",
                                            "Unauthenticated"};

void AddErrorInfo(const ErrorDetails& details, absl::string_view domain,
                  google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain(std::string(domain));
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  out.add_details()->PackFrom(info);
}

void AddBadRequest(const ErrorDetails& details, google::rpc::Status& out) {
  google::rpc::BadRequest bad;
  size_t bytes = out.ByteSizeLong();
  for (const auto& [field, description] : details.fields) {
    bytes += field.size() + description.size() + 8;
    if (bytes > kMaxDetailBytes && bad.field_violations_size() > 0) break;
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(description);
  }
  out.add_details()->PackFrom(bad);
}

void AddRetryInfo(absl::Duration delay, google::rpc::Status& out) {
  google::rpc::RetryInfo retry;
  const int64_t nanos = absl::ToInt64Nanoseconds(delay);
  retry.mutable_retry_delay()->set_seconds(nanos / 1000000000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1000000000));
  out.add_details()->PackFrom(retry);
}

ErrorDetails ReadDetails(const google::rpc::Status& status) {
  ErrorDetails details;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad;
  google::rpc::RetryInfo retry;
  for (const auto& any : status.details()) {
    if (any.UnpackTo(&info)) {
      details.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) {
        details.metadata.emplace_back(key, value);
      }
      // A map has no order of its own.
      std::sort(details.metadata.begin(), details.metadata.end());
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        details.fields.push_back({violation.field(), violation.description()});
      }
    } else if (any.UnpackTo(&retry)) {
      details.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                            absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return details;
}

}  // namespace

absl::Status MakeRetryError(const ErrorDef& def, absl::Duration delay) {
  ErrorDetails details;
  details.retry_delay = delay;
  return MakeDetailedError(def, std::move(details));
}

absl::Status ToNamed(const absl::Status& status) {
  if (status.ok() || !GetErrorReason(status).empty()) return status;
  switch (status.code()) {
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kUnavailable:
      return MakeRetryError(kith::errors::kUnavailable, absl::Milliseconds(100));
    case absl::StatusCode::kDeadlineExceeded:
      return MakeError(kith::errors::kDeadlineExceeded, "the deadline passed");
    case absl::StatusCode::kCancelled:
      return MakeError(errors::kCancelled);
    default:
      return MakeError(errors::kInternal);
  }
}

absl::Status NameWhatIsMissing(const absl::Status& status,
                               const google::protobuf::Message& request) {
  const auto details = GetErrorDetails(status);
  if (!absl::IsNotFound(status) || !details.has_value() || details->fields.size() != 1) {
    return status;
  }
  const auto* field = request.GetDescriptor()->FindFieldByName(details->fields[0].field);
  if (field == nullptr || field->is_repeated()) return status;
  std::string value;
  if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
    value = request.GetReflection()->GetString(request, field);
  } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64) {
    const int64_t number = request.GetReflection()->GetInt64(request, field);
    if (number != 0) value = absl::StrCat(number);
  }
  if (value.empty() || absl::StrContains(status.message(), value)) return status;
  absl::string_view rest = status.message();
  const bool has_field = absl::ConsumePrefix(&rest, field->name());
  const std::string text = has_field ? absl::StrCat(field->name(), " '", value, "'", rest)
                                     : absl::StrCat(rest, ": '", value, "'");
  const ErrorDef def{status.code(), details->reason, text};
  return MakeDetailedError(def, *details);
}

grpc::Status ToGrpc(const absl::Status& status, absl::string_view domain) {
  if (status.ok()) return grpc::Status::OK;
  const absl::Status named = ToNamed(status);
  const ErrorDetails details = GetErrorDetails(named).value_or(ErrorDetails());
  google::rpc::Status out;
  out.set_code(static_cast<int>(named.code()));
  out.set_message(std::string(named.message().substr(0, 1024)));
  AddErrorInfo(details, domain, out);
  if (!details.fields.empty()) AddBadRequest(details, out);
  if (details.retry_delay > absl::ZeroDuration()) AddRetryInfo(details.retry_delay, out);
  return {static_cast<grpc::StatusCode>(named.code()), out.message(), out.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status wire;
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details())) {
    return {code, status.error_message()};
  }
  ErrorDetails details = ReadDetails(wire);
  if (details.reason.empty()) return {code, status.error_message()};
  const std::string reason = details.reason;
  const std::string text = status.error_message();
  return MakeDetailedError(ErrorDef{code, reason, text}, std::move(details));
}

absl::string_view CodeName(absl::StatusCode code) {
  const auto i = static_cast<size_t>(code);
  return i < std::size(kCodeNames) ? kCodeNames[i] : kCodeNames[2];
}

}  // namespace kith::rpc
