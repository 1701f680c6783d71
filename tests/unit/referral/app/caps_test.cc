// Caps: never exceeded, clamped and not silently, given back with what they were used for.
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::CapPeriod;
using domain::CapScope;
using ::testing::ElementsAre;

class CapsTest : public RewardTest {
 protected:
  ~CapsTest() override { EXPECT_EQ(world_.misses(), 0); }

  static domain::Cap CapOf(CapScope scope, CapPeriod period, std::optional<int64_t> rewards,
                           std::optional<int64_t> minor) {
    domain::Cap cap;
    cap.scope = scope;
    cap.period = period;
    cap.max_rewards = rewards;
    cap.max_minor = minor;
    return cap;
  }
  void BringAndPay(const std::string& n, const std::string& advocate = "ada") {
    Bring("c" + n, advocate);
    Pay("o" + n, "c" + n);
  }
  // "holder recipient period rewards minor" of all that is counted.
  std::vector<std::string> Uses() {
    return world_.Query(
        "SELECT holder, recipient_id, period, rewards, minor FROM cap_use "
        "ORDER BY holder, recipient_id, period");
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, CapsTest, ::testing::ValuesIn(test::Backends()), BackendName);

TEST_P(CapsTest, ABudgetIsClampedInTheMiddleOfABatch) {
  domain::Program program = SampleProgram();
  program.rewards = {Rule("share", 400)};
  program.caps = {CapOf(CapScope::kProgram, CapPeriod::kLifetime, std::nullopt, 1000)};
  Apply(program);
  std::vector<domain::ConversionReport> payments;
  for (int i = 1; i <= 4; ++i) {
    Bring(absl::StrCat("c", i), i % 2 == 0 ? "ada" : "bob");
    payments.push_back(PaymentOf(absl::StrCat("o", i), absl::StrCat("c", i), kNow));
  }
  ASSERT_TRUE(
      world_.Run<RecordConversions>("RecordConversions", std::string("acme"), payments).ok());
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:share bob 400 EUR available", "o2:share ada 400 EUR available",
                          "o3:share bob 200 EUR available",
                          "o4:share ada 0 EUR cancelled CAP_REACHED"));
  EXPECT_EQ(Reward("o3:share").wanted_minor, 400);
  EXPECT_EQ(Reward("o4:share").wanted_minor, 400);
  // What was refused is in no book.
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 1000", "liability:rewards EUR -1000"));
  EXPECT_THAT(Uses(), ElementsAre("program  lifetime 3 1000", "rule/share ada lifetime 1 400",
                                  "rule/share bob lifetime 2 600"));
}

TEST_P(CapsTest, WhatIsTakenBackIsGivenBackButRefusedOnesStayRefused) {
  domain::RewardRule rule = Rule("share", 400);
  rule.max_rewards_per_recipient = 1;
  Apply({rule});
  BringAndPay("1");
  BringAndPay("2");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Uses(), ElementsAre());
  BringAndPay("3");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 400 EUR reversed refund",
                                     "o2:share ada 0 EUR cancelled CAP_REACHED",
                                     "o3:share ada 400 EUR available"));
}

TEST_P(CapsTest, TheNextFirstIsPaidWhenTheOneThatACapRefusedIsReversed) {
  domain::Program program = SampleProgram();
  domain::RewardRule first = Rule("first", 400);
  first.event = "ordered";
  program.rewards = {first};
  program.caps = {CapOf(CapScope::kProgram, CapPeriod::kLifetime, std::nullopt, 400)};
  Apply(program);
  Bring("c1");
  Bring("c2", "bob");
  Pay("o1", "c1", 5000, "ordered");
  Pay("o2", "c2", 5000, "ordered");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Pay("o3", "c2", 5000, "ordered");
  const std::string refused = "o2:first bob 0 EUR cancelled CAP_REACHED";
  EXPECT_THAT(Rewards(), ElementsAre("o1:first ada 400 EUR reversed refund", refused));
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:first ada 400 EUR reversed refund", refused,
                                     "o3:first bob 400 EUR available"));
}

TEST_P(CapsTest, PeriodsBeginAnewInTheProgramsZone) {
  domain::Program program = SampleProgram();
  program.time_zone = "Europe/Berlin";
  domain::RewardRule rule = Rule("share", 400);
  rule.caps = {CapOf(CapScope::kRecipient, CapPeriod::kMonth, 1, std::nullopt)};
  program.rewards = {rule};
  Apply(program);
  Bring("c1");
  Bring("c2");
  Bring("c3");
  // The last hour of November there, then December, which begins at 23:00 UTC.
  const absl::Time december = absl::FromUnixSeconds(1701385200);
  world_.clock.Set(december - absl::Seconds(1));
  Pay("o1", "c1");
  Pay("o2", "c2");
  world_.clock.Set(december);
  Pay("o3", "c3");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 400 EUR available",
                                     "o2:share ada 0 EUR cancelled CAP_REACHED",
                                     "o3:share ada 400 EUR available"));
}

