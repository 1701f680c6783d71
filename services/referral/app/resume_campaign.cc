#include "services/referral/app/resume_campaign.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/campaigns.h"
#include "services/referral/app/decisions.h"
#include "services/referral/app/rules.h"

namespace kith::referral::app {

ResumeCampaignCommand::ResumeCampaignCommand(std::string program_id, std::string campaign,
                                             std::string requested_by,
                                             Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      campaign_(std::move(campaign)),
      requested_by_(std::move(requested_by)),
      encode_(std::move(encode)) {}

void ResumeCampaignCommand::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  WantCampaign(loader, program_id_, campaign_);
  WantDecision(loader, program_id_, store::kResumed, campaign_);
}

absl::StatusOr<std::string> ResumeCampaignCommand::Decide(exec::Unit& unit,
                                                          absl::Time now) const {
  KITH_RETURN_IF_ERROR(RequireCampaign(unit, program_id_, campaign_));
  const bool was_paused = ResumeCampaign(unit, program_id_, campaign_, requested_by_);
  if (was_paused) {
    KeepDecision(unit, program_id_, store::kResumed, campaign_, requested_by_, now);
  }
  return encode_({.was_paused = was_paused});
}

}  // namespace kith::referral::app
