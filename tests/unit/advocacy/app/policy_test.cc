// Scoring policies through the real executor.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "services/advocacy/app/get_scoring_policy.h"
#include "tests/unit/advocacy/app/world_test.h"

namespace kith::advocacy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PolicyTest : public WorldTest {
 protected:
  absl::StatusOr<domain::PolicyVersion> Get(int64_t version = 0) {
    return app::GetScoringPolicy(world_.database(), "acme", version, test::Soon());
  }
};

TEST_P(PolicyTest, GetsAVersionWhenItDiffers) {
  const auto first = world_.Apply({});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->version, 1);
  EXPECT_TRUE(first->changed);
  const auto same = world_.Apply({domain::DefaultPolicy().behaviours, {}, 75});
  EXPECT_EQ(same->version, 1);
  EXPECT_FALSE(same->changed);
  EXPECT_THAT(same->differences, IsEmpty());
  const auto second = world_.Apply({{}, {}, 80});
  EXPECT_EQ(second->version, 2);
  EXPECT_THAT(second->differences,
              ElementsAre(domain::PolicyDifference{"referral_points", "75", "80"}));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(PolicyTest, IsKeptWholeInEveryVersion) {
  const domain::PolicyDraft draft = {
      {{"blog", 10, 3, 30}, {"talk", 20, 0, 1}, {"tweet", 0}},
      {{"friend", 1, {"lunch\twith \"us\"\n\\o/", "Grüße — 日本"}}, {"star", 2, {}}},
      0};
  ASSERT_TRUE(world_.Apply(draft).ok());
  ASSERT_TRUE(world_.Apply({}).ok());
  EXPECT_EQ(Get(1)->policy, domain::Complete(draft));
  EXPECT_EQ(Get(2)->policy, domain::DefaultPolicy());
  EXPECT_EQ(Get()->version, 2);
  EXPECT_EQ(Get(1)->effective_time, std::nullopt);
  EXPECT_EQ(Get(2)->effective_time, now());
  EXPECT_EQ(GetErrorReason(Get(3).status()), "POLICY_VERSION_NOT_FOUND");
}

TEST_P(PolicyTest, OfAnUnknownProgramIsNotFound) {
  EXPECT_EQ(GetErrorReason(Get().status()), "PROGRAM_NOT_FOUND");
}

TEST_P(PolicyTest, OfAProgramKnownByItsFactsIsTheDefault) {
  world_.Enrol("ann");
  EXPECT_EQ(Get()->version, 0);
  EXPECT_EQ(Get()->policy, domain::DefaultPolicy());
}

TEST_P(PolicyTest, ADryRunOnlySays) {
  const auto dry = world_.Apply({}, /*dry_run=*/true);
  EXPECT_TRUE(dry->changed);
  EXPECT_EQ(dry->version, 1);
  EXPECT_FALSE(dry->differences.empty());
  EXPECT_EQ(GetErrorReason(Get().status()), "PROGRAM_NOT_FOUND");
  EXPECT_THAT(world_.Ask("SELECT version FROM scoring_policy"), IsEmpty());
}

TEST_P(PolicyTest, ThatContradictsItselfIsRefused) {
  const auto refused = world_.Apply({{{"a", 1, 2, 0}}, {}, {}});
  EXPECT_EQ(GetErrorReason(refused.status()), "INVALID_POLICY");
  EXPECT_EQ(ToItemError(refused.status()).field, "policy.behaviours[0].period_days");
}

TEST_P(PolicyTest, WithNewTiersShowsAtOnceAndIsAnnouncedAtTheNextChange) {
  ASSERT_TRUE(world_.Apply({}).ok());
  world_.RecordOne("a1", "ann", "case_study", now());
  ASSERT_TRUE(world_.Apply({{}, {{"friend", 60, {"cake"}}, {"star", 120, {}}}, {}}).ok());
  const app::AdvocateView ann = world_.Advocate("ann");
  EXPECT_EQ(ann.tier, "friend");
  EXPECT_EQ(ann.next_tier, "star");
  EXPECT_EQ(ann.points_to_next_tier, 20);
  EXPECT_THAT(ann.benefits, ElementsAre("cake"));
  world_.RecordOne("a2", "ann", "social_mention", now());
  EXPECT_EQ(world_.Facts().back(), "tier ann: supporter -> friend (110)");
}

INSTANTIATE_TEST_SUITE_P(Backends, PolicyTest, testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::advocacy
