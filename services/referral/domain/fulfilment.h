// How far the handing out of a reward has come, and the stock of what is handed out.
//
//   claim ──▶ claimed ──success──▶ succeeded
//     ▲          ├──failure──▶ to_retry (until next_attempt_time), or failed for good
//     └──────────┴──lease ends──▶ lapsed
//
// A report counts as long as the reward was not claimed again, whatever has become of the
// lease: a provider that paid late has paid.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FULFILMENT_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FULFILMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/name_table.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::domain {

enum class FulfilmentState {
  kClaimed,    // a provider has it
  kToRetry,    // an attempt failed; claimed again from next_attempt_time on
  kFailed,     // for good: waits for a person
  kSucceeded,  // the recipient has it
  kLapsed,     // the lease ended without a report: the reward is available again
  kStopped,    // the reward was taken back or expired meanwhile
  kOutOfStock  // of a view only: available, but there are not enough pieces
};

template <>
struct Names<FulfilmentState> {
  static constexpr std::pair<FulfilmentState, absl::string_view> kAll[] = {
      {FulfilmentState::kClaimed, "claimed"},
      {FulfilmentState::kToRetry, "to_retry"},
      {FulfilmentState::kFailed, "failed"},
      {FulfilmentState::kSucceeded, "succeeded"},
      {FulfilmentState::kLapsed, "lapsed"},
      {FulfilmentState::kStopped, "stopped"},
      {FulfilmentState::kOutOfStock, "out_of_stock"}};
};

// One for each reward that was ever claimed.
struct Fulfilment {
  std::string program_id;
  std::string reward_id;
  FulfilmentState state = FulfilmentState::kClaimed;
  std::string provider;     // who claimed it last
  std::string lease_token;  // of the last claim; proves it
  absl::Time lease_end_time = absl::UnixEpoch();
  int64_t attempts = 0;  // claims
  int64_t failures = 0;  // reported ones, since the first claim or the last decision to retry
  std::optional<absl::Time> next_attempt_time;  // of kToRetry
  std::string failure_reason;                   // of the last report, if it failed
  std::string reference;                        // the provider's, of a success
  absl::Time claimed_time = absl::UnixEpoch();
  absl::Time changed_time = absl::UnixEpoch();
  int64_t pieces = 0;  // of stock that the last claim reserved; 0: of no stock
  friend bool operator==(const Fulfilment&, const Fulfilment&) = default;
};

// Reported failures after which a reward fails for good.
inline constexpr int64_t kMaxFailures = 8;
// How long to wait after so many failures (>= 1): a minute, doubled with each, at most 6 h.
absl::Duration RetryDelay(int64_t failures);

// What a claim says.
struct ClaimTerms {
  std::string provider;
  std::string lease_token;
  absl::Time now;
  absl::Time lease_end_time;
  int64_t pieces = 0;
};
// `before`: the fulfilment so far, or nullptr.
Fulfilment Claimed(const Fulfilment* before, const Reward& reward, const ClaimTerms& terms);

// What a provider reports.
struct FulfilmentReport {
  std::string reward_id;
  std::string lease_token;
  bool succeeded = false;
  std::string reference;  // of a success
  std::string reason;     // of a failure
  bool retryable = false;
};
// OK; NOT_CLAIMED (`fulfilment` is nullptr); LEASE_OVER (claimed again since); REPORT_CONFLICT
// (a success was reported before, with another reference, or a failure comes after it).
absl::Status CheckReport(const Fulfilment* fulfilment, const FulfilmentReport& report);
// Whether the same was reported before, so that there is nothing to do.
bool IsReported(const Fulfilment& fulfilment, const FulfilmentReport& report);
// The fulfilment after a report that CheckReport accepts.
Fulfilment Reported(Fulfilment fulfilment, const FulfilmentReport& report, absl::Time now);
// The lease has ended.
Fulfilment Lapsed(Fulfilment fulfilment, absl::Time now);
// The reward was taken back, and nobody is at it any more.
Fulfilment Stopped(Fulfilment fulfilment, absl::Time now);
// A person wants another try: at once, with failures counted anew. NOT_FAILED unless it is to
// be retried or has failed.
absl::StatusOr<Fulfilment> Retried(const Fulfilment* fulfilment, absl::Time now);

// Whether rewards like this one are of things that may be stocked: gifts, tickets and gift
// cards with an item.
bool MayBeStocked(RewardKind kind, absl::string_view item);
// How many pieces of its item a reward takes.
int64_t PiecesOf(const Reward& reward);

// Pieces of one item.
struct Stock {
  std::string program_id;
  std::string item;
  int64_t on_hand = 0;  // to be claimed; below 0 when more were handed out than there were
  int64_t reserved = 0;
  int64_t handed_out = 0;
  absl::Time changed_time = absl::UnixEpoch();
  friend bool operator==(const Stock&, const Stock&) = default;
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FULFILMENT_H_
