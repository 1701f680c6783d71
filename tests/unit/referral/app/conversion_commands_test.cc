// Conversions, rewards and the ledger, on every backend.
#include "common/base/error.h"
#include "common/base/money.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class ConversionFlowTest : public ::testing::TestWithParam<std::string> {
 protected:
  ConversionFlowTest() {
    world_.EnrollOne("ada");
    world_.EnrollOne("bob");
    Submit("r1", "ada", "carl");
    world_.NewFacts();
  }
  ~ConversionFlowTest() override { EXPECT_EQ(world_.misses(), 0); }

  void Submit(const std::string& id, const std::string& advocate, const std::string& referee,
              const std::string& email = "") {
    ASSERT_TRUE(world_.SubmitOne(LeadOf(id, advocate, referee, kNow - 9 * kDay, email)).ok());
  }
  void SignUp(const std::string& id, const std::string& email = "") {
    ASSERT_TRUE(world_.SignUp(SignupOf(id, kNow - 5 * kDay, email)).ok());
  }
  // The balances of the two accounts in EUR.
  std::pair<int64_t, int64_t> Balances() {
    const auto balances = world_.GetSummary().balances;
    const auto of = [&](const char* account) {
      const auto it = balances.find({account, "EUR"});
      return it == balances.end() ? 0 : it->second;
    };
    return {of("expense:rewards"), of("liability:rewards")};
  }
  static std::string Reason(const absl::Status& status) { return GetErrorReason(status); }

  World world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Stores, ConversionFlowTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ConversionFlowTest, BothSidesAreRewarded) {
  SignUp("carl");
  world_.NewFacts();
  const ConversionView view = *world_.Convert(PaymentOf("o1", "carl", kNow - kDay, 5000));
  EXPECT_TRUE(view.live);
  EXPECT_EQ(view.conversion.referral_id, "r1");
  EXPECT_THAT(view.reward_ids, ElementsAre("o1:share", "o1:welcome"));
  EXPECT_THAT(world_.NewFacts(), ElementsAre("lead_state_changed r1 submitted won",
                                             "referral_converted o1 r1 ada carl 5000",
                                             "thank_you_due r1 ada carl",
                                             "reward_created o1:share ada referrer 1000EUR",
                                             "reward_created o1:welcome carl referee 1000EUR",
                                             "reward_available o1:welcome"));
  EXPECT_EQ(world_.Referral("r1").state(), domain::ReferralState::kConverted);
  EXPECT_EQ(world_.Advocate("ada").conversions, 1);
  EXPECT_EQ(Balances(), std::pair(int64_t{2000}, int64_t{-2000}));
  const Summary summary = world_.GetSummary();
  EXPECT_EQ(summary.conversions, 1);
  EXPECT_EQ(summary.converted_referrals, 1);
  EXPECT_EQ(summary.ledger_entries, 4);
  EXPECT_EQ(summary.channels.at("referral").converted, 1);
}

TEST_P(ConversionFlowTest, RewardsAreHeldFromTheConversionOn) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  const auto rewards = world_.Rewards();
  ASSERT_EQ(rewards.size(), 2u);
  EXPECT_EQ(rewards[0].available_time, kNow + 29 * kDay);
  EXPECT_EQ(rewards[0].state(kNow), domain::RewardState::kHeld);
  EXPECT_EQ(rewards[1].available_time, kNow - kDay);
  EXPECT_EQ(rewards[1].state(kNow), domain::RewardState::kAvailable);
}

TEST_P(ConversionFlowTest, TheSameAgainIsOnce) {
  SignUp("carl");
  const auto payment = PaymentOf("o1", "carl", kNow - kDay);
  ASSERT_TRUE(world_.Convert(payment).ok());
  const size_t facts = world_.Facts().size();
  const ConversionView again = *world_.Convert(payment);
  EXPECT_TRUE(again.live);
  EXPECT_THAT(again.reward_ids, ElementsAre("o1:share", "o1:welcome"));
  EXPECT_EQ(world_.Facts().size(), facts);
  EXPECT_EQ(Reason(world_.Convert(PaymentOf("o1", "carl", kNow - kDay, 1)).status()),
            "CONVERSION_ID_REUSED");
}

