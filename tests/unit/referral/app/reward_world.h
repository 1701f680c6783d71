// Programmes of one's own rules, what happens to their referrals, and what is owed then.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_REWARD_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_REWARD_WORLD_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/counting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/reward_reader.h"
#include "services/referral/app/rule_story.h"
#include "services/referral/app/take_back_reward.h"
#include "services/referral/domain/names.h"
#include "services/referral/jobs/due_work.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {

// Lets something happen to a referral that comes from elsewhere: a fraud decision, a feed.
class Happening final : public exec::Command {
 public:
  using Response = bool;
  using Action =
      std::function<void(exec::Unit&, const Rules&, const domain::Referral&, absl::Time now)>;
  Happening(std::string referral_id, Action action, Encoder<Response> encode)
      : key_{"acme", std::move(referral_id)}, action_(std::move(action)), encode_(encode) {}

  void Prefetch(exec::Loader& loader) const override {
    Rules::Want(loader, key_.first);
    loader.Want<store::ReferralTable>(key_);
    const auto* referral = loader.Peek<store::ReferralTable>(key_);
    if (referral == nullptr) return;
    WantGrants(loader, Rules::Peek(loader, key_.first), *referral, referral->customer_id,
               referral->signup_time.value_or(referral->submitted_time));
    WantUnreached(loader, Rules::Peek(loader, key_.first), *referral);
  }
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override {
    const auto rules = Rules::Load(unit, key_.first);
    const auto* referral = unit.Find<store::ReferralTable>(key_);
    if (rules.ok() && referral != nullptr) {
      action_(unit, *rules, domain::Referral(*referral), now);
    }
    return encode_(true);
  }

 private:
  const store::IdKey key_;
  const Action action_;
  const Encoder<Response> encode_;
};

// `rule reward reward reason: detail` of each rule.
inline std::vector<std::string> TellRules(const std::vector<RuleStory>& rules) {
  std::vector<std::string> all;
  for (const RuleStory& rule : rules) {
    std::string line = rule.rule_key;
    for (const domain::Reward& reward : rule.rewards) {
      absl::StrAppend(&line, " ", reward.reward_id);
    }
    if (!rule.unpaid.reason.empty()) {
      absl::StrAppend(&line, " ", rule.unpaid.reason, ": ", rule.unpaid.detail);
    }
    all.push_back(line);
  }
  return all;
}

class RewardTest : public ::testing::TestWithParam<std::string> {
 protected:
  RewardTest() : world_(GetParam(), false) {}

  static domain::RewardRule Rule(std::string id, int64_t minor) {
    domain::RewardRule rule;
    rule.rule_id = std::move(id);
    rule.amount.fixed_minor = minor;
    return rule;
  }
  static domain::RewardRule On(domain::Trigger trigger, std::string id, int64_t minor) {
    domain::RewardRule rule = Rule(std::move(id), minor);
    rule.trigger = trigger;
    return rule;
  }
  // The first is in force since ever, and ada and bob recommend by it; others from now on.
  void Apply(const domain::Program& program) {
    const auto applied = world_.Apply({.program = program});
    ASSERT_TRUE(applied.ok()) << applied.status();
    if (applied->version > 1) return;
    world_.EnrollOne("ada");
    world_.EnrollOne("bob");
  }
  void Apply(std::vector<domain::RewardRule> rules) {
    domain::Program program = SampleProgram();
    program.rewards = std::move(rules);
    Apply(program);
  }

  void Submit(const std::string& id, const std::string& advocate = "ada",
              const std::string& campaign = "") {
    // A lead counts for a signup after it.
    auto lead = LeadOf("r-" + id, advocate, id, world_.clock.Now() - absl::Hours(1));
    lead.lead.campaign = campaign;
    const auto submitted = world_.SubmitOne(lead);
    ASSERT_TRUE(submitted.ok()) << submitted.status();
  }
  void SignUp(const std::string& id, const std::string& referrer = "") {
    auto signup = SignupOf(id, world_.clock.Now());
    signup.signup.referrer_id = referrer;
    ASSERT_TRUE(world_.SignUp(signup).ok());
  }
  // A customer whom `advocate` brought.
  void Bring(const std::string& id, const std::string& advocate = "ada") {
    SignUp(id, advocate);
  }
  ConversionView Pay(const std::string& order, const std::string& customer,
                     int64_t cents = 5000, const std::string& event = "") {
    auto report = PaymentOf(order, customer, world_.clock.Now(), cents);
    report.event = event;
    const auto view = world_.Convert(report);
    EXPECT_TRUE(view.ok()) << view.status();
    return view.ok() ? *view : ConversionView();
  }
  void Happen(const std::string& referral_id, Happening::Action action) {
    ASSERT_TRUE(world_.Run<Happening>("Happening", referral_id, std::move(action)).ok());
  }
  // Sets what the fraud rules say of a referral, as those who decide do.
  void SetFraud(const std::string& referral_id, domain::FraudState fraud) {
    Happen(referral_id, [fraud](exec::Unit& unit, const Rules&, const domain::Referral& stored,
                                absl::Time) {
      domain::Referral referral = stored;
      referral.fraud = fraud;
      unit.Put<store::ReferralTable>(referral);
    });
  }
  void Fulfil(const std::string& reward_id) {
    const domain::Reward reward = Reward(reward_id);
    Happen(reward.referral_id,
           [reward](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time now) {
             OnRewardFulfilled(unit, reward, now);
           });
  }
  void Advance(absl::Duration by) { world_.clock.Set(world_.clock.Now() + by); }
  void DoDueWork() {
    const absl::Status done = due_work_.RunOnce();
    EXPECT_TRUE(done.ok()) << done;
  }

  domain::Reward Reward(const std::string& reward_id) {
    const auto reward = reader_.GetReward("acme", reward_id, test::Soon());
    EXPECT_TRUE(reward.ok()) << reward_id << ": " << reward.status();
    return reward.ok() ? *reward : domain::Reward();
  }
  // "id recipient amount unit state[ cause]" of all rewards.
  std::vector<std::string> Rewards() {
    std::vector<std::string> all;
    for (const domain::Reward& reward : world_.Rewards()) {
      all.push_back(absl::StrCat(reward.reward_id, " ", reward.recipient_id, " ",
                                 reward.amount_minor, " ", reward.currency, " ",
                                 domain::Name(reward.state(world_.clock.Now())),
                                 reward.cause.empty() ? "" : " ", reward.cause));
    }
    return all;
  }
  // "account unit balance" of the ledger's balances that are not 0. Sums to 0 by unit.
  std::vector<std::string> Balances() {
    std::vector<std::string> all;
    std::map<std::string, int64_t> sums;
    const auto balances = reader_.GetBalances("acme", test::Soon());
    EXPECT_TRUE(balances.ok());
    for (const auto& [key, minor] : balances->balances) {
      if (minor != 0) all.push_back(absl::StrCat(key.first, " ", key.second, " ", minor));
      sums[key.second] += minor;
    }
    for (const auto& [unit, sum] : sums) EXPECT_EQ(sum, 0) << unit;
    return all;
  }

  World world_;
  RewardReader reader_{world_.database()};
  metrics::Registry registry_;
  jobs::DueWork due_work_{world_.database(), world_.executor(), world_.clock, registry_};
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_REWARD_WORLD_H_
