#include "clients/cli/caller.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/patience.h"
#include "common/base/error.h"

namespace kith::cli {
namespace {

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsAborted(status);
}

// What the service asks for.
absl::Duration DelayAfter(const absl::Status& status) {
  const auto details = GetErrorDetails(status);
  return details.has_value() ? details->retry_delay : absl::ZeroDuration();
}

}  // namespace

absl::Status CallPatiently(Caller& caller, Target target,
                           const google::protobuf::Message& request,
                           google::protobuf::Message* response, absl::Duration patience) {
  Patience attempts(patience);
  for (;;) {
    absl::Status status = caller.Call(target, request, response);
    if (status.ok() || !MayPass(status) || !attempts.Pause(DelayAfter(status))) return status;
  }
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  const bool unreachable = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  return unreachable ? kExitUnavailable : kExitFailed;
}

std::string Describe(const absl::Status& status) {
  std::string text(status.message());
  const auto details = GetErrorDetails(status);
  if (!details.has_value()) return text;
  if (!details->reason.empty()) absl::StrAppend(&text, " [", details->reason, "]");
  if (details->fields.size() == 1 && absl::StrContains(text, details->fields[0].description)) {
    return text;
  }
  for (const auto& [field, description] : details->fields) {
    absl::StrAppend(&text, "\n  ", field, ": ", description);
  }
  return text;
}

}  // namespace kith::cli