TEST_P(ConversionFlowTest, OnlyOneConversionOfAReferralIsLive) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "carl", kNow - kDay)).ok());
  const ConversionView earlier = *world_.Convert(PaymentOf("o1", "carl", kNow - 2 * kDay));
  EXPECT_FALSE(earlier.live);
  EXPECT_THAT(earlier.reward_ids, IsEmpty());
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o2");
  EXPECT_EQ(world_.GetSummary().conversions, 2);
  EXPECT_EQ(world_.GetSummary().converted_referrals, 1);
}

TEST_P(ConversionFlowTest, WhatWasBeforeTheSignupPaysNothingWhicheverIsToldFirst) {
  const auto early = PaymentOf("o1", "carl", kNow - 6 * kDay);
  const auto early_too = PaymentOf("o2", "carl", kNow - 5 * kDay - absl::Microseconds(1));
  EXPECT_EQ(world_.Convert(early)->uncounted, "UNKNOWN_CUSTOMER");
  SignUp("carl");
  EXPECT_EQ(world_.Convert(early)->uncounted, "BEFORE_SIGNUP");
  const ConversionView late = *world_.Convert(early_too);
  EXPECT_EQ(late.uncounted, "BEFORE_SIGNUP");
  EXPECT_EQ(late.conversion.referral_id, "");
  EXPECT_EQ(late.conversion.customer_id, "carl");
  EXPECT_TRUE(world_.Rewards().empty());
  EXPECT_EQ(world_.Referral("r1").conversion_id, "");
  EXPECT_EQ(world_.GetSummary().conversions, 2);
  EXPECT_EQ(world_.GetSummary().converted_referrals, 0);
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 0);
  // What was at the instant of the signup counts.
  const ConversionView counts = *world_.Convert(PaymentOf("o3", "carl", kNow - 5 * kDay));
  EXPECT_TRUE(counts.live);
  EXPECT_EQ(counts.uncounted, "");
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 1);
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 1);
  ASSERT_TRUE(world_.Reverse("o3").ok());
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 0);
}

TEST_P(ConversionFlowTest, OneThatNamesAReferralIsNotBeforeIt) {
  auto report = PaymentOf("o1", "", kNow - 9 * kDay - absl::Microseconds(1));
  report.referral_id = "r1";
  EXPECT_EQ(Reason(world_.Convert(report).status()), "BEFORE_REFERRAL");
  report.conversion_time = kNow - 9 * kDay;
  EXPECT_TRUE(world_.Convert(report)->live);
  SignUp("carl");  // later: what the lead has converted stays
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o1");
  EXPECT_EQ(world_.Rewards().size(), 2u);
}

TEST_P(ConversionFlowTest, ASignupWithoutATimeWasBeforeThePaymentsThatWereToldJustBefore) {
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - absl::Hours(24))).ok());
  auto signup = SignupOf("carl", kNow, "carl@example.com");
  signup.signup.signup_time.reset();
  signup.signup.referrer_id = "ada";
  const auto customer = world_.SignUp(signup);
  ASSERT_TRUE(customer.ok()) << customer.status();
  EXPECT_EQ(customer->signup_time, kNow - absl::Hours(24));
  EXPECT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - absl::Hours(24)))->live);
  // What was longer ago was before it.
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "dora", kNow - absl::Hours(25))).ok());
  signup.signup.customer_id = "dora";
  signup.email = "dora@example.com";
  EXPECT_EQ(world_.SignUp(signup)->signup_time, kNow);
  EXPECT_EQ(world_.Convert(PaymentOf("o2", "dora", kNow - absl::Hours(25)))->uncounted,
            "BEFORE_SIGNUP");
}

