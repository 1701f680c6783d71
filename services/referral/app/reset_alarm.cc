#include "services/referral/app/reset_alarm.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/quality_tables.h"

namespace kith::referral::app {

ResetAlarm::ResetAlarm(std::string program_id, std::string campaign, ConductDecision decision,
                       Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      campaign_(std::move(campaign)),
      decision_(std::move(decision)),
      encode_(std::move(encode)) {}

void ResetAlarm::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.WantAll<store::TestsOfCampaign>({program_id_, campaign_});
}

absl::StatusOr<std::string> ResetAlarm::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const auto stored = unit.Select<store::TestsOfCampaign>({program_id_, campaign_});
  if (stored.empty() && domain::FindCampaign(rules.Newest()->program, campaign_) == nullptr) {
    return MakeFieldError(domain::errors::kCampaignNotFound, "campaign",
                          "must be a campaign of the program");
  }
  Response fresh;
  for (const domain::QualityTest* test : stored) {
    fresh.push_back(domain::Reset(*test, now, decision_.decided_by, decision_.cause));
  }
  for (const domain::QualityTest& test : fresh) unit.Put<store::QualityTestTable>(test);
  return encode_(fresh);
}

}  // namespace kith::referral::app
