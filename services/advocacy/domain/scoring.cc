#include "services/advocacy/domain/scoring.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/advocacy/domain/errors.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::domain {
namespace {

constexpr absl::Duration kMaxAhead = absl::Hours(24);

const PolicyVersion& Default() {
  static const auto& version = *new PolicyVersion{.policy = DefaultPolicy()};
  return version;
}

int64_t PeriodOf(absl::Time time, int32_t days) {
  const absl::Duration length = absl::Hours(24) * days;
  absl::Duration rest;
  const int64_t period = absl::IDivDuration(time - absl::UnixEpoch(), length, &rest);
  return rest < absl::ZeroDuration() ? period - 1 : period;
}

// Those that count already.
int64_t CountLive(absl::Span<const Activity* const> acts) {
  return std::count_if(acts.begin(), acts.end(), [](const Activity* a) { return a->live(); });
}

}  // namespace

const PolicyVersion& InForce(absl::Span<const PolicyVersion* const> versions, absl::Time at) {
  const auto it = std::find_if(versions.rbegin(), versions.rend(), [at](const auto* version) {
    return !version->effective_time.has_value() || *version->effective_time <= at;
  });
  return it == versions.rend() ? Default() : **it;
}

const PolicyVersion& Newest(absl::Span<const PolicyVersion* const> versions) {
  return versions.empty() ? Default() : *versions.back();
}

absl::StatusOr<Activity> Judge(absl::string_view program_id, const NewActivity& act,
                               absl::Span<const PolicyVersion* const> versions,
                               absl::Time now) {
  const absl::Time time = act.time.value_or(now);
  if (time > now + kMaxAhead) {
    return MakeFieldError(errors::kTimeInFuture, "activity_time",
                          "must be at most a day after now");
  }
  const PolicyVersion& version = InForce(versions, time);
  const Behaviour* behaviour = FindBehaviour(version.policy, act.behaviour);
  if (behaviour == nullptr) {
    return MakeFieldError(
        errors::kUnknownBehaviour, "behaviour",
        absl::StrCat("must be a behaviour of the policy in force at that time; \"",
                     act.behaviour, "\" is not"));
  }
  Activity judged{.program_id = std::string(program_id),
                  .activity_id = act.activity_id,
                  .advocate_id = act.advocate_id,
                  .behaviour = act.behaviour,
                  .time = time,
                  .time_given = act.time.has_value(),
                  .channel = act.channel,
                  .url = act.url,
                  .policy_version = version.version,
                  .worth = behaviour->points};
  if (behaviour->max_per_period.has_value()) {
    judged.cap = Cap{*behaviour->max_per_period, behaviour->period_days,
                     PeriodOf(time, behaviour->period_days)};
  }
  return judged;
}

bool SameContent(const Activity& stored, const NewActivity& act) {
  return stored.advocate_id == act.advocate_id && stored.behaviour == act.behaviour &&
         stored.channel == act.channel && stored.url == act.url &&
         stored.time_given == act.time.has_value() &&
         (!act.time.has_value() || stored.time == *act.time);
}

bool FitsCap(const Activity& act, absl::Span<const Activity* const> same_period) {
  return !act.cap.has_value() || CountLive(same_period) < act.cap->max;
}

const Activity* NextToCount(absl::Span<const Activity* const> same_period) {
  const int64_t live = CountLive(same_period);
  const Activity* next = nullptr;
  for (const Activity* act : same_period) {
    if (act->counted || act->reversal_time.has_value() || live >= act->cap->max) continue;
    if (next == nullptr ||
        std::tie(act->time, act->activity_id) < std::tie(next->time, next->activity_id)) {
      next = act;
    }
  }
  return next;
}

std::optional<TierMove> Apply(const Change& change, const ScoringPolicy& newest,
                              Advocate& advocate) {
  advocate.points += change.points;
  advocate.successes += change.successes;
  advocate.activities += change.activities;
  const std::string tier = TierName(newest, advocate.points);
  if (tier == advocate.tier) return std::nullopt;
  TierMove move{advocate.tier, tier};
  advocate.tier = tier;
  return move;
}

}  // namespace kith::advocacy::domain
