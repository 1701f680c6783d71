// Pauses a campaign's rewards by a person's decision.
#ifndef KITH_SERVICES_REFERRAL_APP_PAUSE_CAMPAIGN_H_
#define KITH_SERVICES_REFERRAL_APP_PAUSE_CAMPAIGN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/store/campaign_tables.h"

namespace kith::referral::app {

// One that is paused already stays as it is, and is answered so.
class PauseCampaignCommand final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string campaign;
    std::string cause;
    std::string paused_by;
  };
  using Response = store::PausedCampaign;

  PauseCampaignCommand(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_PAUSE_CAMPAIGN_H_
