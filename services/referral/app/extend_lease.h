// Gives a provider more time.
#ifndef KITH_SERVICES_REFERRAL_APP_EXTEND_LEASE_H_
#define KITH_SERVICES_REFERRAL_APP_EXTEND_LEASE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/fulfilment.h"

namespace kith::referral::app {

// Never makes a lease shorter. Errors: PROGRAM_NOT_FOUND, REWARD_NOT_FOUND, NOT_CLAIMED,
// LEASE_OVER (it has ended, or the reward was claimed again), INVALID_FIELD.
class ExtendLease final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string reward_id;
    std::string lease_token;
    absl::Duration lease_duration = absl::ZeroDuration();  // zero: the default
  };
  using Response = domain::Fulfilment;

  ExtendLease(Request request, Encoder<Response> encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_EXTEND_LEASE_H_
