// A person decides whether a lead fits the ideal customer.
#ifndef KITH_SERVICES_REFERRAL_APP_DECIDE_FIT_H_
#define KITH_SERVICES_REFERRAL_APP_DECIDE_FIT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

class DecideFit final : public exec::Command {
 public:
  using Response = domain::Referral;

  DecideFit(std::string program_id, std::string referral_id, domain::FitDecision decision,
            Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string referral_id_;
  const domain::FitDecision decision_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_DECIDE_FIT_H_
