// What one act or one success does to an advocate.
//
// Points are earned by acts that count and by live conversions. What was given is kept with
// the act or the success, so that a later policy never changes it, and every change is an
// entry of an append-only ledger: an advocate's points are the sum of the entries.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_SCORING_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_SCORING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::domain {

// Somebody who recommends: enrolled, or known by an act or a success.
struct Advocate {
  std::string program_id;
  std::string advocate_id;
  int64_t points = 0;
  int64_t successes = 0;   // live conversions
  int64_t activities = 0;  // acts that count
  std::string tier;        // as last announced on the feed; empty: none
  std::optional<absl::Time> enrolled_time = std::nullopt;
  friend bool operator==(const Advocate&, const Advocate&) = default;
};

// The limit under which an act was judged.
struct Cap {
  int32_t max = 0;
  int32_t days = 1;
  int64_t period = 0;  // number of the period since 1970-01-01 UTC
  friend bool operator==(const Cap&, const Cap&) = default;
};

// An act as the caller tells it.
struct NewActivity {
  std::string activity_id;
  std::string advocate_id;
  std::string behaviour;
  std::optional<absl::Time> time;  // whole microseconds; absent: now
  std::string channel;
  std::string url;
};

// An act as stored.
struct Activity {
  std::string program_id;
  std::string activity_id;
  std::string advocate_id;
  std::string behaviour;
  absl::Time time;
  bool time_given = false;  // by the caller
  std::string channel;
  std::string url;
  int64_t policy_version = 0;
  int64_t worth = 0;     // points that it gives when it counts
  bool counted = false;  // false: a cap kept it from counting. Stays when it is reversed
  std::optional<Cap> cap = std::nullopt;
  std::optional<absl::Time> reversal_time = std::nullopt;
  std::string reversal_cause = {};
  int32_t entries = 0;            // in the ledger
  bool unknown_advocate = false;  // of answers only: nothing told of the enrolment, as yet
  bool live() const { return counted && !reversal_time.has_value(); }
  friend bool operator==(const Activity&, const Activity&) = default;
};

// A conversion of a referral.
struct Success {
  std::string program_id;
  std::string conversion_id;
  std::string referral_id;
  std::string advocate_id;
  absl::Time time;
  int64_t points = 0;  // given while it is live
  std::optional<absl::Time> reversal_time = std::nullopt;
  int32_t entries = 0;  // in the ledger
  bool live() const { return !reversal_time.has_value(); }
  friend bool operator==(const Success&, const Success&) = default;
};

enum class EntrySource { kActivity = 1, kConversion = 2 };

// A line of the ledger of points.
struct PointEntry {
  std::string program_id;
  EntrySource source = EntrySource::kActivity;
  std::string source_id;  // of the act or conversion
  int32_t number = 1;     // of the entries of that source
  std::string advocate_id;
  int64_t points = 0;  // not 0
  absl::Time time;
};

// The version by which a fact of time `at` is judged: the newest that was in force then.
// `versions` rise; the default policy when there are none.
const PolicyVersion& InForce(absl::Span<const PolicyVersion* const> versions, absl::Time at);
// The newest version, or the default policy.
const PolicyVersion& Newest(absl::Span<const PolicyVersion* const> versions);

// An act's worth and cap by the policy in force when it was done. UNKNOWN_BEHAVIOUR or
// TIME_IN_FUTURE (more than a day after `now`). Whether it counts is yet to be decided.
absl::StatusOr<Activity> Judge(absl::string_view program_id, const NewActivity& act,
                               absl::Span<const PolicyVersion* const> versions,
                               absl::Time now);

// Whether the same act is told again.
bool SameContent(const Activity& stored, const NewActivity& act);

// Whether `act` counts beside the other acts of its advocate, behaviour and period.
bool FitsCap(const Activity& act, absl::Span<const Activity* const> same_period);

// The act that takes the place of a counted one that was reversed: the earliest capped one
// that fits now, or nullptr.
const Activity* NextToCount(absl::Span<const Activity* const> same_period);

// What happens to an advocate's sums.
struct Change {
  int64_t points = 0;
  int64_t successes = 0;
  int64_t activities = 0;
};

struct TierMove {
  std::string old_tier;
  std::string new_tier;
  friend bool operator==(const TierMove&, const TierMove&) = default;
};

// Applies the change; tells when the tier, by the newest policy, is not the announced one.
std::optional<TierMove> Apply(const Change& change, const ScoringPolicy& newest,
                              Advocate& advocate);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_SCORING_H_
