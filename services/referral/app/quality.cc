#include "services/referral/app/quality.h"

#include <utility>

#include "services/referral/app/campaigns.h"
#include "services/referral/app/fraud_facts.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/quality.h"
#include "services/referral/store/quality_tables.h"

namespace kith::referral::app {
namespace {

using domain::QualityMetric;
using store::QualityBaselineTable;
using store::QualityTestTable;

constexpr absl::string_view kPauseCause = "quality";

std::string MetricText(QualityMetric metric) { return std::string(domain::Name(metric)); }

// The campaign that a referral belongs to by the rules in force then; nullptr: none.
const domain::Campaign* CampaignOf(const Rules& rules, const domain::Referral& referral) {
  const auto* version = rules.InForce(referral.submitted_time);
  return version == nullptr ? nullptr
                            : domain::FindCampaign(version->program, referral.campaign);
}

void ObserveBaseline(exec::Unit& unit, const domain::Referral& referral, QualityMetric metric,
                     bool good) {
  const auto* stored =
      unit.Find<QualityBaselineTable>({referral.program_id, MetricText(metric)});
  domain::QualityBaseline baseline;
  if (stored != nullptr) baseline = *stored;
  baseline.program_id = referral.program_id;
  baseline.metric = metric;
  unit.Put<QualityBaselineTable>(
      domain::Observed(std::move(baseline), good, referral.submitted_time));
}

}  // namespace

void WantQuality(exec::Loader& loader, const Rules& rules, const domain::Referral& referral) {
  for (const QualityMetric metric :
       {QualityMetric::kQualification, QualityMetric::kConversion}) {
    loader.Want<QualityBaselineTable>({referral.program_id, MetricText(metric)});
  }
  const domain::Campaign* campaign = CampaignOf(rules, referral);
  if (campaign == nullptr || !campaign->quality.enabled) return;
  loader.Want<QualityTestTable>(
      {referral.program_id, referral.campaign, MetricText(campaign->quality.metric)});
  WantCampaign(loader, referral.program_id, referral.campaign);
}

void ObserveOutcome(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                    domain::QualityMetric metric, bool good, absl::Time now) {
  const domain::Campaign* campaign = CampaignOf(rules, referral);
  if (campaign == nullptr) {
    ObserveBaseline(unit, referral, metric, good);
    return;
  }
  const domain::QualityRules& quality = campaign->quality;
  if (!quality.enabled || quality.metric != metric) return;
  const auto* stored = unit.Find<QualityTestTable>(
      {referral.program_id, referral.campaign, MetricText(metric)});
  domain::QualityTest test;
  if (stored != nullptr) test = *stored;
  test.program_id = referral.program_id;
  test.campaign = referral.campaign;
  test.metric = metric;
  test = domain::Judging(
      domain::Observed(std::move(test), good, referral.submitted_time), quality,
      unit.Find<QualityBaselineTable>({referral.program_id, MetricText(metric)}));
  const bool alarm = domain::IsAlarming(test);
  if (alarm) test.alarm_time = now;
  unit.Put<QualityTestTable>(test);
  if (!alarm) return;
  PublishQualityCollapsed(unit, test);
  if (quality.auto_pause) {
    PauseCampaign(unit, referral.program_id, referral.campaign, kPauseCause, domain::kByRules,
                  now);
  }
}

}  // namespace kith::referral::app
