// Occasions whose rewards' ids read the same have a reward each; on every backend.
#include "services/referral/app/override_attribution.h"
#include "services/referral/app/recalculate_program.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RewardIdsTest : public RewardTest {
 protected:
  ~RewardIdsTest() override { EXPECT_EQ(world_.misses(), 0); }

  void SubmitAs(const std::string& referral_id, const std::string& referee,
                const std::string& campaign = "") {
    auto lead = LeadOf(referral_id, "ada", referee, world_.clock.Now() - absl::Hours(1));
    lead.lead.campaign = campaign;
    const auto submitted = world_.SubmitOne(lead);
    ASSERT_TRUE(submitted.ok()) << submitted.status();
  }
  void Override(const std::string& customer, const std::string& advocate) {
    const auto decided = world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, advocate, "sue", "call"});
    ASSERT_TRUE(decided.ok()) << decided.status();
  }
  RecalculateProgram::Response Recalculate(int64_t version) {
    return world_
        .Run<RecalculateProgram>("RecalculateProgram",
                                 RecalculateProgram::Request{.program_id = "acme",
                                                             .version = version,
                                                             .from_time = kNow - kDay,
                                                             .to_time = kNow + kDay,
                                                             .page = {},
                                                             .dry_run = false})
        .value();
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, RewardIdsTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RewardIdsTest, AConversionNamedLikeARuleAndAReferralNamedLikeAnother) {
  Apply({On(Trigger::kSignedUp, "welcome", 100), Rule("share", 500)});
  Bring("c1");
  Pay("welcome", "c1");
  SubmitAs("share", "c2");
  SignUp("c2");
  EXPECT_THAT(Rewards(), ElementsAre("welcome:share ada 500 EUR available",
                                     "welcome:share~2 ada 100 EUR available",
                                     "welcome:signup:c1 ada 100 EUR available"));
  // Each is found again as its own, and goes with its own occasion.
  ASSERT_TRUE(world_.Reverse("welcome").ok());
  EXPECT_EQ(Reward("welcome:share").cause, "refund");
  EXPECT_EQ(Reward("welcome:share~2").cause, "");
  Pay("p2", "c1");
  Pay("p3", "c2");
  EXPECT_THAT(Rewards(),
              ElementsAre("p2:share ada 500 EUR available", "p3:share ada 500 EUR available",
                          "welcome:share ada 500 EUR reversed refund",
                          "welcome:share~2 ada 100 EUR available",
                          "welcome:signup:c1 ada 100 EUR available"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 1200", "liability:rewards EUR -1200"));
}

TEST_P(RewardIdsTest, TheOtherWayAround) {
  Apply({On(Trigger::kSignedUp, "welcome", 100), Rule("share", 500)});
  // With colons in the ids: the customer is called `share`.
  Bring("share");
  Bring("c1");
  Pay("welcome:signup", "c1");
  EXPECT_THAT(Rewards(), ElementsAre("welcome:signup:c1 ada 100 EUR available",
                                     "welcome:signup:share ada 100 EUR available",
                                     "welcome:signup:share~2 ada 500 EUR available"));
}

TEST_P(RewardIdsTest, ARuleThatHadAnotherTrigger) {
  domain::Program program = SampleProgram();
  program.rewards.clear();
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.rewards = {On(Trigger::kSubmitted, "gift", 100)};
  program.campaigns = {spring};
  Apply(program);
  // The shop's order has the id that the lead had.
  SubmitAs("o1", "c1", "spring");
  Advance(kDay);
  program.campaigns[0].rewards = {Rule("gift", 300)};
  Apply(program);
  SignUp("c1");
  Pay("o1", "c1");
  EXPECT_THAT(Rewards(), ElementsAre("spring/gift:o1 ada 100 EUR available",
                                     "spring/gift:o1~2 ada 300 EUR available"));
}

TEST_P(RewardIdsTest, AnIdThatReadsLikeASuccessor) {
  Apply({On(Trigger::kSignedUp, "welcome", 100)});
  SubmitAs("x", "c1");
  SubmitAs("x~2", "c2");
  SignUp("c2");
  SignUp("c1");
  EXPECT_THAT(Rewards(), ElementsAre("welcome:x ada 100 EUR available",
                                     "welcome:x~2 ada 100 EUR available"));
}

TEST_P(RewardIdsTest, AnIdThatReadsLikeASupplement) {
  domain::Program program = SampleProgram();
  program.rewards.clear();
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.rewards = {Rule("gift", 300)};
  program.campaigns = {spring};
  Apply(program);
  SubmitAs("r1", "c1", "spring");
  SubmitAs("r2", "c2", "spring");
  SignUp("c1");
  SignUp("c2");
  Pay("o1", "c1");
  Pay("o1@v2", "c2");
  Fulfil("spring/gift:o1");
  Advance(kDay);
  program.campaigns[0].rewards = {Rule("gift", 400)};
  Apply(program);
  Recalculate(2);
  EXPECT_THAT(Rewards(), ElementsAre("spring/gift:o1 ada 300 EUR fulfilled",
                                     "spring/gift:o1@v2 ada 400 EUR available",
                                     "spring/gift:o1@v2@v2 ada 100 EUR available"));
  EXPECT_TRUE(Recalculate(2).rewards.empty());
  // Each that is owed counts as one; what was made up counts by its amount.
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("2 800"));
  program.campaigns[0].rewards = {Rule("gift", 600)};
  Advance(kDay);
  Apply(program);
  EXPECT_EQ(Recalculate(3).rewards.size(), 2u);
  EXPECT_EQ(Reward("spring/gift:o1@v2").amount_minor, 600);
  ASSERT_TRUE(world_.Reverse("o1@v2").ok());
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("1 600"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(world_.Query("SELECT holder FROM cap_use"), IsEmpty());
}

TEST_P(RewardIdsTest, WhoIsGivenACustomerIsPaidWhatSomebodyElseHasLost) {
  domain::RewardRule hello = On(Trigger::kSignedUp, "hello", 100);
  hello.max_rewards_per_recipient = 1;
  Apply({hello, Rule("share", 500)});
  Bring("c0");
  Bring("c1");
  Pay("o1", "c1");
  Happen("signup:c1", [](exec::Unit& unit, const Rules& rules, const domain::Referral& stored,
                         absl::Time now) { OnFraudRejected(unit, rules, stored, now); });
  const std::vector<std::string> of_ada = {"hello:signup:c0 ada 100 EUR available",
                                           "hello:signup:c1 ada 0 EUR cancelled CAP_REACHED"};
  EXPECT_THAT(Rewards(), ElementsAre(of_ada[0], of_ada[1],
                                     "o1:share ada 500 EUR reversed FRAUD_REJECTED"));
  Override("c1", "bob");
  EXPECT_THAT(Rewards(),
              ElementsAre(of_ada[0], of_ada[1], "hello:signup:c1~2 bob 100 EUR available",
                          "o1:share ada 500 EUR reversed FRAUD_REJECTED",
                          "o1:share~2 bob 500 EUR available"));
  // What she has lost stays lost, and he does not lose it.
  Override("c1", "ada");
  Override("c1", "bob");
  EXPECT_THAT(Rewards(), ElementsAre(of_ada[0], of_ada[1],
                                     "hello:signup:c1~2 bob 100 EUR reversed override",
                                     "hello:signup:c1~3 bob 100 EUR available",
                                     "o1:share ada 500 EUR reversed FRAUD_REJECTED",
                                     "o1:share~2 bob 500 EUR reversed override",
                                     "o1:share~3 bob 500 EUR available"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 700", "liability:rewards EUR -700"));
  // Newer rules look at his, not at hers.
  Advance(kDay);
  Apply({hello, Rule("share", 800)});
  const auto recalculated = Recalculate(2);
  ASSERT_EQ(recalculated.rewards.size(), 1u);
  EXPECT_EQ(recalculated.rewards[0].reward_id, "o1:share~3");
  EXPECT_EQ(Reward("o1:share~3").amount_minor, 800);
}

TEST_P(RewardIdsTest, WhatIsGivenOnceIsGivenOnceToEachWhoHasTheCustomer) {
  domain::RewardRule installed = Rule("installed", 100);
  installed.event = "installed";
  installed.expires_after = kDay;
  Apply({installed});
  Bring("c1");
  Pay("o1", "c1", 5000, "installed");
  Advance(2 * kDay);
  DoDueWork();
  Pay("o2", "c1", 5000, "installed");
  EXPECT_THAT(Rewards(), ElementsAre("o1:installed ada 100 EUR expired EXPIRED"));
  Override("c1", "bob");
  EXPECT_THAT(Rewards(), ElementsAre("o1:installed ada 100 EUR expired EXPIRED",
                                     "o1:installed~2 bob 100 EUR expired"));
}

}  // namespace
}  // namespace kith::referral::app
