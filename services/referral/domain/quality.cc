#include "services/referral/domain/quality.h"

#include <algorithm>
#include <utility>

#include "services/referral/domain/occasion.h"

namespace kith::referral::domain {
namespace {

constexpr double kMillion = 1e6;
constexpr double kBasisPoints = 1e4;
constexpr int64_t kPpmPerBasisPoint = 100;

// The stated risk is split between a baseline that is estimated and the test itself.
double RiskOf(int64_t false_alarm_ppm, bool stated) {
  return static_cast<double>(false_alarm_ppm) / kMillion / (stated ? 1 : 2);
}

double PerDay(int64_t outcomes, absl::Duration time) {
  const absl::Duration day = absl::Hours(24);
  return static_cast<double>(outcomes) / absl::FDivDuration(std::max(time, day), day);
}

bool Watches(const QualityRules& rules, QualityMetric metric) {
  return rules.enabled && rules.metric == metric;
}

void AddOutcomeTime(const Campaign& campaign, std::vector<absl::Duration>& times) {
  const QualityRules* rules = QualityOf(campaign, QualityMetric::kConversion);
  if (rules != nullptr) times.push_back(rules->outcome_within);
}

}  // namespace

const QualityRules* QualityOf(const Campaign& campaign, QualityMetric metric) {
  if (Watches(campaign.quality, metric)) return &campaign.quality;
  return Watches(campaign.further_quality, metric) ? &campaign.further_quality : nullptr;
}

std::vector<absl::Duration> OutcomeTimes(const Program& program, const Campaign* campaign) {
  std::vector<absl::Duration> times;
  if (campaign != nullptr) {
    AddOutcomeTime(*campaign, times);
    return times;
  }
  for (const Campaign& each : program.campaigns) AddOutcomeTime(each, times);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

bool ConvertedWithin(const Referral& referral, absl::Duration within) {
  if (referral.fraud == FraudState::kRejected) return false;
  const absl::Time end = CampaignTime(referral) + within;
  if (referral.conversion_time.has_value() && *referral.conversion_time <= end) return true;
  return referral.lead_state == LeadState::kWon && referral.lead_state_time.has_value() &&
         *referral.lead_state_time <= end;
}

QualityBaseline Observed(QualityBaseline baseline, bool good, absl::Time time) {
  baseline.first_time = baseline.outcomes == 0 ? time : std::min(baseline.first_time, time);
  ++baseline.outcomes;
  if (good) ++baseline.successes;
  return baseline;
}

QualityTest Observed(QualityTest test, bool good, absl::Time time) {
  test.first_time = test.outcomes == 0 ? time : std::min(test.first_time, time);
  const bool early = good && test.metric == QualityMetric::kConversion;
  if (test.outcomes == 0) {
    test.last_time = time;
  } else if (!early) {
    test.last_time = std::max(test.last_time, time);
  }
  ++test.outcomes;
  if (good) ++test.successes;
  return test;
}

QualityTest Corrected(QualityTest test, absl::Time decided) {
  const bool counted = !test.reset_time.has_value() || *test.reset_time <= decided;
  if (counted && test.successes < test.outcomes) ++test.successes;
  return test;
}

QualityTest Judging(QualityTest test, const QualityRules& rules,
                    const QualityBaseline* baseline) {
  if (test.baseline_ppm.has_value()) return test;
  const int64_t own = baseline == nullptr ? 0 : baseline->outcomes;
  test.stated = rules.baseline_basis_points.has_value();
  if (!test.stated && (own == 0 || own < rules.min_baseline_outcomes)) return test;
  test.drop_basis_points = rules.drop_basis_points;
  test.false_alarm_ppm = rules.false_alarm_ppm;
  if (own > 0) {
    test.baseline_outcomes = own;
    test.baseline_successes = baseline->successes;
    test.baseline_time = test.last_time - baseline->first_time;
  }
  if (test.stated) {
    test.baseline_ppm = *rules.baseline_basis_points * kPpmPerBasisPoint;
  } else {
    const double lower =
        LowerRate(own, baseline->successes, RiskOf(rules.false_alarm_ppm, /*stated=*/false));
    // Rounded down, to the safe side.
    test.baseline_ppm = static_cast<int64_t>(lower * kMillion);
  }
  return test;
}

SequentialTest ToSequentialTest(const QualityTest& test) {
  SequentialTest sequential;
  sequential.baseline = static_cast<double>(test.baseline_ppm.value_or(0)) / kMillion;
  sequential.drop = static_cast<double>(test.drop_basis_points) / kBasisPoints;
  sequential.risk = RiskOf(test.false_alarm_ppm, test.stated);
  return sequential;
}

bool VolumeAbove(const QualityTest& test) {
  if (test.baseline_outcomes == 0) return true;
  return PerDay(test.outcomes, test.last_time - test.first_time) >
         PerDay(test.baseline_outcomes, test.baseline_time);
}

bool IsAlarming(const QualityTest& test) {
  // A baseline of 0 cannot be fallen below.
  if (test.alarm_time.has_value() || test.baseline_ppm.value_or(0) <= 0) return false;
  const SequentialTest sequential = ToSequentialTest(test);
  return Statistic(sequential, test.outcomes, test.successes) >= AlarmBound(sequential) &&
         VolumeAbove(test);
}

QualityTest Reset(const QualityTest& test, absl::Time time, std::string by,
                  std::string cause) {
  QualityTest fresh;
  fresh.program_id = test.program_id;
  fresh.campaign = test.campaign;
  fresh.metric = test.metric;
  fresh.first_time = time;
  fresh.last_time = time;
  fresh.reset_time = time;
  fresh.reset_by = std::move(by);
  fresh.reset_cause = std::move(cause);
  return fresh;
}

}  // namespace kith::referral::domain