TEST_P(ConversionFlowTest, WhatCameBeforeTheSignupCountsWhenItComes) {
  ASSERT_TRUE(world_.Convert(PaymentOf("o3", "carl", kNow - kDay, 7000)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - 2 * kDay, 3000)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o0", "carl", kNow - 3 * kDay, 1000)).ok());
  ASSERT_TRUE(world_.Reverse("o0").ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  SignUp("carl");
  EXPECT_THAT(world_.NewFacts(), ElementsAre("signup_attributed carl referral ada r1 lead",
                                             "lead_state_changed r1 submitted won",
                                             "referral_converted o1 r1 ada carl 3000",
                                             "thank_you_due r1 ada carl",
                                             "reward_created o1:share ada referrer 600EUR",
                                             "reward_created o1:welcome carl referee 1000EUR",
                                             "reward_available o1:welcome"));
  const Summary summary = world_.GetSummary();
  EXPECT_EQ(summary.conversions, 2);
  EXPECT_EQ(summary.channels.at("referral").converted, 1);
}

TEST_P(ConversionFlowTest, AnUnattributedCustomerConvertsForNobody) {
  SignUp("dora");
  const ConversionView view = *world_.Convert(PaymentOf("o1", "dora", kNow - kDay));
  EXPECT_FALSE(view.live);
  EXPECT_EQ(view.conversion.referral_id, "");
  EXPECT_EQ(world_.GetSummary().channels.at("organic").converted, 1);
  EXPECT_THAT(world_.Rewards(), IsEmpty());
  // Until evidence arrives.
  Submit("r2", "bob", "dora");
  EXPECT_EQ(world_.Referral("r2").conversion_id, "o1");
  EXPECT_EQ(world_.GetSummary().channels.count("organic"), 0u);
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 1);
  EXPECT_EQ(world_.Rewards().size(), 2u);
}

TEST_P(ConversionFlowTest, AConvertedCustomerIsNeverMoved) {
  auto signup = SignupOf("dora", kNow - 5 * kDay);
  signup.signup.referrer_id = "bob";
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "dora", kNow - kDay)).ok());
  Submit("r2", "ada", "dora");
  EXPECT_EQ(world_.Referral("r2").state(), domain::ReferralState::kSubmitted);
  EXPECT_EQ(world_.Referral("signup:dora").advocate_id, "bob");
  // Not even after the reversal: money was booked.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  auto touch = world_.Referral("signup:dora");
  EXPECT_EQ(touch.state(), domain::ReferralState::kSignedUp);
  EXPECT_EQ(touch.advocate_id, "bob");
}

TEST_P(ConversionFlowTest, ALeadConvertsByItsOwnIdBeforeAnySignup) {
  Submit("r2", "bob", "", "dora@example.com");
  world_.NewFacts();
  auto report = PaymentOf("o1", "", kNow - kDay, 5000);
  report.referral_id = "r2";
  EXPECT_TRUE(world_.Convert(report)->live);
  // The referee is paid as soon as the referee is known.
  EXPECT_THAT(
      world_.NewFacts(),
      ElementsAre("lead_state_changed r2 submitted won", "referral_converted o1 r2 bob  5000",
                  "thank_you_due r2 bob ", "reward_created o1:share bob referrer 1000EUR"));
  auto signup = SignupOf("dora", kNow - 5 * kDay, "dora@example.com");
  signup.signup.referrer_id = "ada";
  ASSERT_TRUE(world_.SignUp(signup).ok());
  EXPECT_THAT(world_.NewFacts(), ElementsAre("signup_attributed dora referral bob r2 lead",
                                             "reward_created o1:welcome dora referee 1000EUR",
                                             "reward_available o1:welcome"));
  EXPECT_EQ(world_.GetSummary().channels.at("referral").converted, 1);
  EXPECT_EQ(world_.Referral("r2").conversion_id, "o1");
}

TEST_P(ConversionFlowTest, AReversalTakesTheRewardsBack) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  world_.NewFacts();
  const ConversionView view = *world_.Reverse("o1", "chargeback");
  EXPECT_FALSE(view.live);
  EXPECT_TRUE(view.conversion.reversed());
  EXPECT_THAT(view.reward_ids, ElementsAre("o1:share", "o1:welcome"));
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("conversion_reversed o1 r1 chargeback",
                          "reward_reversed o1:share ada 1000EUR chargeback",
                          "reward_reversed o1:welcome carl 1000EUR chargeback"));
  EXPECT_EQ(Balances(), std::pair(int64_t{0}, int64_t{0}));
  const Summary summary = world_.GetSummary();
  EXPECT_EQ(summary.ledger_entries, 8);
  EXPECT_EQ(summary.conversions, 0);
  EXPECT_EQ(summary.converted_referrals, 0);
  EXPECT_EQ(summary.channels.at("referral").converted, 0);
  EXPECT_EQ(world_.Referral("r1").state(), domain::ReferralState::kSignedUp);
  EXPECT_EQ(world_.Advocate("ada").conversions, 0);
}

