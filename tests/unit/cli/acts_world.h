// A referral service that knows one referral, for the commands of single acts.
#ifndef KITH_TESTS_UNIT_CLI_ACTS_WORLD_H_
#define KITH_TESTS_UNIT_CLI_ACTS_WORLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "kith/referral/v1/referral.pb.h"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {

using namespace kith::referral::v1;

inline constexpr int64_t kDay = 1767225600;  // 2026-01-01

class ActsTest : public CommandTest {
 protected:
  ActsTest() {
    referral_.set_referral_id("r1");
    referral_.set_advocate_id("ann");
    referral_.set_referee_id("ben");
    referral_.mutable_submitted_time()->set_seconds(kDay);
    referral_.set_state(REFERRAL_STATE_SUBMITTED);
    referral_.set_lead_state(LEAD_STATE_SUBMITTED);
    referral_.set_fit(FIT_UNKNOWN);
    referral_.set_fraud(FRAUD_STATE_CLEAR);
    GetReferralResponse got;
    *got.mutable_referral() = referral_;
    caller_.Return<GetReferralRequest>(got);
    AnswerRewards({});
  }

  void AnswerRewards(const std::vector<std::string>& ids) {
    ListRewardsResponse response;
    for (const std::string& id : ids) {
      Reward& reward = *response.add_rewards();
      reward.set_reward_id(id);
      reward.set_recipient_id("ann");
      reward.set_side(REWARD_SIDE_REFERRER);
      reward.set_rule_id("share");
      reward.set_state(REWARD_STATE_AVAILABLE);
      reward.mutable_amount()->set_amount_minor(1000);
      reward.mutable_amount()->set_currency("USD");
      reward.mutable_available_time()->set_seconds(kDay);
    }
    caller_.Return<ListRewardsRequest>(response);
  }

  void AnswerConversion() {
    RecordConversionsResponse response;
    Conversion& conversion = *response.add_results()->mutable_conversion();
    conversion.set_conversion_id("o1");
    conversion.set_customer_id("ben");
    conversion.set_referral_id("r1");
    conversion.mutable_conversion_time()->set_seconds(kDay);
    conversion.mutable_amount()->set_amount_minor(4990);
    conversion.mutable_amount()->set_currency("USD");
    conversion.set_live(true);
    conversion.set_success(true);
    conversion.add_reward_ids("o1:share");
    caller_.Return<RecordConversionsRequest>(response);
  }

  // The first request of its type.
  template <class Request>
  Request First() {
    const auto requests = caller_.Requests<Request>();
    return requests.empty() ? Request() : requests.front();
  }

  Referral referral_;
};

}  // namespace kith::cli

#endif  // KITH_TESTS_UNIT_CLI_ACTS_WORLD_H_
