// A customer who comes back and leaves again starts what a churn starts again; the same churn
// never does so twice.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LivesTest : public WorldTest {
 protected:
  LivesTest() {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = "back";
    playbook.trigger = Trigger::kCustomerChurned;
    EXPECT_TRUE(world_.Apply(playbook).ok());
  }
  std::vector<std::string> Messages() {
    return world_.Ask("SELECT message_id FROM message ORDER BY planned_at, message_id");
  }
  // The id of the message of the life after a return.
  std::string After(absl::Time back) {
    return absl::StrCat(kFirst, ":", absl::ToUnixMicros(back));
  }
  absl::Time Day(int day) const { return start_ + kDay * day; }

  const std::string kFirst = "back:bob:bob:hello";
  const absl::Time start_ = now();
};

TEST_P(LivesTest, AChurnAfterAReturnStartsThePlaybookAgain) {
  world_.Feed("retention", {Churned("bob", Day(0))});
  const auto first = world_.Claim();
  ASSERT_EQ(first.size(), 1u);
  ASSERT_TRUE(world_.Ack(first[0]).ok());
  world_.Feed("retention", {Reactivated("bob", Day(30))});
  EXPECT_THAT(Messages(), ElementsAre(kFirst));
  world_.Feed("retention", {Churned("bob", Day(90))});
  EXPECT_THAT(Messages(), ElementsAre(kFirst, After(Day(30))));
  EXPECT_EQ(world_.Find(After(Day(30))).planned_time, Day(90));
  world_.Feed("retention", {Reactivated("bob", Day(100)), Churned("bob", Day(100))});
  EXPECT_THAT(Messages(), ElementsAre(kFirst, After(Day(30)), After(Day(100))));
  EXPECT_EQ(world_.Summarize().enrollments, 3);
  EXPECT_EQ(world_.Summarize().contacts, 1);
  EXPECT_EQ(world_.Explain("bob", Day(100)).messages.size(), 3u);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// The time of a churn may be corrected, and is then told again.
TEST_P(LivesTest, ACorrectedTimeOrARepeatedFactStartsNothing) {
  const std::vector<Fact> facts{Churned("bob", Day(10)), Churned("bob", Day(5)),
                                Reactivated("bob", Day(30)), Churned("bob", Day(90)),
                                Churned("bob", Day(80))};
  for (int i = 0; i < 3; ++i) {
    world_.Feed("retention", facts);
    EXPECT_THAT(Messages(), ElementsAre(kFirst, After(Day(30))));
  }
  for (const Fact& fact : facts) world_.Feed("retention", {fact});
  EXPECT_THAT(Messages(), ElementsAre(kFirst, After(Day(30))));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LivesTest, WhoIsBackIsNotAskedBack) {
  world_.Feed("retention", {Reactivated("bob", Day(30)), Churned("bob", Day(10))});
  EXPECT_THAT(Messages(), IsEmpty());
  world_.Feed("retention", {Churned("bob", Day(30))});
  EXPECT_THAT(Messages(), ElementsAre(After(Day(30))));
}

TEST_P(LivesTest, EveryLifeHasMessagesOfItsOwn) {
  world_.Feed("retention",
              {Churned("bob", Day(0)), Reactivated("bob", Day(1)), Churned("bob", Day(2))});
  world_.clock().Advance(kDay * 3);
  const auto leased = world_.Claim();
  ASSERT_EQ(leased.size(), 2u);
  ASSERT_TRUE(world_.Ack(leased[0]).ok());
  ASSERT_TRUE(world_.Nack(leased[1], /*permanent=*/true).ok());
  EXPECT_EQ(world_.Find(kFirst).state, MessageState::kSent);
  EXPECT_EQ(world_.Find(After(Day(1))).state, MessageState::kDead);
  EXPECT_TRUE(world_.CountsAreTrue());
}

INSTANTIATE_TEST_SUITE_P(Backends, LivesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
