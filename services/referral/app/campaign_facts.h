// The facts about campaigns that the referral service publishes (see
// kith/events/v1/events.proto).
#ifndef KITH_SERVICES_REFERRAL_APP_CAMPAIGN_FACTS_H_
#define KITH_SERVICES_REFERRAL_APP_CAMPAIGN_FACTS_H_

#include <string>

#include "common/executor/unit.h"
#include "services/referral/store/campaign_tables.h"

namespace kith::referral::app {

void PublishCampaignPaused(exec::Unit& unit, const store::PausedCampaign& pause);
void PublishCampaignResumed(exec::Unit& unit, const std::string& program_id,
                            const std::string& campaign, const std::string& by);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CAMPAIGN_FACTS_H_
