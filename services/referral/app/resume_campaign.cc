#include "services/referral/app/resume_campaign.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/campaigns.h"
#include "services/referral/app/rules.h"

namespace kith::referral::app {

ResumeCampaignCommand::ResumeCampaignCommand(std::string program_id, std::string campaign,
                                             Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      campaign_(std::move(campaign)),
      encode_(std::move(encode)) {}

void ResumeCampaignCommand::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  WantCampaign(loader, program_id_, campaign_);
}

absl::StatusOr<std::string> ResumeCampaignCommand::Decide(exec::Unit& unit, absl::Time) const {
  KITH_RETURN_IF_ERROR(RequireCampaign(unit, program_id_, campaign_));
  return encode_({.was_paused = ResumeCampaign(unit, program_id_, campaign_)});
}

}  // namespace kith::referral::app
