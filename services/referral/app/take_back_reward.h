// A person takes a reward back.
#ifndef KITH_SERVICES_REFERRAL_APP_TAKE_BACK_REWARD_H_
#define KITH_SERVICES_REFERRAL_APP_TAKE_BACK_REWARD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Refuses REWARD_NOT_FOUND and, of a name that the service gives itself in `decided_by`,
// INVALID_FIELD. One that is over, or that was taken back while a provider is at
// it, stays as it is.
class TakeBackReward final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string reward_id;
    std::string cause;
    std::string decided_by;
  };
  // The reward afterwards, and when that is.
  struct Response {
    domain::Reward reward;
    absl::Time now;
  };

  TakeBackReward(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_TAKE_BACK_REWARD_H_
