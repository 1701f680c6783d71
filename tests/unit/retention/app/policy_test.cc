#include "common/base/error.h"
#include "services/retention/app/lookups.h"
#include "tests/support/test_database.h"
#include "tests/unit/retention/app/fixture.h"

namespace kith::retention::app {
namespace {

using PolicyTest = AppTest;

Policy WithAha(int32_t count) {
  Policy policy;
  policy.aha = AhaRule{"export", count, absl::Hours(24 * 7) + absl::Microseconds(1)};
  return policy;
}

TEST_P(PolicyTest, EachChangeIsAVersion) {
  const auto first = Apply(WithAha(1));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->version, 1);
  EXPECT_TRUE(first->changed);
  EXPECT_EQ(first->differences.size(), 5u);

  const auto again = Apply(WithAha(1));
  EXPECT_EQ(again->version, 1);
  EXPECT_FALSE(again->changed);
  EXPECT_TRUE(again->differences.empty());

  const auto second = Apply(WithAha(2));
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(second->differences, (std::vector<PolicyDifference>{{"aha.min_count", "1", "2"}}));

  EXPECT_EQ(GetPolicy(database(), kProgram, 1, test::Soon())->policy, WithAha(1));
  EXPECT_EQ(GetPolicy(database(), kProgram, 0, test::Soon())->policy, WithAha(2));
  EXPECT_EQ(GetPolicy(database(), kProgram, 0, test::Soon())->version, 2);
}

TEST_P(PolicyTest, ADryRunWritesNothing) {
  const auto result = Apply(WithAha(1), /*dry_run=*/true);
  EXPECT_EQ(result->version, 1);
  EXPECT_TRUE(result->changed);
  EXPECT_EQ(GetErrorReason(GetPolicy(database(), kProgram, 0, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(PolicyTest, APolicyThatMakesNoSenseIsRefused) {
  Policy policy;
  policy.referred_channel = "organic";
  EXPECT_EQ(GetErrorReason(Apply(policy).status()), "INVALID_FIELD");
  EXPECT_EQ(GetErrorReason(GetPolicy(database(), kProgram, 0, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(PolicyTest, UnknownVersions) {
  ASSERT_TRUE(Apply(Policy()).ok());
  EXPECT_EQ(GetErrorReason(GetPolicy(database(), kProgram, 2, test::Soon()).status()),
            "POLICY_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(GetPolicy(database(), "other", 0, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(PolicyTest, AProgramKnownByAFactHasNoPolicyYet) {
  ASSERT_TRUE(Attribute("c1", "referral", "a1", TestNoon()).ok());
  EXPECT_EQ(GetErrorReason(GetPolicy(database(), kProgram, 0, test::Soon()).status()),
            "POLICY_NOT_FOUND");
  EXPECT_EQ(Apply(Policy())->version, 1);
}

TEST_P(PolicyTest, AChangeOfTheSuccessRuleIsNotRetroactive) {
  ASSERT_TRUE(Apply(WithAha(2)).ok());
  const absl::Time changed = TestNoon() + absl::Hours(1);
  clock().Set(changed);
  ASSERT_TRUE(Apply(WithAha(1)).ok());
  const absl::Time before = changed - absl::Seconds(1);
  MustRecord({MakeSignup("s1", "old", before), MakeActivity("a1", "old", before, "export"),
              MakeSignup("s2", "new", before), MakeActivity("a2", "new", changed, "export")});
  EXPECT_EQ(GetCustomer(database(), kProgram, "old", test::Soon())->customer.aha_time,
            std::nullopt);
  EXPECT_EQ(GetCustomer(database(), kProgram, "new", test::Soon())->customer.aha_time,
            changed);
}

INSTANTIATE_TEST_SUITE_P(Stores, PolicyTest, testing::ValuesIn(test::Backends()), StoreName);

}  // namespace
}  // namespace kith::retention::app
