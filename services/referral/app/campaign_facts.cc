#include "services/referral/app/campaign_facts.h"

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"

namespace kith::referral::app {

using events::v1::Fact;

void PublishCampaignPaused(exec::Unit& unit, const store::PausedCampaign& pause) {
  Fact fact;
  auto& paused = *fact.mutable_campaign_paused();
  paused.set_campaign(pause.campaign);
  paused.set_cause(pause.cause);
  feed::Emit(unit, pause.program_id, fact);
}

void PublishCampaignResumed(exec::Unit& unit, const std::string& program_id,
                            const std::string& campaign, const std::string& by) {
  Fact fact;
  auto& resumed = *fact.mutable_campaign_resumed();
  resumed.set_campaign(campaign);
  resumed.set_resumed_by(by);
  feed::Emit(unit, program_id, fact);
}

}  // namespace kith::referral::app