TEST_P(ConversionFlowTest, ReversingTwiceIsOnce) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  const ConversionView first = *world_.Reverse("o1", "refund");
  const size_t facts = world_.Facts().size();
  world_.clock.Advance(kDay);
  const ConversionView second = *world_.Reverse("o1", "mistake");
  EXPECT_EQ(second.conversion, first.conversion);
  EXPECT_EQ(second.reward_ids, first.reward_ids);
  EXPECT_EQ(world_.Facts().size(), facts);
  EXPECT_EQ(Reason(world_.Reverse("o9").status()), "CONVERSION_NOT_FOUND");
}

TEST_P(ConversionFlowTest, TheNextConversionTakesThePlaceOfAReversedOne) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - 3 * kDay, 5000)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o3", "carl", kNow - kDay, 9000)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "carl", kNow - 2 * kDay, 1999)).ok());
  world_.NewFacts();
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(world_.NewFacts(), ElementsAre("conversion_reversed o1 r1 refund",
                                             "reward_reversed o1:share ada 1000EUR refund",
                                             "reward_reversed o1:welcome carl 1000EUR refund",
                                             "referral_converted o2 r1 ada carl 1999",
                                             "reward_created o2:share ada referrer 400EUR"));
  EXPECT_EQ(Balances(), std::pair(int64_t{400}, int64_t{-400}));
  ASSERT_TRUE(world_.Reverse("o3").ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(ConversionFlowTest, RulesAreThoseOfTheTimeOfTheConversion) {
  SignUp("carl");
  domain::Program changed = SampleProgram();
  changed.rewards[0].amount.percent_basis_points = 5000;
  world_.clock.Set(kNow + kDay);
  ASSERT_TRUE(world_.Apply({.program = changed}).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow, 1000)).ok());
  EXPECT_THAT(world_.Query("SELECT reward_id, program_version, amount_minor FROM reward"),
              ElementsAre("o1:share 1 200"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "carl", kNow + kDay, 1000)).ok());
  EXPECT_THAT(world_.Query("SELECT reward_id, program_version, amount_minor FROM reward "
                           "WHERE reversal_time IS NULL"),
              ElementsAre("o2:share 2 500"));
}

TEST_P(ConversionFlowTest, ACapCountsWhatIsNotReversed) {
  domain::Program capped = SampleProgram();
  capped.rewards[0].max_rewards_per_recipient = 2;
  capped.rewards[1].max_rewards_per_recipient = 0;
  ASSERT_TRUE(world_.Apply({.program = capped}).ok());
  for (const char* n : {"1", "2", "3", "4"}) {
    Submit(std::string("s") + n, "bob", std::string("c") + n);
    SignUp(std::string("c") + n);
  }
  const auto pay = [&](std::string n) {
    return world_.Convert(PaymentOf("o" + n, "c" + n, kNow))->reward_ids;
  };
  EXPECT_THAT(pay("1"), ElementsAre("o1:share"));
  EXPECT_THAT(pay("2"), ElementsAre("o2:share"));
  EXPECT_THAT(pay("3"), IsEmpty());
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(pay("4"), ElementsAre("o4:share"));
}

