// Occasions whose rewards' ids read the same have a reward each; on every backend.
#include "services/referral/app/recalculate_program.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::ElementsAre;

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
  RecalculateProgram::Request request{.program_id = "acme",
                                      .version = 2,
                                      .from_time = kNow - kDay,
                                      .to_time = kNow + kDay,
                                      .page = {},
                                      .dry_run = false};
  ASSERT_TRUE(world_.Run<RecalculateProgram>("RecalculateProgram", request).ok());
  EXPECT_THAT(Rewards(), ElementsAre("spring/gift:o1 ada 300 EUR fulfilled",
                                     "spring/gift:o1@v2 ada 400 EUR available",
                                     "spring/gift:o1@v2@v2 ada 100 EUR available"));
  const auto again = world_.Run<RecalculateProgram>("RecalculateProgram", request);
  EXPECT_TRUE(again->rewards.empty());
}

}  // namespace
}  // namespace kith::referral::app
