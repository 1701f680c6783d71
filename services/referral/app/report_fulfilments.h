// What providers say of the rewards that they claimed.
#ifndef KITH_SERVICES_REFERRAL_APP_REPORT_FULFILMENTS_H_
#define KITH_SERVICES_REFERRAL_APP_REPORT_FULFILMENTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/decisions.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// A fulfilment with the reward that it is of.
struct FulfilmentView {
  domain::Fulfilment fulfilment;
  domain::Reward reward;
  std::optional<Decision> retry = {};  // who wanted it tried again last; of reads and retries
};

// Each report stands for itself: REWARD_NOT_FOUND, NOT_CLAIMED, LEASE_OVER, REPORT_CONFLICT.
// The same report again returns the fulfilment as stored.
class ReportFulfilments final : public exec::Command {
 public:
  using Response = Results<FulfilmentView>;

  ReportFulfilments(std::string program_id, std::vector<domain::FulfilmentReport> reports,
                    Encoder<Response> encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<FulfilmentView> DecideOne(exec::Unit& unit,
                                           const domain::FulfilmentReport& report,
                                           absl::Time now) const;

  const std::string program_id_;
  const std::vector<domain::FulfilmentReport> reports_;
  const Encoder<Response> encode_;
};

// The reward and its fulfilment, if it was ever claimed; or REWARD_NOT_FOUND.
struct FoundReward {
  const domain::Reward* reward = nullptr;
  const domain::Fulfilment* fulfilment = nullptr;
};
absl::StatusOr<FoundReward> FindFulfilment(exec::Unit& unit, const std::string& program_id,
                                           const std::string& reward_id);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REPORT_FULFILMENTS_H_
