// Has a reward tried again by a person's decision.
#ifndef KITH_SERVICES_REFERRAL_APP_RETRY_FULFILMENT_H_
#define KITH_SERVICES_REFERRAL_APP_RETRY_FULFILMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/report_fulfilments.h"
#include "services/referral/app/results.h"

namespace kith::referral::app {

// The reward may be claimed at once; failures are counted anew; who wanted it is kept. Errors:
// PROGRAM_NOT_FOUND, REWARD_NOT_FOUND, NOT_FAILED (never claimed, claimed, fulfilled, taken
// back or expired).
class RetryFulfilment final : public exec::Command {
 public:
  using Response = FulfilmentView;

  // `requested_by` may be empty: nobody said who.
  RetryFulfilment(std::string program_id, std::string reward_id, std::string requested_by,
                  Encoder<Response> encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string reward_id_;
  const std::string requested_by_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RETRY_FULFILMENT_H_
