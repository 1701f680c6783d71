// What every store must give to the executor: order, idempotency, undoing, limits.
#include "common/executor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/base/ids.h"
#include "common/feed/feed_server.h"
#include "kith/events/v1/events.pb.h"
#include "tests/conformance/bank.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using exec::Executor;
using exec::MakeExecutor;

class ExecutorTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Holds the next write transaction back until released, so that commands pile up.
  class Gate {
   public:
    explicit Gate(FaultDatabase& database) : database_(database) {
      database_.SetBefore([this](const DbEvent& event) {
        if (event.operation == DbOperation::kBeginWrite && !entered_.exchange(true)) {
          reached_.Notify();
          open_.WaitForNotification();
        }
        return absl::OkStatus();
      });
    }
    ~Gate() { database_.SetBefore({}); }
    void WaitUntilReached() { reached_.WaitForNotification(); }
    void Open() { open_.Notify(); }

   private:
    FaultDatabase& database_;
    std::atomic<bool> entered_{false};
    absl::Notification reached_, open_;
  };

  // Submits and stores the answer when it comes.
  struct Answers {
    explicit Answers(int n) : values(n, absl::UnknownError("")), pending(n) {}
    std::vector<absl::StatusOr<std::string>> values;
    absl::BlockingCounter pending;
    void Submit(Executor& executor, int i, exec::Submission submission) {
      submission.done = [this, i](absl::StatusOr<std::string> answer) {
        values[i] = std::move(answer);
        pending.DecrementCount();
      };
      executor.Submit(std::move(submission));
    }
  };

  std::unique_ptr<exec::Command> Add(int64_t amount, const std::string& account = "a",
                                     const std::string& movement = {}) {
    return std::make_unique<AddMoney>("p", account, amount, movement);
  }
};

TEST_P(ExecutorTest, CommandsOfOneBatchSeeEachOtherAndRefusedOnesLeaveNothing) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  Gate gate(bank.database());
  Answers answers(5);
  answers.Submit(*executor, 0, Submit("p", "r0", Add(100)));
  gate.WaitUntilReached();
  answers.Submit(*executor, 1, Submit("p", "r1", Add(-30, "a", "m1")));
  answers.Submit(*executor, 2, Submit("p", "r2", Add(-80, "a", "m2")));
  answers.Submit(*executor, 3, Submit("p", "r3", Add(-70, "a", "m3")));
  answers.Submit(*executor, 4, Submit("p", "r4", Add(-1, "b", "m4")));
  gate.Open();
  answers.pending.Wait();
  EXPECT_EQ(*answers.values[0], "100");
  EXPECT_EQ(*answers.values[1], "70");
  EXPECT_EQ(GetErrorReason(answers.values[2].status()), "OVERDRAWN");
  EXPECT_EQ(*answers.values[3], "0");
  EXPECT_EQ(GetErrorReason(answers.values[4].status()), "OVERDRAWN");
  EXPECT_EQ(bank.Balance("p", "a"), 0);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM account"), 1);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM movement"), 2);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 3);
  EXPECT_EQ(bank.Ask("SELECT head_position FROM shard"), 3);
  EXPECT_EQ(bank.Ask("SELECT value FROM bank_counter WHERE name = 'accounts'"), 1);
  // A counter that never left 0 has no row; nor has one that returned to it.
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM bank_counter WHERE name = 'balance'"), 0);
  EXPECT_EQ(*executor->Run(Submit("p", "r5", Add(9))), "9");
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM bank_counter WHERE name = 'balance'"), 1);
  EXPECT_EQ(*executor->Run(Submit("p", "r6", Add(-9))), "0");
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM bank_counter WHERE name = 'balance'"), 0);
  EXPECT_EQ(bank.observer().largest, 4);
  EXPECT_EQ(bank.observer().misses, 0);
}

TEST_P(ExecutorTest, TheSameRequestAgainGetsTheSameAnswerAndHasNoSecondEffect) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  EXPECT_EQ(*executor->Run(Submit("p", "r", Add(10))), "10");
  EXPECT_EQ(*executor->Run(Submit("p", "other", Add(5))), "15");
  EXPECT_EQ(*executor->Run(Submit("p", "r", Add(10))), "10");
  EXPECT_EQ(bank.Balance("p", "a"), 15);
  EXPECT_EQ(bank.observer().replays, 1);
  const auto reused = executor->Run(Submit("p", "r", Add(99), "other content"));
  EXPECT_EQ(GetErrorReason(reused.status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(reused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(bank.Balance("p", "a"), 15);
  // The scope is the program: another program may use the same id.
  auto elsewhere = std::make_unique<AddMoney>("q", "a", 3);
  EXPECT_EQ(*executor->Run(Submit("q", "r", std::move(elsewhere))), "3");
}

TEST_P(ExecutorTest, TheSameRequestTwiceInOneBatchHasOneEffect) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  Gate gate(bank.database());
  Answers answers(3);
  answers.Submit(*executor, 0, Submit("p", "first", Add(1)));
  gate.WaitUntilReached();
  answers.Submit(*executor, 1, Submit("p", "twice", Add(10)));
  answers.Submit(*executor, 2, Submit("p", "twice", Add(10)));
  gate.Open();
  answers.pending.Wait();
  EXPECT_EQ(*answers.values[1], "11");
  EXPECT_EQ(*answers.values[2], "11");
  EXPECT_EQ(bank.Balance("p", "a"), 11);
}

TEST_P(ExecutorTest, ARefusedRequestMayBeSentAgain) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  EXPECT_EQ(GetErrorReason(executor->Run(Submit("p", "r", Add(-5))).status()), "OVERDRAWN");
  EXPECT_EQ(*executor->Run(Submit("p", "fill", Add(7))), "7");
  EXPECT_EQ(*executor->Run(Submit("p", "r", Add(-5))), "2");
}

