// Referrals of a campaign keep what it promised when they began, whatever becomes of the
// campaign; on every backend.
#include "services/referral/app/recalculate_program.h"
#include "services/referral/app/reward_reader.h"
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;

class CampaignSeasonTest : public AttributionTest {
 protected:
  // Five euros a conversion; in spring fifty instead, from the 20th to the 2nd last day.
  static domain::Program Rules(bool with_spring, absl::Time end = kNow - 2 * kDay,
                               int64_t minor = 5000) {
    domain::Program program = SampleProgram();
    program.rewards.pop_back();
    program.rewards[0].amount = {};
    program.rewards[0].amount.fixed_minor = 500;
    program.rewards[0].holding_period = absl::ZeroDuration();
    if (!with_spring) return program;
    domain::Campaign spring;
    spring.campaign_id = "spring";
    spring.start_time = kNow - 20 * kDay;
    spring.end_time = end;
    spring.replaces_rewards = true;
    spring.rewards = program.rewards;
    spring.rewards[0].rule_id = "bonus";
    spring.rewards[0].amount.fixed_minor = minor;
    spring.rewards[0].caps = {
        {domain::CapScope::kProgram, domain::CapPeriod::kLifetime, 2, std::nullopt}};
    program.campaigns = {spring};
    return program;
  }
  void Apply(const domain::Program& program, absl::Time from) {
    const auto applied =
        world_.Apply({.program = program, .effective_time = from, .dry_run = false});
    ASSERT_TRUE(applied.ok()) << applied.status();
  }
  SubmitReferrals::NewLead SpringLead(const std::string& id, const std::string& referee,
                                      absl::Time time = kNow - 10 * kDay) {
    auto lead = LeadOf(id, "ada", referee, time);
    lead.lead.campaign = "spring";
    return lead;
  }
  // A lead of spring, and its signup.
  void Begin(const std::string& id, const std::string& referee) {
    ASSERT_TRUE(world_.SubmitOne(SpringLead(id, referee)).ok());
    ASSERT_EQ(world_.SignUp(SignupOf(referee, kNow - 9 * kDay))->judgement.referral_id, id);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, CampaignSeasonTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(CampaignSeasonTest, ACampaignThatIsDroppedPaysWhatItPromised) {
  Apply(Rules(true), kNow - 30 * kDay);
  Begin("r1", "carl");
  Begin("r2", "dora");
  Begin("r3", "emil");
  Apply(Rules(false), kNow - 5 * kDay);
  for (const auto& [id, customer] :
       {std::pair("o1", "carl"), std::pair("o2", "dora"), std::pair("o3", "emil")}) {
    ASSERT_TRUE(world_.Convert(PaymentOf(id, customer, kNow - kDay)).ok());
  }
  // By its budget, too.
  EXPECT_THAT(Rewards(),
              ElementsAre("spring/bonus:o1 ada 5000 owed", "spring/bonus:o2 ada 5000 owed",
                          "spring/bonus:o3 ada 0 CAP_REACHED"));
  EXPECT_THAT(world_.Query("SELECT DISTINCT program_version FROM reward"), ElementsAre("2"));
  const auto story =
      RewardReader(world_.database()).ExplainConversion("acme", "o1", kNow, test::Soon());
  ASSERT_TRUE(story.ok());
  std::vector<std::string> told;
  for (const RuleStory& rule : story->rules) {
    told.push_back(absl::StrCat(rule.rule_key, " v", rule.program_version, " ",
                                rule.rewards.size(), " ", rule.unpaid.reason));
  }
  EXPECT_THAT(told, ElementsAre("share v3 0 REPLACED", "spring/bonus v2 1 "));
  // A reversal makes room in the same budget.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.SubmitOne(SpringLead("r4", "fay")).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("fay", kNow - 9 * kDay)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o4", "fay", kNow - kDay)).ok());
  EXPECT_THAT(world_.Query("SELECT amount_minor FROM reward WHERE conversion_id = 'o4'"),
              ElementsAre("5000"));
  ExpectBooksBalance();
}

TEST_P(CampaignSeasonTest, ACampaignThatEndsEarlierHoldsForWhatBeganBefore) {
  Apply(Rules(true), kNow - 30 * kDay);
  Begin("r1", "carl");
  // It was over before the lead came; and pays by the rules of now.
  Apply(Rules(true, kNow - 15 * kDay, 4000), kNow - 5 * kDay);
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("spring/bonus:o1 ada 4000 owed"));
}

TEST_P(CampaignSeasonTest, ACampaignThatComesLaterDoesNotTakeInWhatBeganBefore) {
  Apply(Rules(false), kNow - 30 * kDay);
  Begin("r1", "carl");  // a mere label
  Apply(Rules(true), kNow - 5 * kDay);
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 500 owed"));
}

TEST_P(CampaignSeasonTest, TheCampaignOfTheCodeIsThatOfAPlainLead) {
  Apply(Rules(true), kNow - 30 * kDay);
  const std::string code = IssueFor("ada", "spring")->code;
  // Before the season, and found again as it was submitted.
  const auto plain = LeadOf("r1", "ada", "carl", kNow - 25 * kDay);
  ASSERT_TRUE(world_.SubmitOne(plain).ok());
  ASSERT_EQ(SignUpWithCode("carl", code, kNow - 9 * kDay)->judgement.referral_id, "r1");
  EXPECT_EQ(world_.Referral("r1").campaign, "spring");
  EXPECT_TRUE(world_.SubmitOne(plain).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("spring/bonus:o1 ada 5000 owed"));
  // The campaign goes with the customer.
  ASSERT_TRUE(Override("carl", "bob").ok());
  EXPECT_EQ(world_.Referral("r1").campaign, "");
  EXPECT_EQ(world_.Referral("signup:carl").campaign, "");
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:share bob 500 owed", "spring/bonus:o1 ada 5000 override"));
}

TEST_P(CampaignSeasonTest, ALeadKeepsTheCampaignThatItNamed) {
  Apply(Rules(true), kNow - 30 * kDay);
  const std::string code = IssueFor("ada", "spring")->code;
  auto lead = LeadOf("r1", "ada", "carl", kNow - 10 * kDay);
  lead.lead.campaign = "label";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  ASSERT_EQ(SignUpWithCode("carl", code, kNow - 9 * kDay)->judgement.referral_id, "r1");
  EXPECT_EQ(world_.Referral("r1").campaign, "label");
}

TEST_P(CampaignSeasonTest, ARecalculationLeavesWhatWasPromised) {
  Apply(Rules(true), kNow - 30 * kDay);
  Begin("r1", "carl");
  Apply(Rules(false), kNow - 5 * kDay);
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  RecalculateProgram::Request request;
  request.program_id = "acme";
  request.from_time = kNow - 30 * kDay;
  request.to_time = kNow + kDay;
  const auto changed = world_.Run<RecalculateProgram>("RecalculateProgram", request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->version, 3);
  EXPECT_TRUE(changed->rewards.empty());
  EXPECT_THAT(Rewards(), ElementsAre("spring/bonus:o1 ada 5000 owed"));
}

}  // namespace
}  // namespace kith::referral::app
