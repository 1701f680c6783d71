// What every store must give to those who follow a feed: each event once, in order, with
// its cursor; what cannot be applied is put aside and shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/executor/executor.h"
#include "common/feed/apply_events.h"
#include "common/feed/feed_server.h"
#include "common/feed/feed_store.h"
#include "kith/events/v1/events.pb.h"
#include "tests/conformance/bank.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using kith::events::v1::Fact;

inline constexpr ErrorDef kBadAmount{absl::StatusCode::kInvalidArgument, "BAD_AMOUNT",
                                     "the amount cannot be used"};

// Adds 1 for each event to the account that the fact names; refuses those named "bad",
// after it has changed the unit.
class CountingHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override {
    loader.Want<AccountTable>(KeyOf(event));
  }
  absl::Status Apply(const feed::Event& event, exec::Unit& unit, absl::Time) const override {
    const auto key = KeyOf(event);
    const Account* found = unit.Find<AccountTable>(key);
    Account account = found != nullptr ? *found : Account{key.first, key.second, "", 0};
    account.balance += 1;
    unit.Put<AccountTable>(std::move(account));
    return key.second == "bad" ? MakeError(kBadAmount) : absl::OkStatus();
  }

 private:
  static AccountTable::Key KeyOf(const feed::Event& event) {
    return {event.program_id, event.fact->advocate_enrolled().advocate_id()};
  }
};

class FeedTest : public ::testing::TestWithParam<std::string> {
 protected:
  // A page with one event for each name, from position `first`, of program p.
  feed::ApplyPage Page(int64_t first, const std::vector<std::string>& names,
                       const std::string& feed_id = "feed-1") {
    auto facts = std::make_shared<std::vector<Fact>>(names.size());
    feed::ApplyPage page{"source", 4, feed_id, first - 1, first - 1, {}, facts};
    for (size_t i = 0; i < names.size(); ++i) {
      (*facts)[i].mutable_advocate_enrolled()->set_advocate_id(names[i]);
      page.events.push_back(
          {"source", 4, ++page.last_position, "p", absl::UnixEpoch(), &(*facts)[i]});
    }
    return page;
  }
  absl::StatusOr<std::string> Apply(exec::Executor& executor, feed::ApplyPage page) {
    exec::Submission submission;
    submission.method = "ApplyEvents";
    submission.shard = 0;
    submission.command = std::make_unique<feed::ApplyEvents>(&handler_, std::move(page), 0);
    return executor.Run(std::move(submission));
  }
  int64_t Cursor(Bank& bank) { return bank.Ask("SELECT position FROM feed_cursor"); }

  const CountingHandler handler_{};
};

TEST_P(FeedTest, EachEventTakesEffectOnceHoweverOftenItsPageComes) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  EXPECT_EQ(*Apply(*executor, Page(1, {"a", "b", "a"})), "0");
  EXPECT_EQ(*Apply(*executor, Page(1, {"a", "b", "a"})), "0");
  EXPECT_EQ(*Apply(*executor, Page(3, {"a", "b"})), "0");
  EXPECT_EQ(bank.Balance("p", "a"), 2);
  EXPECT_EQ(bank.Balance("p", "b"), 2);
  EXPECT_EQ(Cursor(bank), 4);
  EXPECT_EQ(bank.observer().misses, 0);
}

TEST_P(FeedTest, ALostAnswerToTheCommitDoesNotApplyTwice) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  const int64_t at = bank.database().Count(DbOperation::kCommit) + 1;
  bank.database().SetAfter(FailAt(DbOperation::kCommit, at, InjectedConnectionLoss()));
  EXPECT_EQ(*Apply(*executor, Page(1, {"a", "a"})), "0");
  bank.database().SetAfter({});
  EXPECT_EQ(bank.Balance("p", "a"), 2);
  EXPECT_EQ(bank.observer().retries, 1);
}

