// What milestones and Nth successes count: whose fraud gate is open, of one run of a campaign,
// and what becomes of a reward that is reached no more.
#include "gmock/gmock.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/app/reward_reader.h"
#include "services/referral/domain/names.h"
#include "tests/unit/referral/app/fraud_world.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Lines = std::vector<std::string>;

domain::RewardRule Counting(Trigger trigger, int64_t count, bool repeat = false) {
  domain::RewardRule rule;
  rule.rule_id = "prize";
  rule.trigger = trigger;
  rule.count = count;
  rule.repeat = repeat;
  rule.amount.fixed_minor = 100;
  return rule;
}

// Ann's leads, some of them suspicious.
class HonestCountTest : public FraudTest {
 protected:
  void Apply(const domain::RewardRule& rule) {
    ApplyWith([&](domain::Program& program) { program.rewards = {rule}; });
  }
  // A lead of so many days ago; from a throw-away address it is held.
  void Submit(const std::string& id, int days, bool held = false) {
    const std::string email = id + (held ? "@mailinator.com" : "@friends.example");
    ASSERT_TRUE(world_.SubmitOne(LeadOf(id, "ann", "", kNow - days * kDay, email)).ok());
    ASSERT_EQ(world_.Referral(id).fraud,
              held ? domain::FraudState::kHeld : domain::FraudState::kClear);
  }
  // Whom the lead names signs up.
  void SignUp(const std::string& id, bool held = false, const std::string& device = "") {
    auto signup =
        SignupOf("c-" + id, kNow, id + (held ? "@mailinator.com" : "@friends.example"));
    signup.device_id = device;
    ASSERT_TRUE(world_.SignUp(signup).ok());
  }
  void Pay(const std::string& id) {
    ASSERT_TRUE(world_.Convert(PaymentOf("p-" + id, "c-" + id, kNow)).ok());
  }
  void Bring(const std::string& id, int days, bool held = false) {
    Submit(id, days, held);
    SignUp(id, held);
    Pay(id);
  }
  // "id state[ cause]" of all rewards.
  Lines Rewards() {
    Lines lines;
    for (const domain::Reward& reward : world_.Rewards()) {
      lines.push_back(absl::StrCat(reward.reward_id, " ",
                                   domain::Name(reward.state(world_.clock.Now())),
                                   reward.cause.empty() ? "" : " ", reward.cause));
    }
    return lines;
  }
  Lines Why(const std::string& referral_id) {
    Lines lines;
    const auto story =
        rewards_.ExplainReferral("acme", referral_id, world_.clock.Now(), test::Soon());
    for (const RuleStory& rule : story.value().rules) {
      lines.push_back(absl::StrCat(rule.unpaid.reason, ": ", rule.unpaid.detail));
    }
    return lines;
  }
  Lines WhyOfPayment(const std::string& id) {
    Lines lines;
    const auto story =
        rewards_.ExplainConversion("acme", id, world_.clock.Now(), test::Soon());
    for (const RuleStory& rule : story.value().rules) {
      lines.push_back(absl::StrCat(rule.unpaid.reason, ": ", rule.unpaid.detail));
    }
    return lines;
  }

