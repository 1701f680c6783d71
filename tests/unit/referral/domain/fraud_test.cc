#include "services/referral/domain/fraud.h"

#include "gtest/gtest.h"
#include "services/referral/domain/fraud_case.h"

namespace kith::referral::domain {
namespace {

SignalEvidence Found(Signal signal, std::string text) { return {signal, 0, std::move(text)}; }

TEST(FraudTest, DefaultWeightsAreThoseOfTheContract) {
  EXPECT_EQ(DefaultWeight(Signal::kSelfReferral), 100);
  EXPECT_EQ(DefaultWeight(Signal::kSameDomain), 40);
  EXPECT_EQ(DefaultWeight(Signal::kDisposableDomain), 60);
  EXPECT_EQ(DefaultWeight(Signal::kExistingCustomer), 100);
  EXPECT_EQ(DefaultWeight(Signal::kDuplicateAccount), 80);
  EXPECT_EQ(DefaultWeight(Signal::kCircularChain), 70);
  EXPECT_EQ(DefaultWeight(Signal::kVelocity), 50);
  EXPECT_EQ(DefaultWeight(Signal::kPaidSearch), 60);
  EXPECT_EQ(DefaultWeight(Signal::kBlocklist), 100);
}

TEST(FraudTest, TheSumDecides) {
  const FraudRules rules;  // hold at 50, reject at 100
  EXPECT_EQ(Decide(rules, {}).state, FraudState::kClear);
  const FraudVerdict one = Decide(rules, {Found(Signal::kSameDomain, "a")});
  EXPECT_EQ(one.state, FraudState::kClear);
  EXPECT_EQ(one.score, 40);
  const FraudVerdict held = Decide(rules, {Found(Signal::kVelocity, "a")});
  EXPECT_EQ(held.state, FraudState::kHeld);
  EXPECT_EQ(held.score, 50);
  const FraudVerdict rejected =
      Decide(rules, {Found(Signal::kSameDomain, "a"), Found(Signal::kPaidSearch, "b")});
  EXPECT_EQ(rejected.state, FraudState::kRejected);
  EXPECT_EQ(rejected.score, 100);
  EXPECT_EQ(rejected.evidence.front().signal, Signal::kPaidSearch);
}

TEST(FraudTest, AProgramWeighsAndDrawsTheLines) {
  FraudRules rules;
  rules.weights = {{Signal::kVelocity, 10}, {Signal::kBlocklist, 0}};
  rules.hold_at = 10;
  rules.reject_at = 11;
  const FraudVerdict verdict = Decide(
      rules, {Found(Signal::kVelocity, "a"), Found(Signal::kBlocklist, "switched off")});
  EXPECT_EQ(verdict.state, FraudState::kHeld);
  EXPECT_EQ(verdict.evidence, (std::vector<SignalEvidence>{{Signal::kVelocity, 10, "a"}}));
}

TEST(FraudTest, ASignalFoundTwiceCountsOnceWithBothTexts) {
  const FraudVerdict verdict =
      Decide(FraudRules(), {Found(Signal::kVelocity, "a"), Found(Signal::kVelocity, "b"),
                            Found(Signal::kVelocity, "a"), Found(Signal::kSameDomain, "c")});
  EXPECT_EQ(verdict.score, 90);
  EXPECT_EQ(verdict.evidence, (std::vector<SignalEvidence>{{Signal::kVelocity, 50, "a; b"},
                                                           {Signal::kSameDomain, 40, "c"}}));
}

TEST(FraudTest, DaysAreThoseOfTheZone) {
  absl::TimeZone auckland;
  ASSERT_TRUE(absl::LoadTimeZone("Pacific/Auckland", &auckland));
  const absl::Time noon =
      absl::FromCivil(absl::CivilHour(2024, 1, 1, 12), absl::UTCTimeZone());
  EXPECT_EQ(LocalDay(noon, absl::UTCTimeZone()), 19723);
  EXPECT_EQ(LocalDay(noon, auckland), 19724);
  EXPECT_EQ(LocalDay(absl::UnixEpoch() - absl::Seconds(1), absl::UTCTimeZone()), -1);
}

}  // namespace
}  // namespace kith::referral::domain