TEST_P(FeedTest, AnEventThatCannotBeAppliedIsPutAsideAndTheOthersGoOn) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  EXPECT_EQ(*Apply(*executor, Page(1, {"a", "bad", "b", "bad"})), "2");
  EXPECT_EQ(bank.Balance("p", "a"), 1);
  EXPECT_EQ(bank.Balance("p", "b"), 1);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM account"), 2);
  EXPECT_EQ(Cursor(bank), 4);

  auto transaction = bank.database().BeginRead(Soon());
  const auto counts = feed::CountQuarantined(**transaction);
  ASSERT_EQ(counts->size(), 1);
  EXPECT_EQ(counts->front().source_shard, 4);
  EXPECT_EQ(counts->front().events, 2);
  const auto first = feed::ReadQuarantined(**transaction, {"", 0, 0}, 1);
  ASSERT_EQ(first->size(), 1);
  EXPECT_EQ(first->front().event.position, 2);
  EXPECT_EQ(first->front().reason, "BAD_AMOUNT");
  EXPECT_EQ(first->front().quarantined_time, bank.clock().Now());
  Fact fact;
  ASSERT_TRUE(fact.ParseFromString(first->front().event.fact));
  EXPECT_EQ(fact.advocate_enrolled().advocate_id(), "bad");
  const auto next =
      feed::ReadQuarantined(**transaction, feed::QuarantineTable::KeyOf(first->front()), 5);
  ASSERT_EQ(next->size(), 1);
  EXPECT_EQ(next->front().event.position, 4);
}

TEST_P(FeedTest, AFactThatOnlyNewerVersionsKnowIsPutAsideAsItCame) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  Fact newer;
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(9999, 1);
  feed::ApplyPage page = Page(1, {"a", "b", "c"});
  page.events[1].fact = &newer;
  EXPECT_EQ(*Apply(*executor, page), "1");
  EXPECT_EQ(bank.Balance("p", "a"), 1);
  EXPECT_EQ(bank.Balance("p", "c"), 1);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM account"), 2);
  EXPECT_EQ(Cursor(bank), 3);

  auto transaction = bank.database().BeginRead(Soon());
  const auto aside = feed::ReadQuarantined(**transaction, {"", 0, 0}, 5);
  ASSERT_EQ(aside->size(), 1);
  EXPECT_EQ(aside->front().event.position, 2);
  EXPECT_EQ(aside->front().reason, "UNKNOWN_FACT");
  EXPECT_EQ(aside->front().event.fact, newer.SerializeAsString());
}

TEST_P(FeedTest, AReplacedFeedIsNotFollowedBlindly) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  ASSERT_TRUE(Apply(*executor, Page(1, {"a"})).ok());
  const auto replaced = Apply(*executor, Page(1, {"a", "a"}, "feed-2"));
  EXPECT_EQ(GetErrorReason(replaced.status()), "FEED_REPLACED");
  EXPECT_EQ(bank.Balance("p", "a"), 1);
  EXPECT_EQ(Cursor(bank), 1);
}

TEST_P(FeedTest, APageThatBeginsAfterTheCursorIsRefusedSoThatNothingIsJumpedOver) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  ASSERT_TRUE(Apply(*executor, Page(1, {"a"})).ok());
  EXPECT_EQ(GetErrorReason(Apply(*executor, Page(3, {"a"})).status()), "CURSOR_BEHIND");
  EXPECT_EQ(Cursor(bank), 1);
  EXPECT_EQ(bank.Balance("p", "a"), 1);
}

TEST_P(FeedTest, AnEventThatTheStoreRefusesIsPutAside) {
  Bank bank(GetParam(), 1);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  exec::Submission refused;
  refused.method = "ApplyEvents";
  refused.shard = 0;
  refused.command = std::make_unique<feed::ApplyEvents>(
      &handler_, Page(1, {"a"}), 0, MakeError(feed::kStoreRefused, "a constraint"));
  EXPECT_EQ(*executor->Run(std::move(refused)), "1");
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM quarantine WHERE reason = 'STORE_REFUSED'"), 1);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM account"), 0);
  EXPECT_EQ(Cursor(bank), 1);
}

