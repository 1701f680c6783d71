#include "clients/cli/caller.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/error.h"

namespace kith::cli {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(2);

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsAborted(status);
}

absl::Duration PauseAfter(const absl::Status& status, absl::Duration pause) {
  const auto details = GetErrorDetails(status);
  return details.has_value() ? std::max(pause, details->retry_delay) : pause;
}

}  // namespace

absl::Status CallPatiently(Caller& caller, Target target,
                           const google::protobuf::Message& request,
                           google::protobuf::Message* response, absl::Duration patience) {
  const absl::Time end = SystemClock().Now() + patience;
  absl::Duration pause = kFirstPause;
  for (;;) {
    absl::Status status = caller.Call(target, request, response);
    const absl::Duration left = end - SystemClock().Now();
    if (status.ok() || !MayPass(status) || left <= absl::ZeroDuration()) return status;
    absl::SleepFor(std::min(PauseAfter(status, pause), left));
    pause = std::min(pause * 2, kLongestPause);
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
