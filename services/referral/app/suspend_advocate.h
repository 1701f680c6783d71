// Keeps an advocate from recommending, by a person's decision.
#ifndef KITH_SERVICES_REFERRAL_APP_SUSPEND_ADVOCATE_H_
#define KITH_SERVICES_REFERRAL_APP_SUSPEND_ADVOCATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/suspensions.h"
#include "services/referral/domain/advocate.h"

namespace kith::referral::app {

// One who is suspended already is answered as stored.
class SuspendAdvocate final : public exec::Command {
 public:
  using Response = domain::Advocate;

  SuspendAdvocate(std::string program_id, std::string advocate_id, ConductDecision decision,
                  Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string advocate_id_;
  const ConductDecision decision_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SUSPEND_ADVOCATE_H_