TEST_P(FeedTest, ReadingGoesOnFromTheSlowestLocalShard) {
  Bank bank(GetParam(), 2);
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  const auto resume = [&] {
    auto transaction = bank.database().BeginRead(Soon());
    return feed::ReadResumePoint(**transaction, "source", 4, 2)->position;
  };
  EXPECT_EQ(resume(), 0);
  ASSERT_TRUE(Apply(*executor, Page(1, {"a", "a", "a"})).ok());
  EXPECT_EQ(resume(), 0);  // the second shard has no cursor yet
  exec::Submission other;
  other.method = "ApplyEvents";
  other.shard = 1;
  other.command = std::make_unique<feed::ApplyEvents>(&handler_, Page(1, {"b", "b"}), 1);
  ASSERT_TRUE(executor->Run(std::move(other)).ok());
  EXPECT_EQ(resume(), 2);
}

TEST_P(FeedTest, AReaderWaitsForNewsAndIsAnsweredAtItsDeadlineWithout) {
  Bank bank(GetParam(), 1);
  feed::FeedServer server(bank.database(), bank.info(), absl::Minutes(10));
  exec::ExecutorOptions options = bank.Options();
  options.on_events = [&](int shard, int64_t head) { server.OnCommit(shard, head); };
  auto executor = exec::MakeExecutor(bank.database(), bank.clock(), options);
  absl::Notification answered;
  absl::StatusOr<feed::EventPage> page = absl::UnknownError("");
  server.Read(0, 0, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> result) {
    page = std::move(result);
    answered.Notify();
  });
  EXPECT_FALSE(answered.HasBeenNotified());
  ASSERT_TRUE(executor->Run(Submit("p", "r", std::make_unique<AddMoney>("p", "a", 1))).ok());
  answered.WaitForNotification();
  ASSERT_EQ(page->events.size(), 1);
  EXPECT_EQ(page->events[0].position, 1);
  EXPECT_EQ(page->events[0].recorded_time, bank.clock().Now());
  EXPECT_EQ(page->head_position, 1);
}

TEST_P(FeedTest, AReaderThatIsAheadOfTheFeedIsAnsweredAtOnce) {
  Bank bank(GetParam(), 1);
  feed::FeedServer server(bank.database(), bank.info(), absl::Minutes(10));
  absl::Notification answered;
  server.Read(0, 7, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> page) {
    ASSERT_TRUE(page.ok());
    EXPECT_TRUE(page->events.empty());
    EXPECT_EQ(page->head_position, 0);
    answered.Notify();
  });
  answered.WaitForNotification();
}

TEST_P(FeedTest, OtherReplicasEventsAreSeenByPolling) {
  Bank bank(GetParam(), 1);
  feed::FeedServer server(bank.database(), bank.info(), absl::Milliseconds(2));
  auto elsewhere = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  absl::Notification answered;
  server.Read(0, 0, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> page) {
    EXPECT_EQ(page->events.size(), 1);
    answered.Notify();
  });
  ASSERT_TRUE(elsewhere->Run(Submit("p", "r", std::make_unique<AddMoney>("p", "a", 1))).ok());
  answered.WaitForNotification();
}

TEST_P(FeedTest, StopAnswersThoseWhoWait) {
  Bank bank(GetParam(), 1);
  feed::FeedServer server(bank.database(), bank.info(), absl::Minutes(10));
  absl::Notification answered;
  server.Read(0, 0, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> page) {
    EXPECT_TRUE(page.ok());
    EXPECT_TRUE(page->events.empty());
    answered.Notify();
  });
  server.Stop();
  answered.WaitForNotification();
  server.Read(0, 0, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> page) {
    EXPECT_EQ(GetErrorReason(page.status()), "SHUTTING_DOWN");
  });
  server.Read(1, 0, 10, absl::InfiniteFuture(), [&](absl::StatusOr<feed::EventPage> page) {
    EXPECT_EQ(GetErrorReason(page.status()), "SHARD_NOT_FOUND");
  });
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