TEST_P(ExecutorTest, AFullQueueRefusesAtOnceAndLosesNothing) {
  Bank bank(GetParam(), 1);
  exec::ExecutorOptions options = bank.Options();
  options.max_queue = 2;
  auto executor = MakeExecutor(bank.database(), bank.clock(), options);
  Gate gate(bank.database());
  Answers answers(4);
  answers.Submit(*executor, 0, Submit("p", "r0", Add(1)));
  gate.WaitUntilReached();
  for (int i = 1; i < 4; ++i) {
    answers.Submit(*executor, i, Submit("p", absl::StrCat("r", i), Add(1)));
  }
  EXPECT_EQ(GetErrorReason(answers.values[3].status()), "OVERLOADED");
  EXPECT_GT(GetErrorDetails(answers.values[3].status())->retry_delay, absl::ZeroDuration());
  gate.Open();
  answers.pending.Wait();
  EXPECT_TRUE(answers.values[2].ok());
  EXPECT_EQ(bank.Balance("p", "a"), 3);
}

TEST_P(ExecutorTest, TheQueueIsBoundedInItemsToo) {
  Bank bank(GetParam(), 1);
  exec::ExecutorOptions options = bank.Options();
  options.max_queue_weight = 1000;
  auto executor = MakeExecutor(bank.database(), bank.clock(), options);
  Gate gate(bank.database());
  Answers answers(4);
  answers.Submit(*executor, 0, Submit("p", "r0", Add(1)));
  gate.WaitUntilReached();
  for (int i = 1; i < 4; ++i) {
    exec::Submission heavy = Submit("p", absl::StrCat("r", i), Add(1));
    heavy.weight = i == 1 ? 999 : 1;
    answers.Submit(*executor, i, std::move(heavy));
  }
  EXPECT_EQ(GetErrorReason(answers.values[3].status()), "OVERLOADED");
  gate.Open();
  answers.pending.Wait();
  EXPECT_TRUE(answers.values[2].ok());
}

TEST_P(ExecutorTest, ADeadlineThatPassesInTheQueueMeansNoWork) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  exec::Submission late = Submit("p", "late", Add(1));
  late.deadline = SystemClock().Now() - absl::Seconds(1);
  EXPECT_EQ(GetErrorReason(executor->Run(std::move(late)).status()), "DEADLINE_EXCEEDED");
  Gate gate(bank.database());
  Answers answers(2);
  answers.Submit(*executor, 0, Submit("p", "r0", Add(1)));
  gate.WaitUntilReached();
  exec::Submission queued = Submit("p", "queued", Add(1));
  const absl::Time deadline = SystemClock().Now() + absl::Milliseconds(20);
  queued.deadline = deadline;
  answers.Submit(*executor, 1, std::move(queued));
  while (SystemClock().Now() <= deadline) std::this_thread::yield();
  gate.Open();
  answers.pending.Wait();
  EXPECT_EQ(GetErrorReason(answers.values[1].status()), "DEADLINE_EXCEEDED");
  EXPECT_EQ(bank.Balance("p", "a"), 1);
}

TEST_P(ExecutorTest, StopFinishesWhatIsQueuedAndRefusesTheRest) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  Gate gate(bank.database());
  Answers answers(2);
  answers.Submit(*executor, 0, Submit("p", "r0", Add(1)));
  gate.WaitUntilReached();
  answers.Submit(*executor, 1, Submit("p", "r1", Add(1)));
  gate.Open();
  executor->Stop();
  answers.pending.Wait();
  EXPECT_EQ(*answers.values[1], "2");
  EXPECT_EQ(GetErrorReason(executor->Run(Submit("p", "r2", Add(1))).status()),
            "SHUTTING_DOWN");
}

