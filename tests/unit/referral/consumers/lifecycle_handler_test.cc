#include "services/referral/consumers/lifecycle_handler.h"

#include "kith/events/v1/events.pb.h"
#include "tests/unit/referral/app/fulfilment_world.h"

namespace kith::referral::consumers {
namespace {

using app::kDay;
using app::kNow;
using events::v1::Fact;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Applies one event, as the consumer of a feed does.
class Apply final : public exec::Command {
 public:
  Apply(std::string source, Fact fact) : source_(std::move(source)), fact_(std::move(fact)) {}
  void Prefetch(exec::Loader& loader) const override { handler_.Prefetch(EventOf(), loader); }
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override {
    const absl::Status status = handler_.Apply(EventOf(), unit, now);
    if (!status.ok()) return status;
    return std::string("done");
  }

 private:
  feed::Event EventOf() const { return {source_, 0, 1, "acme", kNow, &fact_}; }
  const std::string source_;
  const Fact fact_;
  const LifecycleHandler handler_;
};

// Rewards when the referee reaches the success event, and when he or she is a customer for 30
// days.
class LifecycleHandlerTest : public app::FulfilmentTest {
 protected:
  LifecycleHandlerTest() {
    domain::RewardRule aha = Rule("aha", domain::RewardKind::kCash, 500, "");
    aha.trigger = domain::Trigger::kAhaReached;
    domain::RewardRule stays = Rule("stays", domain::RewardKind::kCash, 700, "");
    stays.trigger = domain::Trigger::kRetained;
    stays.retained_days = 30;
    Apply({aha, stays});
    Advance(absl::Seconds(1));
  }
  using app::FulfilmentTest::Apply;

