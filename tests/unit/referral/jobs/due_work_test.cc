#include "services/referral/jobs/due_work.h"

#include "services/referral/app/apply_due.h"
#include "services/referral/app/due.h"
#include "tests/unit/referral/app/fulfilment_world.h"

namespace kith::referral::jobs {
namespace {

using app::kDay;
using app::kNow;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 10 EUR in cash, held for 10 days and to be taken within 20 more.
class DueWorkTest : public app::FulfilmentTest {
 protected:
  DueWorkTest() {
    domain::RewardRule rule = Rule("cash", domain::RewardKind::kCash, 1000, "");
    rule.holding_period = 10 * kDay;
    rule.expires_after = 20 * kDay;
    Apply({rule});
    Advance(absl::Seconds(1));
    world_.NewFacts();
  }
  // The facts of one kind since the last call.
  std::vector<std::string> NewFactsOf(const std::string& kind) {
    std::vector<std::string> found;
    for (const std::string& fact : world_.NewFacts()) {
      if (fact.starts_with(kind + " ")) found.push_back(fact);
    }
    return found;
  }
  std::vector<std::string> Due() const {
    return world_.Query("SELECT kind, subject_id FROM due_work ORDER BY kind, subject_id");
  }
};

TEST_P(DueWorkTest, DoesWhatIsDueAndNothingElse) {
  Earn("o1");
  EXPECT_THAT(Due(), ElementsAre("reward_available o1:cash", "reward_expiry o1:cash"));
  Advance(10 * kDay - absl::Seconds(1));
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), IsEmpty());
  Advance(absl::Seconds(1));
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
  EXPECT_THAT(Due(), ElementsAre("reward_expiry o1:cash"));
  Advance(20 * kDay);
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_expired"), SizeIs(1));
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_EQ(StateOf("o1:cash"), domain::RewardState::kExpired);
  EXPECT_EQ(Balance("liability:rewards"), 0);
  EXPECT_EQ(world_.misses(), 0);
}

// However long nobody was there, and in whatever steps the clock went.
TEST_P(DueWorkTest, AClockThatJumpsAheadDoesAllInOrder) {
  Earn("o1");
  Advance(365 * kDay);
  DoDueWork();
  const std::vector<std::string> facts = world_.NewFacts();
  EXPECT_THAT(facts, Contains(HasSubstr("reward_expired")));
  EXPECT_EQ(StateOf("o1:cash"), domain::RewardState::kExpired);
  DoDueWork();
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(DueWorkTest, AClockThatIsSetBackUndoesAndRepeatsNothing) {
  Earn("o1");
  Advance(10 * kDay);
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
  Advance(-10 * kDay);
  DoDueWork();
  Advance(10 * kDay);
  DoDueWork();
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  EXPECT_THAT(Due(), ElementsAre("reward_expiry o1:cash"));
}

// A job read the entry, and the clock was set back before it was done.
TEST_P(DueWorkTest, WhatIsNotDueAnyMoreIsLeftAlone) {
  Earn("o1");
  const store::DueEntry entry{"acme", "reward_available", "o1:cash", world_.clock.Now()};
  exec::Submission submission;
  submission.program_id = "acme";
  submission.method = "ApplyDue";
  submission.command = std::make_unique<app::ApplyDue>(
      "acme", app::DueWorker{"me", 0, SystemClock().Now()},
      std::vector<store::DueEntry>{entry, {"acme", "lease", "none", kNow}});
  EXPECT_TRUE(world_.executor().Run(std::move(submission)).ok());
  EXPECT_THAT(NewFactsOf("reward_available"), IsEmpty());
  EXPECT_THAT(Due(), Contains("reward_available o1:cash"));
}

TEST_P(DueWorkTest, AReplicaThatHasTheLeaseKeepsOthersAway) {
  Earn("o1");
  Advance(10 * kDay);
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
  metrics::Registry registry;
  DueWork other(world_.database(), world_.executor(), world_.clock, registry);
  Earn("o2");
  Advance(10 * kDay);
  ASSERT_TRUE(other.RunOnce().ok());
  EXPECT_THAT(NewFactsOf("reward_available"), IsEmpty());
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
}

// The lease of a process that was killed ends; one from a clock that was wrong does not count.
TEST_P(DueWorkTest, ALeaseThatHasEndedOrCannotBeIsTaken) {
  for (const char* end : {"0", "9000000000000000"}) {
    const auto transaction = world_.database().BeginWrite(test::Soon());
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE((*transaction)->Execute("DELETE FROM due_lease").ok());
    ASSERT_TRUE((*transaction)
                    ->Execute(end[0] == '0'
                                  ? "INSERT INTO due_lease (shard, holder, end_time) "
                                    "VALUES (0, 'dead', 0)"
                                  : "INSERT INTO due_lease (shard, holder, end_time) "
                                    "VALUES (0, 'dead', 9000000000000000)")
                    .ok());
    ASSERT_TRUE((*transaction)->Commit().ok());
    Earn(absl::StrCat("o", end));
    Advance(10 * kDay);
    DoDueWork();
    EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1)) << end;
  }
}

TEST_P(DueWorkTest, ReadsMoreThanOnePage) {
  const auto transaction = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(transaction.ok());
  std::vector<db::Call> calls;
  for (int64_t i = 0; i < 2 * DueWork::kPageSize + 7; ++i) {
    calls.push_back({store::DueTable::kUpsert,
                     {std::string("acme"), std::string("reward_available"),
                      absl::StrCat("none", i), db::FromTime(kNow)}});
  }
  ASSERT_TRUE((*transaction)->ExecuteMany(calls).ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  DoDueWork();
  EXPECT_THAT(Due(), IsEmpty());
}

// An entry of a program that is not there must not keep the others from being done.
TEST_P(DueWorkTest, WhatCannotBeDoneRests) {
  Earn("o1");
  const auto transaction = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE(
      (*transaction)
          ->Execute(store::DueTable::kUpsert, {std::string("nobody"), std::string("lease"),
                                               std::string("r"), db::FromTime(kNow)})
          .ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  Advance(10 * kDay);
  EXPECT_FALSE(due_work_.RunOnce().ok());
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
  EXPECT_TRUE(due_work_.RunOnce().ok());
}

// While replicas are replaced, an older one must not lose what it does not understand.
TEST_P(DueWorkTest, WhatANewerVersionScheduledIsLeftToIt) {
  Earn("o1");
  const auto transaction = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE((*transaction)
                  ->Execute(store::DueTable::kUpsert,
                            {std::string("acme"), std::string("a_later_kind"),
                             std::string("r"), db::FromTime(kNow)})
                  .ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  Advance(10 * kDay);
  DoDueWork();
  EXPECT_THAT(NewFactsOf("reward_available"), SizeIs(1));
  EXPECT_THAT(Due(), ElementsAre("a_later_kind r", "reward_expiry o1:cash"));
}

INSTANTIATE_TEST_SUITE_P(Backends, DueWorkTest, ::testing::Values("sqlite", "postgres"),
                         app::BackendName);

}  // namespace
}  // namespace kith::referral::jobs
