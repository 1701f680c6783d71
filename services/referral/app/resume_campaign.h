// Lets the rewards of a paused campaign go on.
#ifndef KITH_SERVICES_REFERRAL_APP_RESUME_CAMPAIGN_H_
#define KITH_SERVICES_REFERRAL_APP_RESUME_CAMPAIGN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"

namespace kith::referral::app {

// One that is not paused stays as it is; else who lets it go on is kept.
class ResumeCampaignCommand final : public exec::Command {
 public:
  struct Response {
    bool was_paused = false;
  };

  // `requested_by` may be empty: nobody said who.
  ResumeCampaignCommand(std::string program_id, std::string campaign, std::string requested_by,
                        Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string campaign_;
  const std::string requested_by_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RESUME_CAMPAIGN_H_
