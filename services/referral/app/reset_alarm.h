// Starts the quality test of a campaign afresh.
#ifndef KITH_SERVICES_REFERRAL_APP_RESET_ALARM_H_
#define KITH_SERVICES_REFERRAL_APP_RESET_ALARM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/suspensions.h"
#include "services/referral/domain/quality.h"

namespace kith::referral::app {

// Counts, baseline and alarm of all its metrics go; a pause stays. CAMPAIGN_NOT_FOUND when it
// has neither outcomes nor a place among the newest rules.
class ResetAlarm final : public exec::Command {
 public:
  using Response = std::vector<domain::QualityTest>;

  ResetAlarm(std::string program_id, std::string campaign, ConductDecision decision,
             Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string campaign_;
  const ConductDecision decision_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RESET_ALARM_H_
