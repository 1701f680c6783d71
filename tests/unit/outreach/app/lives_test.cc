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
  // Three messages at once and one later; a conversion ends it too.
  static Playbook WinBack() {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = "win";
    playbook.trigger = Trigger::kCustomerChurned;
    playbook.exit_on_conversion = true;
    playbook.steps = {MakeStep("hello", absl::ZeroDuration()),
                      MakeStep("gift", absl::ZeroDuration()), MakeStep("later", kDay * 7)};
    return playbook;
  }
  void ApplyWinBack() { ASSERT_TRUE(world_.Apply(WinBack()).ok()); }
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
  EXPECT_EQ(world_.Find(kFirst).state, MessageState::kSent);
  EXPECT_EQ(world_.Find(After(Day(30))).reason, "returned");
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
  world_.Feed("retention", {Churned("bob", Day(0))});
  const auto first = world_.Claim();
  ASSERT_EQ(first.size(), 1u);
  world_.Feed("retention", {Reactivated("bob", Day(1)), Churned("bob", Day(2))});
  world_.clock().Advance(kDay * 3);
  const auto second = world_.Claim();
  ASSERT_EQ(second.size(), 1u);
  ASSERT_TRUE(world_.Nack(second[0], /*permanent=*/true).ok());
  EXPECT_EQ(world_.Find(After(Day(1))).state, MessageState::kDead);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: who was back got the rest of what was to win them back.
TEST_P(LivesTest, AReturnWithdrawsWhatTheChurnHasStartedAndIsNotSent) {
  ApplyWinBack();
  world_.Feed("retention", {Churned("bob", Day(0))});
  const auto leased = world_.Claim();
  ASSERT_EQ(leased.size(), 3u);
  ASSERT_TRUE(world_.Ack(leased[0]).ok());
  world_.Feed("retention", {Reactivated("bob", Day(1))});
  // One sent stays, one that a sender has may still be acknowledged.
  EXPECT_EQ(world_.Find(leased[0].message.message_id).state, MessageState::kSent);
  ASSERT_TRUE(world_.Ack(leased[1]).ok());
  ASSERT_TRUE(world_.Nack(leased[2]).ok());
  EXPECT_EQ(world_.Find(leased[2].message.message_id).reason, "returned");
  const Message later = world_.Find("win:bob:bob:later");
  EXPECT_EQ(later.state, MessageState::kSkipped);
  EXPECT_EQ(later.reason, "returned");
  const ContactExplanation explained = world_.Explain("bob", Day(10));
  EXPECT_THAT(explained.messages.back().verdict.checks.back().explanation,
              ::testing::EndsWith(": returned"));
  world_.clock().Advance(kDay * 20);
  EXPECT_THAT(world_.Claim(), IsEmpty());
  // The next churn is another life.
  world_.Feed("retention", {Churned("bob", Day(20))});
  EXPECT_EQ(world_.Claim().size(), 3u);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LivesTest, AReturnBeforeTheChurnAndOtherPlaybooksAreLeftAlone) {
  Playbook other = MakePlaybook();
  other.playbook_id = "other";
  other.trigger = Trigger::kAhaReached;
  ASSERT_TRUE(world_.Apply(other).ok());
  world_.Feed("retention", {Aha("bob", Day(0)), Churned("bob", Day(5)),
                            Reactivated("bob", Day(5)), Reactivated("bob", Day(4))});
  EXPECT_EQ(world_.Find(kFirst).state, MessageState::kScheduled);
  EXPECT_EQ(world_.Find("other:bob:bob:hello").state, MessageState::kScheduled);
  world_.Feed("retention", {Reactivated("bob", Day(6))});
  EXPECT_EQ(world_.Find(kFirst).reason, "returned");
  EXPECT_EQ(world_.Find("other:bob:bob:hello").state, MessageState::kScheduled);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(LivesTest, AConversionStandsAboveAReturnWhicheverCameFirst) {
  const Fact converted = Converted("r1", "ada", "bob", Day(2));
  for (const bool return_first : {true, false}) {
    World world(GetParam());
    ASSERT_TRUE(world.Apply(WinBack()).ok());
    world.Feed("retention", {Churned("bob", Day(0))});
    if (!return_first) world.Feed("referral", {converted});
    world.Feed("retention", {Reactivated("bob", Day(1))});
    if (return_first) {
      EXPECT_EQ(world.Find("win:bob:bob:later").reason, "returned");
      world.Feed("referral", {converted});
    }
    EXPECT_EQ(world.Find("win:bob:bob:later").reason, "converted");
    EXPECT_TRUE(world.CountsAreTrue());
    EXPECT_EQ(world.misses(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, LivesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