TEST_P(CapsTest, ACampaignHasItsOwnBudgetWithinTheProgramsOwn) {
  domain::Program program = SampleProgram();
  program.rewards = {};
  program.caps = {CapOf(CapScope::kRecipient, CapPeriod::kLifetime, std::nullopt, 500)};
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.rewards = {Rule("cash", 300)};
  domain::RewardRule points = Rule("points", 9);
  points.kind = domain::RewardKind::kPoints;
  spring.rewards.push_back(points);
  spring.caps = {CapOf(CapScope::kProgram, CapPeriod::kLifetime, 6, std::nullopt)};
  program.campaigns = {spring};
  Apply(program);
  const std::pair<const char*, const char*> leads[] = {
      {"1", "ada"}, {"2", "ada"}, {"3", "ada"}, {"4", "bob"}, {"5", "bob"}};
  for (const auto& [n, advocate] : leads) {
    Submit(absl::StrCat("c", n), advocate, "spring");
    SignUp(absl::StrCat("c", n));
    Pay(absl::StrCat("o", n), absl::StrCat("c", n));
  }
  EXPECT_THAT(world_.Query("SELECT reward_id, amount_minor FROM reward WHERE kind = 'cash' "
                           "ORDER BY reward_id"),
              ElementsAre("spring/cash:o1 300", "spring/cash:o2 200", "spring/cash:o3 0",
                          "spring/cash:o4 300", "spring/cash:o5 0"));
  // Points are no money, so that no amount holds them, but rewards of the campaign like
  // others.
  EXPECT_THAT(world_.Query("SELECT reward_id, amount_minor FROM reward "
                           "WHERE kind = 'points' ORDER BY reward_id"),
              ElementsAre("spring/points:o1 9", "spring/points:o2 9", "spring/points:o3 9",
                          "spring/points:o4 0", "spring/points:o5 0"));
}

TEST_P(CapsTest, ACountIsOverRewardsOfEveryKind) {
  domain::Program program = SampleProgram();
  domain::RewardRule points = Rule("points", 9);
  points.kind = domain::RewardKind::kPoints;
  program.rewards = {points};
  program.caps = {CapOf(CapScope::kProgram, CapPeriod::kLifetime, 2, 100)};
  domain::RewardRule gift = Rule("gift", 1);
  gift.kind = domain::RewardKind::kPhysicalGift;
  gift.item = "mug";
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.replaces_rewards = true;
  spring.rewards = {gift};
  spring.caps = {CapOf(CapScope::kRecipient, CapPeriod::kLifetime, 1, std::nullopt)};
  program.campaigns = {spring};
  Apply(program);
  for (const char* n : {"1", "2"}) {
    Submit(absl::StrCat("c", n), "ada", "spring");
    SignUp(absl::StrCat("c", n));
    Pay(absl::StrCat("o", n), absl::StrCat("c", n));
  }
  BringAndPay("3");
  BringAndPay("4");
  EXPECT_THAT(Rewards(), ElementsAre("o3:points ada 9 points available",
                                     "o4:points ada 0 points cancelled CAP_REACHED",
                                     "spring/gift:o1 ada 1 gift available",
                                     "spring/gift:o2 ada 0 gift cancelled CAP_REACHED"));
  EXPECT_THAT(Uses(), ElementsAre("campaign/spring ada lifetime 1 0", "program  lifetime 2 0",
                                  "rule/points ada lifetime 1 9",
                                  "rule/spring/gift ada lifetime 1 1"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  BringAndPay("5", "bob");
  EXPECT_EQ(Reward("o5:points").amount_minor, 9);
  for (const char* id : {"o3", "o5"}) ASSERT_TRUE(world_.Reverse(id).ok());
  EXPECT_THAT(Uses(), ElementsAre());
}

TEST_P(CapsTest, TheOrdinalDecidesTheAmount) {
  domain::RewardRule rule = Rule("points", 5);
  rule.kind = domain::RewardKind::kPoints;
  domain::Amount more;
  more.fixed_minor = 10;
  rule.cases = {{*domain::ParseCondition("occasion.ordinal at_most 2"), more}};
  Apply({rule});
  for (const char* n : {"1", "2", "3"}) BringAndPay(n);
  BringAndPay("4", "bob");
  EXPECT_THAT(
      Rewards(),
      ElementsAre("o1:points ada 10 points available", "o2:points ada 10 points available",
                  "o3:points ada 5 points available", "o4:points bob 10 points available"));
}

TEST_P(CapsTest, CapUseShowsWhatIsUsedUp) {
  domain::Program program = SampleProgram();
  domain::RewardRule rule = Rule("share", 400);
  rule.max_rewards_per_recipient = 32;
  rule.caps = {CapOf(CapScope::kRecipient, CapPeriod::kDay, std::nullopt, 900)};
  program.rewards = {rule};
  program.caps = {CapOf(CapScope::kProgram, CapPeriod::kYear, std::nullopt, 5000)};
  Apply(program);
  BringAndPay("1");
  BringAndPay("2", "bob");
  const auto uses = [&](const std::string& recipient, absl::Time time) {
    std::vector<std::string> all;
    const auto found = reader_.GetCapUse("acme", recipient, time, test::Soon());
    EXPECT_TRUE(found.ok());
    for (const CapUseView& use : *found) {
      all.push_back(absl::StrCat(use.cap.key.holder, " ", domain::Name(use.cap.key.period),
                                 " ", use.count.rewards, " ", use.count.minor));
    }
    return all;
  };
  EXPECT_THAT(uses("ada", kNow), ElementsAre("rule/share lifetime 1 400",
                                             "rule/share day 1 400", "program year 2 800"));
  EXPECT_THAT(uses("", kNow), ElementsAre("program year 2 800"));
  EXPECT_THAT(
      uses("ada", kNow + 2 * kDay),
      ElementsAre("rule/share lifetime 1 400", "rule/share day 0 0", "program year 2 800"));
}

}  // namespace
}  // namespace kith::referral::app
