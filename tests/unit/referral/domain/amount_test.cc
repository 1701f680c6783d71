#include "services/referral/domain/amount.h"

#include <limits>

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

Conversion Order(std::optional<int64_t> minor) {
  Conversion order;
  order.amount_minor = minor;
  return order;
}

Amount Fixed(int64_t minor) {
  Amount amount;
  amount.fixed_minor = minor;
  return amount;
}

Amount Percent(int64_t basis_points) {
  Amount amount;
  amount.percent_basis_points = basis_points;
  return amount;
}

int64_t Minor(const Amount& amount, const Conversion* conversion,
              RewardKind kind = RewardKind::kCash) {
  return EvaluateAmount(amount, kind, conversion).minor;
}

TEST(AmountTest, FixedNeedsNoConversion) {
  EXPECT_EQ(Minor(Fixed(500), nullptr), 500);
  const Conversion order = Order(1);
  EXPECT_EQ(Minor(Fixed(500), &order), 500);
}

TEST(AmountTest, PercentRoundsHalfToEven) {
  const auto share = [](int64_t basis_points, int64_t minor) {
    const Conversion order = Order(minor);
    return Minor(Percent(basis_points), &order);
  };
  EXPECT_EQ(share(2000, 1999), 400);  // 399.8
  EXPECT_EQ(share(5000, 5), 2);       // 2.5
  EXPECT_EQ(share(5000, 7), 4);       // 3.5
  EXPECT_EQ(share(1, 1), 0);
  EXPECT_EQ(share(2000, -1000), 0);
}

TEST(AmountTest, NothingIsOwedForNothing) {
  const Conversion unpriced = Order(std::nullopt);
  EXPECT_EQ(Minor(Percent(2000), &unpriced), 0);
  EXPECT_EQ(Minor(Percent(2000), nullptr), 0);
  EXPECT_EQ(Minor(Amount(), nullptr), 0);
}

TEST(AmountTest, ALargeShareIsCutOffAtTheLargestReward) {
  const Conversion order = Order(1000000000000000);
  const FoundAmount found = EvaluateAmount(Percent(10000), RewardKind::kCash, &order);
  EXPECT_EQ(found.minor, kMaxRewardMinor);
  EXPECT_EQ(found.text,
            "100.00 % of 1000000000000000 = 1000000000000000, at most 1000000000000");
}

TEST(AmountTest, AShareOfTheYearAndALineOfTheOrder) {
  Conversion order = Order(1000);
  order.annual_minor = 120000;
  order.lines = {{"styling_fee", 2000}, {"shipping", 500}};
  Amount annual;
  annual.annual_percent_basis_points = 2000;
  const FoundAmount found = EvaluateAmount(annual, RewardKind::kCash, &order);
  EXPECT_EQ(found.minor, 24000);
  EXPECT_EQ(found.text, "20.00 % of the annual 120000 = 24000");
  Amount line;
  line.line = "styling_fee";
  EXPECT_EQ(Minor(line, &order, RewardKind::kFeeWaiver), 2000);
  line.line = "tip";
  EXPECT_EQ(Minor(line, &order, RewardKind::kFeeWaiver), 0);
}

TEST(AmountTest, ThingsCountAsOneUnlessTheRuleSaysHowMany) {
  EXPECT_EQ(Minor(Amount(), nullptr, RewardKind::kPhysicalGift), 1);
  EXPECT_EQ(Minor(Amount(), nullptr, RewardKind::kContestEntry), 1);
  EXPECT_EQ(Minor(Fixed(3), nullptr, RewardKind::kContestEntry), 3);
  EXPECT_EQ(Minor(Amount(), nullptr, RewardKind::kPoints), 0);
}

TEST(AmountTest, TheFirstCaseThatHoldsReplacesTheAmount) {
  RewardRule rule;
  rule.amount = Fixed(250);
  const auto when = [](absl::string_view text) { return *ParseCondition(text); };
  rule.cases = {{when("advocate.tier equals champion"), Fixed(1000)},
                {when("occasion.ordinal at_most 3"), Fixed(500)}};
  const auto wanted = [&](FieldValues values) { return Want(rule, values, nullptr); };
  EXPECT_EQ(wanted({}).amount.minor, 250);
  EXPECT_EQ(wanted({{"occasion.ordinal", "3"}}).amount.minor, 500);
  EXPECT_EQ(wanted({{"occasion.ordinal", "4"}}).amount.minor, 250);
  const WantedAmount both = wanted({{"occasion.ordinal", "1"}, {"advocate.tier", "champion"}});
  EXPECT_EQ(both.amount.minor, 1000);
  ASSERT_EQ(both.case_tests.size(), 1u);
  EXPECT_EQ(both.case_tests[0].value, "champion");
}

TEST(AmountTest, UnitsNameWhatIsCounted) {
  RewardRule rule;
  const auto unit = [&](RewardKind kind) {
    rule.kind = kind;
    return UnitOf(rule, "USD");
  };
  rule.unit = "mb";
  EXPECT_EQ(unit(RewardKind::kCash), "USD");
  EXPECT_EQ(unit(RewardKind::kGiftCard), "USD");
  EXPECT_EQ(unit(RewardKind::kPercentOff), "basis_points");
  EXPECT_EQ(unit(RewardKind::kFreePeriod), "days");
  EXPECT_EQ(unit(RewardKind::kPlanUpgrade), "unlock");
  EXPECT_EQ(unit(RewardKind::kInKind), "mb");
  EXPECT_EQ(unit(RewardKind::kPoints), "points");
  EXPECT_EQ(unit(RewardKind::kPhysicalGift), "gift");
  EXPECT_EQ(unit(RewardKind::kEventTicket), "ticket");
  EXPECT_EQ(unit(RewardKind::kContestEntry), "entry");
}

TEST(AmountTest, SumsStayInRange) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(SaturatingAdd(kMax - 1, 1), kMax);
  EXPECT_EQ(SaturatingAdd(kMax, 1), kMax);
  EXPECT_EQ(SaturatingAdd(-kMax, -2), std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace kith::referral::domain
