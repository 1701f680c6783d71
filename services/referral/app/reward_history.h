// What a reward went through.
#ifndef KITH_SERVICES_REFERRAL_APP_REWARD_HISTORY_H_
#define KITH_SERVICES_REFERRAL_APP_REWARD_HISTORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/reward_model.h"
#include "services/referral/store/decision_tables.h"

namespace kith::referral::app {

// The cause of a step that changed nothing: the customer went to another advocate, and the
// referee's own reward stayed. Part of the API.
inline constexpr absl::string_view kReferrerChanged = "REFERRER_CHANGED";

// A state that a reward came into, or will by the clock.
struct RewardStep {
  domain::RewardState state = domain::RewardState::kHeld;
  absl::Time time;
  std::string cause;
  std::string decided_by;
};

// What other rows tell of it.
struct RewardTrail {
  std::optional<domain::FraudCase> fraud_case;  // of its referral
  std::optional<absl::Time> release_time;       // when what released it happened
  std::optional<store::Decision> retry;         // the last by which it was tried again
  std::optional<absl::Time> late_reversal;      // of its conversion: its window was over
};
// `rule`: its rule, if the program has it still.
absl::StatusOr<RewardTrail> ReadTrail(db::ReadTransaction& transaction,
                                      const domain::Reward& reward,
                                      const domain::RewardRule* rule);

// What it went through, oldest first, as far as these rows tell, and what comes by the clock.
std::vector<RewardStep> HistoryOf(const domain::Reward& reward, const RewardTrail& trail = {});

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REWARD_HISTORY_H_
