// Campaigns whose rewards wait: earned and booked, but not handed out.
#ifndef KITH_SERVICES_REFERRAL_APP_CAMPAIGNS_H_
#define KITH_SERVICES_REFERRAL_APP_CAMPAIGNS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"

namespace kith::referral::app {

// Wants what the functions below need.
void WantCampaign(exec::Loader& loader, const std::string& program_id,
                  const std::string& campaign);

bool IsPaused(exec::Unit& unit, const std::string& program_id, const std::string& campaign);

// PROGRAM_NOT_FOUND, or CAMPAIGN_NOT_FOUND unless some version of the program has the
// campaign: rewards of one that a later version dropped may be waiting still.
absl::Status RequireCampaign(exec::Unit& unit, const std::string& program_id,
                             const std::string& campaign);

// Pauses a campaign and publishes campaign_paused. One that is paused already stays as it is.
void PauseCampaign(exec::Unit& unit, const std::string& program_id,
                   const std::string& campaign, absl::string_view cause, absl::string_view by,
                   absl::Time now);

// Lets it go on and publishes campaign_resumed; false: it was not paused. `by` may be empty.
bool ResumeCampaign(exec::Unit& unit, const std::string& program_id,
                    const std::string& campaign, const std::string& by);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CAMPAIGNS_H_
