#include "services/retention/domain/policy.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::retention {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

Policy WithAha(const std::string& name, int32_t count) {
  Policy policy;
  policy.aha = AhaRule{name, count, absl::Hours(48)};
  return policy;
}

TEST(Policy, DefaultsCompareReferralWithOrganic) {
  const Policy policy;
  EXPECT_EQ(policy.referred_channel, "referral");
  EXPECT_EQ(policy.baseline_channel, "organic");
  EXPECT_TRUE(Validate(policy).ok());
}

TEST(Policy, AChannelIsNotComparedWithItself) {
  Policy policy;
  policy.baseline_channel = "referral";
  const absl::Status status = Validate(policy);
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_EQ(ToItemError(status).field, "policy.baseline_channel");
}

TEST(Policy, AWindowIsPositive) {
  Policy policy = WithAha("login", 1);
  policy.aha->within = absl::ZeroDuration();
  EXPECT_EQ(ToItemError(Validate(policy)).field, "policy.aha.within");
}

TEST(Policy, DifferencesNameFieldAndValues) {
  const Policy after = WithAha("login", 3);
  EXPECT_EQ(Compare(Policy(), after),
            (std::vector<PolicyDifference>{{"aha.event_name", "", "login"},
                                           {"aha.min_count", "", "3"},
                                           {"aha.within", "", "48h"}}));
  EXPECT_TRUE(Compare(after, after).empty());
  EXPECT_EQ(Compare(std::nullopt, Policy()).size(), 2u);
}

TEST(AhaEras, OnlyAChangeOfTheRuleBeginsAnEra) {
  AhaEras eras;
  Policy policy = WithAha("login", 3);
  Extend(eras, 1, kStart, policy);
  policy.baseline_channel = "paid";
  Extend(eras, 2, kStart + absl::Hours(1), policy);
  ASSERT_EQ(eras.size(), 1u);
  Extend(eras, 3, kStart + absl::Hours(2), WithAha("login", 4));
  ASSERT_EQ(eras.size(), 2u);
  EXPECT_EQ(eras[1].version, 3);
}

TEST(AhaEras, AnActivityIsJudgedByTheRuleOfItsTime) {
  AhaEras eras;
  EXPECT_EQ(EraAt(eras, kStart), nullptr);
  Extend(eras, 1, kStart, WithAha("login", 3));
  Extend(eras, 2, kStart + absl::Hours(2), Policy());
  EXPECT_EQ(EraAt(eras, kStart - absl::Hours(10000))->version, 1) << "history counts";
  EXPECT_EQ(EraAt(eras, kStart + absl::Hours(2) - absl::Microseconds(1))->version, 1);
  EXPECT_EQ(EraAt(eras, kStart + absl::Hours(2))->version, 2);
  EXPECT_FALSE(EraAt(eras, kStart + absl::Hours(3))->rule.has_value());
}

}  // namespace
}  // namespace kith::retention
