#include "services/referral/domain/fulfilment.h"

#include <algorithm>

#include "services/referral/domain/errors.h"

namespace kith::referral::domain {
namespace {

constexpr absl::Duration kFirstDelay = absl::Minutes(1);
constexpr absl::Duration kLongestDelay = absl::Hours(6);

Fulfilment Changed(Fulfilment fulfilment, FulfilmentState state, absl::Time now) {
  fulfilment.state = state;
  fulfilment.changed_time = now;
  fulfilment.next_attempt_time.reset();
  fulfilment.pieces = 0;
  return fulfilment;
}

}  // namespace

absl::Duration RetryDelay(int64_t failures) {
  absl::Duration delay = kFirstDelay;
  for (int64_t i = 1; i < failures && delay < kLongestDelay; ++i) delay *= 2;
  return std::min(delay, kLongestDelay);
}

Fulfilment Claimed(const Fulfilment* before, const Reward& reward, const ClaimTerms& terms) {
  Fulfilment claimed;
  if (before != nullptr) claimed = *before;
  claimed = Changed(std::move(claimed), FulfilmentState::kClaimed, terms.now);
  claimed.program_id = reward.program_id;
  claimed.reward_id = reward.reward_id;
  claimed.provider = terms.provider;
  claimed.lease_token = terms.lease_token;
  claimed.lease_end_time = terms.lease_end_time;
  claimed.claimed_time = terms.now;
  claimed.pieces = terms.pieces;
  ++claimed.attempts;
  return claimed;
}

absl::Status CheckReport(const Fulfilment* fulfilment, const FulfilmentReport& report) {
  if (fulfilment == nullptr) {
    return MakeFieldError(errors::kNotClaimed, "reward_id",
                          "must be a reward that was claimed");
  }
  if (fulfilment->lease_token != report.lease_token) {
    return MakeFieldError(errors::kLeaseOver, "lease_token", "must be that of the last claim");
  }
  const bool done = fulfilment->state == FulfilmentState::kSucceeded;
  if (!done || IsReported(*fulfilment, report)) return absl::OkStatus();
  return MakeFieldError(errors::kReportConflict, report.succeeded ? "succeeded" : "failed",
                        "must agree with the success that was reported before");
}

bool IsReported(const Fulfilment& fulfilment, const FulfilmentReport& report) {
  switch (fulfilment.state) {
    case FulfilmentState::kSucceeded:
      return report.succeeded && report.reference == fulfilment.reference;
    case FulfilmentState::kToRetry:
    case FulfilmentState::kFailed:
    case FulfilmentState::kStopped:
      return !report.succeeded;
    default:
      return false;
  }
}

Fulfilment Reported(Fulfilment fulfilment, const FulfilmentReport& report, absl::Time now) {
  if (report.succeeded) {
    fulfilment.reference = report.reference;
    fulfilment.failure_reason.clear();
    return Changed(std::move(fulfilment), FulfilmentState::kSucceeded, now);
  }
  fulfilment.failure_reason = report.reason;
  ++fulfilment.failures;
  if (!report.retryable || fulfilment.failures >= kMaxFailures) {
    return Changed(std::move(fulfilment), FulfilmentState::kFailed, now);
  }
  Fulfilment waiting = Changed(std::move(fulfilment), FulfilmentState::kToRetry, now);
  waiting.next_attempt_time = now + RetryDelay(waiting.failures);
  return waiting;
}

Fulfilment Lapsed(Fulfilment fulfilment, absl::Time now) {
  return Changed(std::move(fulfilment), FulfilmentState::kLapsed, now);
}

Fulfilment Stopped(Fulfilment fulfilment, absl::Time now) {
  return Changed(std::move(fulfilment), FulfilmentState::kStopped, now);
}

absl::StatusOr<Fulfilment> Retried(const Fulfilment* fulfilment, absl::Time now) {
  if (fulfilment == nullptr || (fulfilment->state != FulfilmentState::kToRetry &&
                                fulfilment->state != FulfilmentState::kFailed)) {
    return MakeFieldError(errors::kNotFailed, "reward_id",
                          "must be a reward whose fulfilment failed");
  }
  Fulfilment retried = Changed(*fulfilment, FulfilmentState::kToRetry, now);
  retried.failures = 0;
  retried.next_attempt_time = now;
  return retried;
}

bool MayBeStocked(RewardKind kind, absl::string_view item) {
  return !item.empty() && (kind == RewardKind::kPhysicalGift ||
                           kind == RewardKind::kGiftCard || kind == RewardKind::kEventTicket);
}

int64_t PiecesOf(const Reward& reward) {
  return reward.kind == RewardKind::kGiftCard ? 1 : reward.amount_minor;
}

}  // namespace kith::referral::domain