  absl::Status Hear(const std::string& source, const Fact& fact) {
    exec::Submission submission;
    submission.program_id = "acme";
    submission.method = "ApplyEvents";
    submission.command = std::make_unique<consumers::Apply>(source, fact);
    return world_.executor().Run(std::move(submission)).status();
  }
  absl::Status Aha(const std::string& customer, absl::Time time) {
    Fact fact;
    fact.mutable_aha_reached()->set_customer_id(customer);
    fact.mutable_aha_reached()->mutable_aha_time()->set_seconds(absl::ToUnixSeconds(time));
    return Hear("retention", fact);
  }
  absl::Status Churn(const std::string& customer, absl::Time time) {
    Fact fact;
    fact.mutable_customer_churned()->set_customer_id(customer);
    fact.mutable_customer_churned()->mutable_churn_time()->set_seconds(
        absl::ToUnixSeconds(time));
    return Hear("retention", fact);
  }
  absl::Status Return(const std::string& customer, absl::Time time) {
    Fact fact;
    fact.mutable_customer_reactivated()->set_customer_id(customer);
    fact.mutable_customer_reactivated()->mutable_reactivation_time()->set_seconds(
        absl::ToUnixSeconds(time));
    return Hear("retention", fact);
  }
  absl::Status Tier(const std::string& advocate, const std::string& tier) {
    Fact fact;
    fact.mutable_tier_changed()->set_advocate_id(advocate);
    fact.mutable_tier_changed()->set_new_tier(tier);
    return Hear("advocacy", fact);
  }
  void SignUp(const std::string& customer) {
    auto signup = app::SignupOf(customer, world_.clock.Now());
    signup.signup.referrer_id = "ada";
    ASSERT_TRUE(world_.SignUp(signup).ok());
  }
  std::vector<std::string> RewardIds() const {
    std::vector<std::string> ids;
    for (const domain::Reward& reward : world_.Rewards()) {
      if (reward.owed()) ids.push_back(reward.rule_id);
    }
    return ids;
  }
  std::vector<std::string> Early() const {
    return world_.Query("SELECT role, subject_id FROM early_life ORDER BY role, subject_id");
  }
};

TEST_P(LifecycleHandlerTest, TheSuccessEventEarnsItsReward) {
  SignUp("carl");
  ASSERT_TRUE(Aha("carl", world_.clock.Now()).ok());
  EXPECT_THAT(RewardIds(), ElementsAre("aha"));
  ASSERT_TRUE(Aha("carl", world_.clock.Now()).ok());
  EXPECT_THAT(RewardIds(), ElementsAre("aha"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LifecycleHandlerTest, FactsMayComeBeforeTheSignup) {
  ASSERT_TRUE(Aha("carl", world_.clock.Now()).ok());
  ASSERT_TRUE(Churn("dora", world_.clock.Now()).ok());
  ASSERT_TRUE(Return("dora", world_.clock.Now()).ok());
  EXPECT_THAT(Early(), ElementsAre("customer carl", "customer dora"));
  EXPECT_THAT(RewardIds(), IsEmpty());
  SignUp("carl");
  SignUp("dora");
  EXPECT_THAT(RewardIds(), ElementsAre("aha"));
  EXPECT_THAT(Early(), IsEmpty());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LifecycleHandlerTest, WhoLeftIsNotRetained) {
  SignUp("carl");
  SignUp("dora");
  Advance(10 * kDay);
  ASSERT_TRUE(Churn("carl", world_.clock.Now()).ok());
  EXPECT_THAT(world_.Query("SELECT customer_id FROM customer WHERE churned_time IS NOT NULL"),
              ElementsAre("carl"));
  Advance(20 * kDay);
  DoDueWork();
  EXPECT_THAT(RewardIds(), ElementsAre("stays"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LifecycleHandlerTest, WhoCameBackInTimeIsRetained) {
  SignUp("carl");
  Advance(10 * kDay);
  ASSERT_TRUE(Churn("carl", world_.clock.Now()).ok());
  Advance(5 * kDay);
  ASSERT_TRUE(Return("carl", world_.clock.Now()).ok());
  Advance(15 * kDay);
  DoDueWork();
  EXPECT_THAT(RewardIds(), ElementsAre("stays"));
}

TEST_P(LifecycleHandlerTest, TierAndSegmentOfAdvocates) {
  ASSERT_TRUE(Tier("ada", "champion").ok());
  ASSERT_TRUE(Tier("bob", "defender").ok());
  Fact fact;
  fact.mutable_segment_changed()->set_advocate_id("bob");
  fact.mutable_segment_changed()->set_new_segment("dormant");
  ASSERT_TRUE(Hear("advocacy", fact).ok());
  EXPECT_THAT(Early(), ElementsAre("advocate bob"));
  world_.EnrollOne("bob");
  EXPECT_THAT(Early(), IsEmpty());
  EXPECT_EQ(world_.Advocate("ada").tier, "champion");
  EXPECT_EQ(world_.Advocate("bob").tier, "defender");
  EXPECT_EQ(world_.Advocate("bob").segment, "dormant");
  ASSERT_TRUE(Tier("ada", "").ok());
  EXPECT_EQ(world_.Advocate("ada").tier, "");
}

TEST_P(LifecycleHandlerTest, NothingFollowsFromRulesThatCannotBeRead) {
  SignUp("carl");
  ASSERT_TRUE(world_.database()
                  .RunScript("INSERT INTO program_version VALUES ('acme', 9, NULL, "
                             "'of_the_future=1')")
                  .ok());
  const std::string before = world_.Query("SELECT aha_time FROM customer").front();
  EXPECT_EQ(GetErrorReason(Aha("carl", world_.clock.Now())), "PROGRAM_UNREADABLE");
  EXPECT_EQ(world_.Query("SELECT aha_time FROM customer").front(), before);
  EXPECT_THAT(RewardIds(), IsEmpty());
  ASSERT_TRUE(
      world_.database().RunScript("DELETE FROM program_version WHERE version = 9").ok());
  ASSERT_TRUE(Aha("carl", world_.clock.Now()).ok());
  EXPECT_THAT(RewardIds(), ElementsAre("aha"));
}

TEST_P(LifecycleHandlerTest, OtherFactsAndSourcesArePassedOver) {
  SignUp("carl");
  Fact fact;
  fact.mutable_aha_reached()->set_customer_id("carl");
  EXPECT_TRUE(Hear("outreach", fact).ok());
  EXPECT_TRUE(Hear("advocacy", fact).ok());
  fact.mutable_customer_onboarded()->set_customer_id("carl");
  EXPECT_TRUE(Hear("retention", fact).ok());
  EXPECT_TRUE(Hear("retention", Fact()).ok());
  EXPECT_THAT(RewardIds(), IsEmpty());
  EXPECT_EQ(GetErrorReason(Aha("", kNow)), "UNREADABLE_FACT");
}

INSTANTIATE_TEST_SUITE_P(Backends, LifecycleHandlerTest,
                         ::testing::Values("sqlite", "postgres"), app::BackendName);

}  // namespace
}  // namespace kith::referral::consumers