  RewardReader rewards_{world_.database()};
};
INSTANTIATE_TEST_SUITE_P(Stores, HonestCountTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(HonestCountTest, FourSuspiciousLeadsAndAnHonestOneAreNoFive) {
  Apply(Counting(Trigger::kMilestone, 5));
  for (int day = 1; day <= 4; ++day) Submit(absl::StrCat("r", day), day, /*held=*/true);
  Submit("r5", 5);
  EXPECT_THAT(Rewards(), IsEmpty());
  EXPECT_THAT(Why("r5"), ElementsAre("NOT_REACHED: it pays number 5 of the advocate's leads, "
                                     "and by now ann has 1"));
  EXPECT_THAT(Why("r4"), ElementsAre("fraud_decision: it is counted if the fraud decision "
                                     "finds it honest"));
  for (const char* id : {"r4", "r3", "r1"}) ASSERT_TRUE(Resolve(id, true).ok());
  EXPECT_THAT(Rewards(), IsEmpty());
  world_.NewFacts();
  ASSERT_TRUE(Resolve("r2", true).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#5 available"));
  EXPECT_THAT(world_.NewFacts(), Contains("milestone_reached ann prize 5"));
  const domain::Reward reward = world_.Rewards()[0];
  EXPECT_EQ(reward.referral_id, "r2");
  EXPECT_EQ(reward.occasion_time, kNow - 2 * kDay);
  // Once, however many come.
  ASSERT_TRUE(Resolve("r2", true).ok());
  Submit("r6", 6);
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#5 available"));
}

TEST_P(HonestCountTest, AFraudIsNeverCounted) {
  Apply(Counting(Trigger::kMilestone, 2));
  Submit("r1", 1);
  Submit("r2", 2, /*held=*/true);
  ASSERT_TRUE(Resolve("r2", false).ok());
  EXPECT_THAT(Rewards(), IsEmpty());
  EXPECT_THAT(Why("r2"), ElementsAre("FRAUD_REJECTED: the referral was rejected as a fraud"));
  Submit("r3", 3);
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
}

TEST_P(HonestCountTest, ACampaignCountsHonestLeadsOnly) {
  ApplyWith([](domain::Program& program) {
    domain::Campaign campaign;
    campaign.campaign_id = "football";
    campaign.start_time = kNow - 30 * kDay;
    campaign.rewards = {Counting(Trigger::kMilestone, 2)};
    program.campaigns = {campaign};
  });
  for (const char* email : {"r1@friends.example", "r2@mailinator.com"}) {
    const std::string id(email, 2);
    auto lead = LeadOf(id, "ann", "", kNow - kDay, email);
    lead.lead.campaign = "football";
    ASSERT_TRUE(world_.SubmitOne(std::move(lead)).ok());
  }
  EXPECT_THAT(Rewards(), IsEmpty());
  ASSERT_TRUE(Resolve("r2", true).ok());
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ann#2 available"));
}

TEST_P(HonestCountTest, AnApprovedLeadIsJudgedByTheRulesOfItsTime) {
  domain::RewardRule rule = Counting(Trigger::kMilestone, 1);
  rule.expires_after = 10 * kDay;
  Apply(rule);
  Submit("r1", 1, /*held=*/true);
  domain::Program later = SampleProgram();
  later.fraud.enabled = true;
  later.rewards = {};
  world_.clock.Set(kNow + 50 * kDay);
  ASSERT_TRUE(world_.Apply({.program = later}).ok());
  ASSERT_TRUE(Resolve("r1", true).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#1 available"));
  EXPECT_EQ(world_.Rewards()[0].expiry_time, kNow + 60 * kDay);
}

TEST_P(HonestCountTest, ASuspiciousSuccessCountsOnceItIsFoundHonest) {
  Apply(Counting(Trigger::kNthSuccess, 2));
  world_.NewFacts();
  Bring("r1", 1, /*held=*/true);
  EXPECT_THAT(world_.NewFacts(), Not(Contains(StartsWith("thank_you_due"))));
  Bring("r2", 2);
  EXPECT_THAT(world_.NewFacts(), Contains("thank_you_due r2 ann c-r2"));
  EXPECT_THAT(Rewards(), IsEmpty());
  EXPECT_THAT(WhyOfPayment("p-r1"), ElementsAre("fraud_decision: it is counted if the fraud "
                                                "decision finds it honest"));
  EXPECT_THAT(WhyOfPayment("p-r2"), ElementsAre("NOT_REACHED: it pays number 2 of the "
                                                "advocate's successes, and by now ann has 1"));
  ASSERT_TRUE(Resolve("r1", true).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
  EXPECT_EQ(world_.Rewards()[0].conversion_id, "p-r1");
  EXPECT_THAT(world_.NewFacts(), Contains("thank_you_due r1 ann c-r1"));
}

TEST_P(HonestCountTest, NobodyIsThankedForAFraud) {
  Apply(Counting(Trigger::kNthSuccess, 1));
  world_.NewFacts();
  Bring("r1", 1, /*held=*/true);
  ASSERT_TRUE(Resolve("r1", false).ok());
  EXPECT_THAT(world_.NewFacts(), Not(Contains(StartsWith("thank_you_due"))));
  EXPECT_THAT(Rewards(), IsEmpty());
}

TEST_P(HonestCountTest, AMilestoneThatIsReachedNoMoreIsTakenBackAndGivenAnew) {
  Apply(Counting(Trigger::kMilestone, 2));
  Submit("r1", 1);
  Submit("r2", 2);
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
  // The rules reject the lead with its signup.
  SignUp("r1", false, "laptop-of-ann");
  ASSERT_EQ(world_.Referral("r1").fraud, domain::FraudState::kRejected);
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 reversed FRAUD_REJECTED"));
  EXPECT_THAT(Why("r2"), ElementsAre("NOT_REACHED: it pays number 2 of the advocate's leads, "
                                     "and by now ann has 1"));
  Submit("r3", 3);
  EXPECT_THAT(Rewards(),
              ElementsAre("prize:ann#2 reversed FRAUD_REJECTED", "prize:ann#2~2 available"));
  // She may lose one more: two are left.
  Submit("r4", 4);
  SignUp("r3", false, "laptop-of-ann");
  EXPECT_THAT(Rewards(),
              ElementsAre("prize:ann#2 reversed FRAUD_REJECTED", "prize:ann#2~2 available"));
}

TEST_P(HonestCountTest, SuspicionAloneTakesNothingBack) {
  Apply(Counting(Trigger::kMilestone, 2));
  Submit("r1", 1);
  Submit("r2", 2);
  auto signup = SignupOf("c-r2", kNow, "r2@friends.example");
  signup.signup.source = "google_ads";
  ApplyWith([&](domain::Program& program) {
    program.rewards = {Counting(Trigger::kMilestone, 2)};
    program.fraud.paid_sources = {"google_ads"};
  });
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_EQ(world_.Referral("r2").fraud, domain::FraudState::kHeld);
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
  ASSERT_TRUE(Resolve("r2", true).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
}

TEST_P(HonestCountTest, WhatSuspicionLeftGoesWithTheDecision) {
  Apply(Counting(Trigger::kMilestone, 2));
  Submit("r1", 1);
  Submit("r2", 2);
  ApplyWith([&](domain::Program& program) {
    program.rewards = {Counting(Trigger::kMilestone, 2)};
    program.fraud.paid_sources = {"google_ads"};
  });
  auto signup = SignupOf("c-r1", kNow, "r1@friends.example");
  signup.signup.source = "google_ads";
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_TRUE(Resolve("r1", false).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 reversed FRAUD_REJECTED"));
}

TEST_P(HonestCountTest, WhatItsWindowKeptDoesNotGoWithAFraudThatNeverCounted) {
  domain::RewardRule rule = Counting(Trigger::kNthSuccess, 2);
  rule.clawback_window = 5 * kDay;
  Apply(rule);
  for (const char* id : {"r1", "r2"}) Bring(id, 1);
  world_.clock.Set(kNow + 6 * kDay);
  ASSERT_TRUE(world_.Reverse("p-r1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
  // One that never paid, and one whose payment waited for the decision.
  Submit("r3", 2, /*held=*/true);
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
  Bring("r4", 3, /*held=*/true);
  ASSERT_TRUE(Resolve("r4", false).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#2 available"));
}

// What is suspected is missing from the count, and no window has kept anything for it.
TEST_P(HonestCountTest, AWindowKeepsForWhatWasRefundedOnly) {
  domain::RewardRule rule = Counting(Trigger::kNthSuccess, 3);
  rule.clawback_window = 5 * kDay;
  ApplyWith([&](domain::Program& program) {
    program.rewards = {rule};
    program.fraud.paid_sources = {"google_ads"};
  });
  Submit("r1", 1);
  auto payment = PaymentOf("p-r1", "", kNow);
  payment.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(payment).ok());
  Bring("r2", 2);
  Bring("r3", 3);
  ASSERT_THAT(Rewards(), ElementsAre("prize:ann#3 available"));
  auto signup = SignupOf("c-r1", kNow, "r1@friends.example");
  signup.signup.source = "google_ads";
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_EQ(world_.Referral("r1").fraud, domain::FraudState::kHeld);
  world_.clock.Set(kNow + 6 * kDay);
  ASSERT_TRUE(world_.Reverse("p-r2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#3 available"));
  ASSERT_TRUE(Resolve("r1", false).ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ann#3 reversed FRAUD_REJECTED"));
}

// Successes that are refunded, and campaigns.
class CountTest : public RewardTest {
 protected:
  ~CountTest() override { EXPECT_EQ(world_.misses(), 0); }
  void Win(std::initializer_list<const char*> ids) {
    for (const std::string id : ids) {
      Bring(id);
      Pay("o-" + id, id);
    }
  }
  void ApplyCampaign(const domain::RewardRule& rule,
                     domain::Recurrence recurrence = domain::Recurrence::kNone) {
    domain::Program program = SampleProgram();
    program.rewards = {};
    domain::Campaign football;
    football.campaign_id = "football";
    football.start_time = kNow - 10 * kDay;
    football.end_time = kNow + 10 * kDay;
    football.recurrence = recurrence;
    football.rewards = {rule};
    program.campaigns = {football};
    RewardTest::Apply(program);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, CountTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(CountTest, FourLiveSuccessesAreTwiceTwo) {
  Apply({Counting(Trigger::kNthSuccess, 2, /*repeat=*/true)});
  Win({"a", "b", "c", "d"});
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR available",
                                     "prize:ada#4 ada 100 EUR available"));
  ASSERT_TRUE(world_.Reverse("o-a").ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR available",
                                     "prize:ada#4 ada 100 EUR reversed refund"));
  Win({"e"});
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR available",
                                     "prize:ada#4 ada 100 EUR reversed refund",
                                     "prize:ada#4~2 ada 100 EUR available"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 200", "liability:rewards EUR -200"));
}

TEST_P(CountTest, OneSuccessIsNotTwo) {
  Apply({Counting(Trigger::kNthSuccess, 2)});
  Win({"a", "b"});
  Fulfil("prize:ada#2");
  ASSERT_TRUE(world_.Reverse("o-a").ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR reversed refund"));
  EXPECT_THAT(Balances(), ElementsAre("paid:rewards EUR -100", "receivable:clawback EUR 100"));
  Win({"c"});
  EXPECT_EQ(Rewards().back(), "prize:ada#2~2 ada 100 EUR available");
}

TEST_P(CountTest, WhatIsPastItsWindowStaysAndIsNotGivenTwice) {
  domain::RewardRule rule = Counting(Trigger::kNthSuccess, 2, /*repeat=*/true);
  rule.clawback_window = 5 * kDay;
  Apply({rule});
  Win({"a", "b"});
  Advance(6 * kDay);
  ASSERT_TRUE(world_.Reverse("o-a").ok());
  const std::string kept = "prize:ada#2 ada 100 EUR available";
  EXPECT_THAT(Rewards(), ElementsAre(kept));
  Win({"c", "d"});
  EXPECT_THAT(Rewards(), ElementsAre(kept));
  Win({"e"});
  EXPECT_THAT(Rewards(), ElementsAre(kept, "prize:ada#4 ada 100 EUR available"));
}

TEST_P(CountTest, WhatOthersReachStaysWithoutIt) {
  Apply({Counting(Trigger::kNthSuccess, 2)});
  Win({"a", "b", "c"});
  ASSERT_TRUE(world_.Reverse("o-b").ok());
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR available"));
  const auto story = reader_.ExplainConversion("acme", "o-b", kNow, test::Soon());
  ASSERT_TRUE(story.ok());
  EXPECT_EQ(story->rules[0].unpaid.reason, "STILL_REACHED");
  EXPECT_EQ(story->rules[0].unpaid.detail, "the advocate has as many successes without it");
}

TEST_P(CountTest, ACustomerWhoIsGivenAwayCountsForTheOther) {
  Apply({Counting(Trigger::kNthSuccess, 2)});
  Win({"a", "b"});
  Bring("c", "bob");
  Pay("o-c", "c");
  const auto decided = world_.Run<OverrideAttribution>(
      "OverrideAttribution", OverrideAttribution::Request{"acme", "a", "bob", "sue", "hers"});
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR reversed override",
                                     "prize:bob#2 bob 100 EUR available"));
}

TEST_P(CountTest, WhatItsWindowKeptDoesNotGoWithACustomerWhoPaidNothing) {
  domain::RewardRule rule = Counting(Trigger::kNthSuccess, 2);
  rule.clawback_window = 5 * kDay;
  Apply({rule});
  Win({"a", "b"});
  Bring("c");
  Advance(6 * kDay);
  ASSERT_TRUE(world_.Reverse("o-a").ok());
  const std::string kept = "prize:ada#2 ada 100 EUR available";
  EXPECT_THAT(Rewards(), ElementsAre(kept));
  const auto give = [&](const char* customer) {
    return world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, "bob", "sue", "his"});
  };
  ASSERT_TRUE(give("c").ok());
  EXPECT_THAT(Rewards(), ElementsAre(kept));
  // One that came since, and went again.
  Win({"d"});
  ASSERT_TRUE(give("d").ok());
  EXPECT_EQ(Rewards()[0], kept);
  ASSERT_TRUE(give("b").ok());
  EXPECT_EQ(Rewards()[0], "prize:ada#2 ada 100 EUR reversed override");
}

TEST_P(CountTest, WhatFilledItForOneAdvocateDoesNotLeaveWithAnothersCustomer) {
  domain::RewardRule rule = Counting(Trigger::kNthSuccess, 2);
  rule.churn_clawback_window = 90 * kDay;
  Apply({rule});
  Win({"a", "b", "c"});
  ASSERT_EQ(Reward("prize:ada#2").referral_id, "signup:b");
  const auto given = world_.Run<OverrideAttribution>(
      "OverrideAttribution", OverrideAttribution::Request{"acme", "b", "bob", "sue", "his"});
  ASSERT_TRUE(given.ok()) << given.status();
  Happen("signup:b", [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                        absl::Time now) { OnChurned(unit, rules, referral, now, now); });
  EXPECT_THAT(Rewards(), ElementsAre("prize:ada#2 ada 100 EUR available"));
}

TEST_P(CountTest, ACampaignCountsItsOwnLeads) {
  ApplyCampaign(Counting(Trigger::kMilestone, 3));
  for (const char* id : {"a", "b", "c"}) Submit(id);
  Submit("d", "ada", "football");
  Submit("e", "ada", "football");
  EXPECT_THAT(Rewards(), IsEmpty());
  const auto story = reader_.ExplainReferral("acme", "r-e", kNow, test::Soon());
  ASSERT_TRUE(story.ok());
  EXPECT_EQ(story->rules[0].unpaid.detail,
            "it pays number 3 of the advocate's leads in football, and by now ada has 2");
  Submit("f", "bob", "football");
  EXPECT_THAT(Rewards(), IsEmpty());
  Submit("g", "ada", "football");
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#3 ada 100 EUR available"));
  EXPECT_EQ(Reward("football/prize:ada#3").referral_id, "r-g");
}

TEST_P(CountTest, ABatchFillsACampaignsMilestones) {
  ApplyCampaign(Counting(Trigger::kMilestone, 3, /*repeat=*/true));
  std::vector<SubmitReferrals::NewLead> leads;
  for (int i = 0; i < 14; ++i) {
    leads.push_back(LeadOf(absl::StrCat("r", i), "ada", absl::StrCat("c", i), kNow));
    if (i % 2 == 0) leads.back().lead.campaign = "football";
  }
  world_.Submit(leads);
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#3 ada 100 EUR available",
                                     "football/prize:ada#6 ada 100 EUR available"));
}

TEST_P(CountTest, EachRunOfACampaignCountsAnew) {
  ApplyCampaign(Counting(Trigger::kMilestone, 2), domain::Recurrence::kYearly);
  Submit("a", "ada", "football");
  Submit("b", "ada", "football");
  Submit("c", "ada", "football");
  Advance(365 * kDay);
  Submit("d", "ada", "football");
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#2 ada 100 EUR available"));
  Submit("e", "ada", "football");
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#2 ada 100 EUR available",
                                     "football/prize:ada@2024#2 ada 100 EUR available"));
}

TEST_P(CountTest, ACampaignCountsItsOwnSuccesses) {
  ApplyCampaign(Counting(Trigger::kNthSuccess, 2));
  Win({"a", "b"});
  for (const std::string id : {"c", "d", "e"}) {
    Submit(id, "ada", "football");
    SignUp(id);
    Pay("o-" + id, id);
    EXPECT_EQ(Rewards().size(), id == "c" ? 0u : 1u);
  }
  ASSERT_TRUE(world_.Reverse("o-a").ok());
  ASSERT_TRUE(world_.Reverse("o-c").ok());
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#2 ada 100 EUR available"));
  ASSERT_TRUE(world_.Reverse("o-e").ok());
  EXPECT_THAT(Rewards(), ElementsAre("football/prize:ada#2 ada 100 EUR reversed refund"));
}

}  // namespace
}  // namespace kith::referral::app