TEST_P(ExecutorTest, AnotherWriterGoesOnWhileAnswersAreGiven) {
  Bank bank(GetParam(), 1);
  exec::ExecutorOptions options = bank.Options();
  options.writer_threads = 2;
  auto executor = MakeExecutor(bank.database(), bank.clock(), options);
  absl::Notification answering, second_answered, first_answered;
  exec::Submission first = Submit("p", "r0", Add(1));
  first.done = [&](const absl::StatusOr<std::string>& answer) {
    EXPECT_EQ(*answer, "1");
    answering.Notify();
    second_answered.WaitForNotification();
    first_answered.Notify();
  };
  executor->Submit(std::move(first));
  answering.WaitForNotification();
  EXPECT_EQ(*executor->Run(Submit("p", "r1", Add(1))), "2");
  second_answered.Notify();
  first_answered.WaitForNotification();
}

TEST_P(ExecutorTest, WhatWasNotPrefetchedIsLoadedAndCounted) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  auto blind = std::make_unique<AddMoney>("p", "a", 4, "", /*prefetch=*/false);
  EXPECT_EQ(*executor->Run(Submit("p", "r", std::move(blind))), "4");
  EXPECT_EQ(bank.observer().misses, 1);
}

// Eight writers on two executors (two replicas) with random delays; a tailing reader must
// miss, repeat and reorder nothing.
TEST_P(ExecutorTest, ATailingReaderSeesEveryEventOnceInOrder) {
  constexpr int kWriters = 8, kEach = 60, kShards = 3;
  const bool replicas = GetParam() == "postgres";
  Bank bank(GetParam(), kShards);
  const uint64_t seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  bank.database().SetBefore([seed](const DbEvent& event) {
    if (event.operation == DbOperation::kCommit) {
      std::mt19937_64 random(seed + event.ordinal);
      for (uint64_t spins = random() % 200; spins > 0; --spins) std::this_thread::yield();
    }
    return absl::OkStatus();
  });
  feed::FeedServer server(bank.database(), bank.info(), absl::Milliseconds(5));
  exec::ExecutorOptions options = bank.Options();
  options.on_events = [&](int shard, int64_t head) { server.OnCommit(shard, head); };
  auto first = MakeExecutor(bank.database(), bank.clock(), options);
  auto second = MakeExecutor(bank.database(), bank.clock(), bank.Options());

  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      Executor& executor = replicas && writer % 2 == 1 ? *second : *first;
      for (int i = 0; i < kEach; ++i) {
        const std::string program = absl::StrCat("program-", i % 5);
        auto add = std::make_unique<AddMoney>(program, "shared", 1);
        ASSERT_TRUE(
            executor.Run(Submit(program, absl::StrCat(writer, "-", i), std::move(add))).ok());
      }
    });
  }
  // Each program's events must say 1, 2, 3, … and positions must have no gap.
  std::map<std::string, int64_t> balances;
  std::map<int, int64_t> positions;
  int64_t seen = 0;
  for (int shard = 0; seen < kWriters * kEach; shard = (shard + 1) % kShards) {
    absl::Notification answered;
    server.Read(shard, positions[shard], 7, SystemClock().Now() + absl::Milliseconds(30),
                [&](absl::StatusOr<feed::EventPage> page) {
                  for (const feed::StoredEvent& event : page->events) {
                    EXPECT_EQ(event.position, ++positions[shard]);
                    kith::events::v1::Fact fact;
                    EXPECT_TRUE(fact.ParseFromString(event.fact));
                    EXPECT_EQ(fact.advocate_enrolled().advocate_id(),
                              absl::StrCat("shared=", ++balances[event.program_id]));
                    ++seen;
                  }
                  answered.Notify();
                });
    answered.WaitForNotification();
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(seen, kWriters * kEach);
  EXPECT_EQ(bank.Ask("SELECT CAST(SUM(head_position) AS BIGINT) FROM shard"), seen);
  EXPECT_EQ(bank.Ask("SELECT CAST(SUM(value) AS BIGINT) FROM bank_counter "
                     "WHERE name = 'balance'"),
            seen);
}

TEST_P(ExecutorTest, StoredResponsesAreDeletedByAgeInBoundedSteps) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(executor->Run(Submit("p", absl::StrCat("r", i), Add(1))).ok());
  }
  const absl::Time now = bank.clock().Now();
  const absl::Time later = now + absl::Seconds(1);
  exec::ResponseWalk none_is_old;
  EXPECT_EQ(*exec::DeleteStoredResponses(bank.database(), now, 10, none_is_old), 0);
  EXPECT_TRUE(none_is_old.done);
  exec::ResponseWalk walk;
  EXPECT_EQ(*exec::DeleteStoredResponses(bank.database(), later, 3, walk), 3);
  EXPECT_FALSE(walk.done);
  EXPECT_EQ(*exec::DeleteStoredResponses(bank.database(), later, 3, walk), 2);
  EXPECT_TRUE(walk.done);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM stored_response"), 0);
}

TEST_P(ExecutorTest, TheNumberOfShardsIsFixedAtInitialisation) {
  Bank bank(GetParam(), 3);
  const auto again = exec::SetUpStore(bank.database(), 7, bank.clock());
  EXPECT_EQ(again->shards, 3);
  EXPECT_EQ(again->feed_id, bank.info().feed_id);
}

INSTANTIATE_TEST_SUITE_P(Backends, ExecutorTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
