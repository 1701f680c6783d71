#include "services/referral/app/quality.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/referral/app/campaigns.h"
#include "services/referral/app/due.h"
#include "services/referral/app/fraud_facts.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/quality.h"
#include "services/referral/store/quality_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::QualityMetric;
using domain::QualityRules;
using store::ConversionBaselineTable;
using store::QualityBaselineTable;
using store::QualityTestTable;

constexpr absl::string_view kPauseCause = "quality";
constexpr absl::string_view kPausedBy = "alarm";
constexpr QualityMetric kMetrics[] = {QualityMetric::kQualification,
                                      QualityMetric::kConversion};

std::string MetricText(QualityMetric metric) { return std::string(domain::Name(metric)); }

// A referral under the rules in force when it began.
struct Watched {
  const domain::Program* program = nullptr;    // nullptr: there were none
  const domain::Campaign* campaign = nullptr;  // nullptr: it belongs to none of them
};
Watched WatchedBy(const Rules& rules, const domain::Referral& referral) {
  const auto* version = rules.InForce(domain::CampaignTime(referral));
  if (version == nullptr) return {};
  return {&version->program, domain::FindCampaign(version->program, referral.campaign)};
}

std::vector<absl::Duration> TimesOf(const Watched& watched) {
  if (watched.program == nullptr) return {};
  return domain::OutcomeTimes(*watched.program, watched.campaign);
}

// Those of its campaign or of another one that it may have been in before.
std::vector<absl::Duration> AllTimesOf(const Watched& watched) {
  return TimesOf({watched.program, nullptr});
}

// What due work of one of these times is about.
std::string SubjectOf(const domain::Referral& referral, absl::Duration within) {
  return absl::StrCat(referral.referral_id, "/", absl::ToInt64Microseconds(within));
}

struct Subject {
  std::string referral_id;
  absl::Duration within;
};
std::optional<Subject> ParseSubject(const std::string& text) {
  const size_t slash = text.rfind('/');
  int64_t micros = 0;
  if (slash == std::string::npos || !absl::SimpleAtoi(text.substr(slash + 1), &micros)) {
    return std::nullopt;
  }
  return Subject{text.substr(0, slash), absl::Microseconds(micros)};
}

const domain::QualityBaseline* FindBaseline(exec::Unit& unit, const std::string& program_id,
                                            QualityMetric metric, absl::Duration within) {
  if (metric == QualityMetric::kQualification) {
    return unit.Find<QualityBaselineTable>({program_id, MetricText(metric)});
  }
  return unit.Find<ConversionBaselineTable>(
      ConversionBaselineTable::ToKey(program_id, within));
}

void ObserveBaseline(exec::Unit& unit, const domain::Referral& referral, QualityMetric metric,
                     absl::Duration within, bool good) {
  const auto* stored = FindBaseline(unit, referral.program_id, metric, within);
  domain::QualityBaseline baseline;
  if (stored != nullptr) baseline = *stored;
  baseline.program_id = referral.program_id;
  baseline.metric = metric;
  baseline.within = within;
  baseline = domain::Observed(std::move(baseline), good, domain::CampaignTime(referral));
  if (metric == QualityMetric::kQualification) {
    unit.Put<QualityBaselineTable>(std::move(baseline));
  } else {
    unit.Put<ConversionBaselineTable>(std::move(baseline));
  }
}

QualityTestTable::Key TestKey(const domain::Referral& referral, QualityMetric metric) {
  return {referral.program_id, referral.campaign, MetricText(metric)};
}

// Of a referral of the campaign whose rules these are.
void ObserveTest(exec::Unit& unit, const domain::Referral& referral,
                 const QualityRules& quality, bool good, absl::Time now) {
  const auto* stored = unit.Find<QualityTestTable>(TestKey(referral, quality.metric));
  domain::QualityTest test;
  if (stored != nullptr) test = *stored;
  test.program_id = referral.program_id;
  test.campaign = referral.campaign;
  test.metric = quality.metric;
  test = domain::Judging(
      domain::Observed(std::move(test), good, domain::CampaignTime(referral)), quality,
      FindBaseline(unit, referral.program_id, quality.metric, quality.outcome_within));
  const bool alarm = domain::IsAlarming(test);
  if (alarm) test.alarm_time = now;
  unit.Put<QualityTestTable>(test);
  if (!alarm) return;
  PublishQualityCollapsed(unit, test);
  if (quality.auto_pause) {
    PauseCampaign(unit, referral.program_id, referral.campaign, kPauseCause, kPausedBy, now);
  }
}

void Correct(exec::Unit& unit, const domain::Referral& referral, absl::Time decided) {
  // It was decided before the lead came to the campaign.
  if (referral.campaign_by_code) return;
  const auto* stored =
      unit.Find<QualityTestTable>(TestKey(referral, QualityMetric::kQualification));
  if (stored == nullptr) return;
  unit.Put<QualityTestTable>(domain::Corrected(*stored, decided));
}

}  // namespace

