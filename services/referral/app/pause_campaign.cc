#include "services/referral/app/pause_campaign.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/campaigns.h"
#include "services/referral/app/rules.h"

namespace kith::referral::app {

PauseCampaignCommand::PauseCampaignCommand(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void PauseCampaignCommand::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  WantCampaign(loader, request_.program_id, request_.campaign);
}

absl::StatusOr<std::string> PauseCampaignCommand::Decide(exec::Unit& unit,
                                                         absl::Time now) const {
  KITH_RETURN_IF_ERROR(RequireCampaign(unit, request_.program_id, request_.campaign));
  PauseCampaign(unit, request_.program_id, request_.campaign, request_.cause,
                request_.paused_by, now);
  const auto* pause =
      unit.Find<store::PausedCampaignTable>({request_.program_id, request_.campaign});
  if (pause == nullptr) return unit.status();
  return encode_(*pause);
}

}  // namespace kith::referral::app