TEST_P(ConversionFlowTest, ConversionsAreRefusedForReasons) {
  SignUp("carl");
  SignUp("dora");
  auto dollars = PaymentOf("o1", "carl", kNow);
  dollars.amount = Money{100, "USD"};
  EXPECT_EQ(Reason(world_.Convert(dollars).status()), "CURRENCY_MISMATCH");
  auto unknown = PaymentOf("o1", "", kNow);
  EXPECT_EQ(Reason(world_.Convert(unknown).status()), "UNKNOWN_REFERRAL");
  unknown.referral_id = "r9";
  EXPECT_EQ(Reason(world_.Convert(unknown).status()), "UNKNOWN_REFERRAL");
  auto mismatch = PaymentOf("o1", "dora", kNow);
  mismatch.referral_id = "r1";
  EXPECT_EQ(Reason(world_.Convert(mismatch).status()), "CUSTOMER_MISMATCH");
  EXPECT_EQ(Reason(world_.Convert(PaymentOf("o1", "carl", kNow + 2 * kDay)).status()),
            "TIME_IN_FUTURE");
  EXPECT_EQ(world_.GetSummary().conversions, 0);
}

TEST_P(ConversionFlowTest, OneBatchMayHoldAWholeStory) {
  const auto results = *world_.Run<RecordConversions>(
      "RecordConversions", std::string("acme"),
      std::vector<domain::ConversionReport>{
          PaymentOf("o1", "carl", kNow - kDay), PaymentOf("o1", "carl", kNow - kDay),
          PaymentOf("o1", "carl", kNow), PaymentOf("o2", "carl", kNow)});
  EXPECT_TRUE(results[0].ok());
  EXPECT_TRUE(results[1].ok());
  EXPECT_EQ(Reason(results[2].status()), "CONVERSION_ID_REUSED");
  EXPECT_TRUE(results[3].ok());
  SignUp("carl");
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o1");
}

TEST_P(ConversionFlowTest, ListsRewardsWithTotals) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay, 5000)).ok());
  Submit("r2", "ada", "dora");
  SignUp("dora");
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "dora", kNow - kDay, 2500)).ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  const auto list = [&](RewardFilter filter, PageRequest page) {
    filter.program_id = "acme";
    filter.now = kNow;
    return *world_.reader().ListRewards(filter, page, test::Soon());
  };
  const auto ids = [](const RewardPage& rewards) {
    std::vector<std::string> result;
    for (const auto& row : rewards.page.rows) result.push_back(row.reward_id);
    return result;
  };
  const auto totals = [](const RewardPage& rewards) {
    std::vector<std::pair<domain::RewardState, std::pair<int64_t, int64_t>>> result;
    for (const auto& t : rewards.totals) {
      result.push_back({t.state, {t.amount_minor, t.count}});
    }
    return result;
  };
  const RewardPage first = list({}, {.size = 3, .token = ""});
  EXPECT_THAT(ids(first), ElementsAre("o1:share", "o1:welcome", "o2:share"));
  EXPECT_THAT(ids(list({}, {.size = 3, .token = first.page.next_token})),
              ElementsAre("o2:welcome"));
  EXPECT_THAT(totals(first),
              UnorderedElementsAre(Pair(domain::RewardState::kHeld, Pair(1000, 1)),
                                   Pair(domain::RewardState::kAvailable, Pair(1000, 1)),
                                   Pair(domain::RewardState::kReversed, Pair(1500, 2))));
  RewardFilter filter;
  filter.recipient_id = "ada";
  EXPECT_THAT(ids(list(filter, {})), ElementsAre("o1:share", "o2:share"));
  filter.state = domain::RewardState::kHeld;
  EXPECT_THAT(ids(list(filter, {})), ElementsAre("o1:share"));
  EXPECT_THAT(totals(list(filter, {})),
              ElementsAre(Pair(domain::RewardState::kHeld, Pair(1000, 1))));
}

// While an older version runs beside this one.
TEST_P(ConversionFlowTest, WhatWasNotCountedIsReversedAllTheSame) {
  SignUp("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  ASSERT_TRUE(world_.database().RunScript("UPDATE advocate SET counted_successes = 0").ok());
  const auto reversed = world_.Reverse("o1");
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(world_.Advocate("ada").conversions, 0);
  EXPECT_EQ(world_.Advocate("ada").counted.successes, 0);
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "carl", kNow - kDay)).ok());
  EXPECT_EQ(world_.Advocate("ada").counted.successes, 1);
}

}  // namespace
}  // namespace kith::referral::app