void WantQuality(exec::Loader& loader, const Rules& rules, const domain::Referral& referral) {
  const std::string& program_id = referral.program_id;
  const Watched watched = WatchedBy(rules, referral);
  if (watched.program == nullptr) return;
  loader.Want<QualityBaselineTable>({program_id, MetricText(QualityMetric::kQualification)});
  for (const absl::Duration within : AllTimesOf(watched)) {
    WantDue(loader, program_id, DueKind::kOutcome, SubjectOf(referral, within));
  }
  for (const absl::Duration within : TimesOf(watched)) {
    loader.Want<ConversionBaselineTable>(ConversionBaselineTable::ToKey(program_id, within));
  }
  if (watched.campaign == nullptr) return;
  for (const QualityMetric metric : kMetrics) {
    if (domain::QualityOf(*watched.campaign, metric) == nullptr) continue;
    loader.Want<QualityTestTable>(TestKey(referral, metric));
    WantCampaign(loader, program_id, referral.campaign);
  }
}

void ObserveFit(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                const domain::LeadOutcome& outcome, absl::Time now) {
  const Watched watched = WatchedBy(rules, referral);
  if (watched.campaign == nullptr) {
    if (outcome.corrects.has_value()) return;
    ObserveBaseline(unit, referral, outcome.metric, absl::ZeroDuration(), outcome.good);
    return;
  }
  const QualityRules* quality = domain::QualityOf(*watched.campaign, outcome.metric);
  if (quality == nullptr) return;
  if (outcome.corrects.has_value()) {
    Correct(unit, referral, *outcome.corrects);
  } else {
    ObserveTest(unit, referral, *quality, outcome.good, now);
  }
}

void AwaitConversion(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                     absl::Time now) {
  const Watched watched = WatchedBy(rules, referral);
  const std::vector<absl::Duration> times = TimesOf(watched);
  // Of what is told late the conversions are told late as well.
  const absl::Time told = std::max(domain::CampaignTime(referral), now);
  for (const absl::Duration within : AllTimesOf(watched)) {
    const std::string subject = SubjectOf(referral, within);
    const bool watches = std::count(times.begin(), times.end(), within) > 0;
    const bool awaited = IsScheduled(unit, referral.program_id, DueKind::kOutcome, subject);
    if (watches && !awaited) {
      Schedule(unit, referral.program_id, DueKind::kOutcome, subject, told + within);
    } else if (!watches && awaited) {
      Unschedule(unit, referral.program_id, DueKind::kOutcome, subject);
    }
  }
}

void ObserveConversion(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                       absl::Time time, absl::Time now) {
  const Watched watched = WatchedBy(rules, referral);
  // The baseline learns of it when the time is over.
  if (watched.campaign == nullptr) return;
  const QualityRules* quality =
      domain::QualityOf(*watched.campaign, QualityMetric::kConversion);
  if (quality == nullptr) return;
  if (time > domain::CampaignTime(referral) + quality->outcome_within) return;
  const std::string subject = SubjectOf(referral, quality->outcome_within);
  // Without the entry it is an outcome already.
  if (!IsScheduled(unit, referral.program_id, DueKind::kOutcome, subject)) return;
  Unschedule(unit, referral.program_id, DueKind::kOutcome, subject);
  ObserveTest(unit, referral, *quality, /*good=*/true, now);
}

void WantOutcomeDue(exec::Loader& loader, const Rules& rules, const std::string& program_id,
                    const std::string& subject_id) {
  const std::optional<Subject> subject = ParseSubject(subject_id);
  if (!subject.has_value()) return;
  const store::IdKey key = {program_id, subject->referral_id};
  loader.Want<store::ReferralTable>(key);
  const auto* referral = loader.Peek<store::ReferralTable>(key);
  if (referral != nullptr) WantQuality(loader, rules, *referral);
}

void ApplyOutcomeDue(exec::Unit& unit, const Rules& rules, const std::string& program_id,
                     const std::string& subject_id, absl::Time now) {
  const std::optional<Subject> subject = ParseSubject(subject_id);
  if (!subject.has_value()) return;
  const auto* referral = unit.Find<store::ReferralTable>({program_id, subject->referral_id});
  if (referral == nullptr) return;
  const Watched watched = WatchedBy(rules, *referral);
  const std::vector<absl::Duration> times = TimesOf(watched);
  if (std::count(times.begin(), times.end(), subject->within) == 0) return;
  const absl::Time end = domain::CampaignTime(*referral) + subject->within;
  if (now < end) {
    // It came to its campaign by a code meanwhile, and began with that.
    Schedule(unit, program_id, DueKind::kOutcome, subject_id, end);
    return;
  }
  const bool good = domain::ConvertedWithin(*referral, subject->within);
  if (watched.campaign == nullptr) {
    ObserveBaseline(unit, *referral, QualityMetric::kConversion, subject->within, good);
  } else {
    ObserveTest(unit, *referral,
                *domain::QualityOf(*watched.campaign, QualityMetric::kConversion), good, now);
  }
}

}  // namespace kith::referral::app
