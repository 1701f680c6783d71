#include "services/referral/app/campaigns.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/campaign_facts.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/campaign_tables.h"

namespace kith::referral::app {

void WantCampaign(exec::Loader& loader, const std::string& program_id,
                  const std::string& campaign) {
  if (!campaign.empty()) loader.Want<store::PausedCampaignTable>({program_id, campaign});
}

bool IsPaused(exec::Unit& unit, const std::string& program_id, const std::string& campaign) {
  return !campaign.empty() &&
         unit.Find<store::PausedCampaignTable>({program_id, campaign}) != nullptr;
}

absl::Status RequireCampaign(exec::Unit& unit, const std::string& program_id,
                             const std::string& campaign) {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id));
  for (int64_t number = rules.Newest()->version; number > 0; --number) {
    const auto* version = rules.Version(number);
    if (domain::FindCampaign(version->program, campaign) != nullptr) return absl::OkStatus();
  }
  return MakeFieldError(domain::errors::kCampaignNotFound, "campaign_id",
                        "must be a campaign of the program");
}

void PauseCampaign(exec::Unit& unit, const std::string& program_id,
                   const std::string& campaign, absl::string_view cause, absl::string_view by,
                   absl::Time now) {
  if (campaign.empty() || IsPaused(unit, program_id, campaign)) return;
  store::PausedCampaign pause{program_id, campaign, now, std::string(cause), std::string(by)};
  PublishCampaignPaused(unit, pause);
  unit.Put<store::PausedCampaignTable>(std::move(pause));
}

bool ResumeCampaign(exec::Unit& unit, const std::string& program_id,
                    const std::string& campaign, const std::string& by) {
  if (!IsPaused(unit, program_id, campaign)) return false;
  unit.Erase<store::PausedCampaignTable>({program_id, campaign});
  PublishCampaignResumed(unit, program_id, campaign, by);
  return true;
}

}  // namespace kith::referral::app
