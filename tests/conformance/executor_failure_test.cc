// What the executor makes of a store that fails: each effect once or not at all.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/executor/executor.h"
#include "tests/conformance/bank.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using exec::MakeExecutor;

class ExecutorFailureTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Told how many of the movements are in a transaction that is about to be committed.
  using CommitHook = std::function<absl::Status(int64_t)>;

  std::unique_ptr<exec::Command> Add(int64_t amount, const std::string& movement = {}) {
    return std::make_unique<AddMoney>("p", "a", amount, movement);
  }
  // Adds 10 for each movement, all in one batch, which waits behind an addition of 10 that has
  // none; the answers.
  std::vector<absl::StatusOr<std::string>> RunTogether(
      Bank& bank, exec::Executor& executor, const std::vector<std::string>& movements,
      const CommitHook& on_commit = {}) {
    commits_before_ = bank.database().Count(DbOperation::kCommit);
    const auto gate = std::make_shared<Gate>();
    bank.database().SetBefore([gate, on_commit](const DbEvent& event) {
      if (event.operation == DbOperation::kBeginWrite && gate->closed.exchange(false)) {
        gate->reached.Notify();
        gate->open.WaitForNotification();
      }
      const int64_t moved =
          std::count_if(event.calls.begin(), event.calls.end(),
                        [](const db::Call& call) { return call.sql == MovementLog::kInsert; });
      const bool commits = event.operation == DbOperation::kCommit && moved > 0;
      return commits && on_commit ? on_commit(moved) : absl::OkStatus();
    });
    std::vector<absl::StatusOr<std::string>> answers(movements.size(), absl::UnknownError(""));
    absl::BlockingCounter pending(static_cast<int>(movements.size()) + 1);
    const auto submit = [&](const std::string& movement, absl::StatusOr<std::string>* out,
                            absl::Time deadline) {
      exec::Submission submission =
          Submit("p", absl::StrCat("together-", movement), Add(10, movement));
      submission.deadline = deadline;
      submission.done = [&pending, out](absl::StatusOr<std::string> answer) {
        if (out != nullptr) *out = std::move(answer);
        pending.DecrementCount();
      };
      executor.Submit(std::move(submission));
    };
    submit("", nullptr, absl::InfiniteFuture());
    gate->reached.WaitForNotification();
    for (size_t i = 0; i < movements.size(); ++i) {
      submit(movements[i], &answers[i], i == 0 ? deadline_of_first_ : absl::InfiniteFuture());
    }
    gate->open.Notify();
    pending.Wait();
    bank.database().SetBefore({});
    return answers;
  }

  struct Gate {
    std::atomic<bool> closed{true};
    absl::Notification reached, open;
  };
  absl::Time deadline_of_first_ = absl::InfiniteFuture();  // of the movements
  int64_t commits_before_ = 0;                             // RunTogether
};

TEST_P(ExecutorFailureTest, AConflictAtAnyStatementOrAtCommitIsRetriedToOneEffect) {
  for (const auto operation :
       {DbOperation::kBeginWrite, DbOperation::kWriteBatch, DbOperation::kCommit}) {
    for (int64_t nth = 1; nth <= 2; ++nth) {
      Bank bank(GetParam(), 1);
      auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
      ASSERT_EQ(*executor->Run(Submit("p", "before", Add(1))), "1");
      const int64_t at = bank.database().Count(operation) + nth;
      bank.database().SetBefore([=](const DbEvent& event) {
        return event.operation == operation && event.ordinal == at ? InjectedConflict()
                                                                   : absl::OkStatus();
      });
      EXPECT_EQ(*executor->Run(Submit("p", "r1", Add(10, "m1"))), "11");
      EXPECT_EQ(*executor->Run(Submit("p", "r2", Add(100, "m2"))), "111");
      EXPECT_EQ(bank.observer().retries, 1);
      EXPECT_EQ(bank.Balance("p", "a"), 111);
      EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM movement"), 2);
      EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 3);
      EXPECT_EQ(bank.Ask("SELECT head_position FROM shard"), 3);
      bank.database().SetBefore({});
    }
  }
}

TEST_P(ExecutorFailureTest, ACommitWhoseAnswerIsLostIsSettledByTheStoredResponse) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  const int64_t at = bank.database().Count(DbOperation::kCommit) + 1;
  bank.database().SetAfter(FailAt(DbOperation::kCommit, at, InjectedConnectionLoss()));
  EXPECT_EQ(*executor->Run(Submit("p", "r", Add(10, "m"))), "10");
  EXPECT_EQ(bank.observer().retries, 1);
  EXPECT_EQ(bank.observer().replays, 1);
  EXPECT_EQ(bank.Balance("p", "a"), 10);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 1);
  bank.database().SetAfter({});
}

TEST_P(ExecutorFailureTest, AStoreThatStaysAwayIsToldToTheClientAndNothingHappened) {
  Bank bank(GetParam(), 1);
  exec::ExecutorOptions options = bank.Options();
  options.max_attempts = 3;
  auto executor = MakeExecutor(bank.database(), bank.clock(), options);
  bank.database().SetBefore(FailAlways(DbOperation::kCommit, InjectedConnectionLoss()));
  const absl::Status away = executor->Run(Submit("p", "r", Add(10))).status();
  EXPECT_EQ(GetErrorReason(away), "STORE_UNAVAILABLE");
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(bank.observer().retries, 2);
  bank.database().SetBefore({});
  EXPECT_EQ(bank.Balance("p", "a"), 0);
  EXPECT_EQ(*executor->Run(Submit("p", "r", Add(10))), "10");
}

TEST_P(ExecutorFailureTest, ACommandThatSpoilsTheTransactionFailsAlone) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  ASSERT_TRUE(executor->Run(Submit("p", "r0", Add(1, "taken"))).ok());
  const auto answers = RunTogether(bank, *executor, {"m1", "taken", "m3"});
  EXPECT_TRUE(answers[0].ok());
  EXPECT_EQ(answers[1].status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*answers[2], "31");
  EXPECT_EQ(bank.Balance("p", "a"), 31);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 4);
}

TEST_P(ExecutorFailureTest, ABatchThatRanOutOfTimeIsHalvedUntilItFits) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  const auto answers = RunTogether(bank, *executor, {"m1", "m2", "m3", "m4"}, [](int64_t n) {
    return n > 1 ? absl::DeadlineExceededError("too slow") : absl::OkStatus();
  });
  const std::vector<std::string> balances = {"20", "30", "40", "50"};
  for (size_t i = 0; i < balances.size(); ++i) {
    ASSERT_TRUE(answers[i].ok()) << answers[i].status();
    EXPECT_EQ(*answers[i], balances[i]);
  }
  EXPECT_EQ(bank.Balance("p", "a"), 50);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 5);
  // The first one; four, two, one, one; two, one, one.
  EXPECT_EQ(bank.database().Count(DbOperation::kCommit), commits_before_ + 1 + 7);
  EXPECT_EQ(bank.observer().retries, 0);
}

TEST_P(ExecutorFailureTest, WhoseOwnTimeHasPassedIsNotInTheHalves) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  deadline_of_first_ = SystemClock().Now() + absl::Seconds(1);
  const auto answers = RunTogether(bank, *executor, {"m1", "m2"}, [&](int64_t n) {
    if (n == 1) return absl::OkStatus();
    while (SystemClock().Now() <= deadline_of_first_) std::this_thread::yield();
    return absl::DeadlineExceededError("too slow");
  });
  EXPECT_EQ(GetErrorReason(answers[0].status()), "DEADLINE_EXCEEDED");
  EXPECT_EQ(*answers[1], "20");
  EXPECT_EQ(bank.Balance("p", "a"), 20);
}

TEST_P(ExecutorFailureTest, ABatchThatRanOutOfTimeIsNotHalvedWhenStopping) {
  Bank bank(GetParam(), 1);
  auto executor = MakeExecutor(bank.database(), bank.clock(), bank.Options());
  std::thread stopper;
  std::atomic<bool> refused{false};
  std::atomic<int64_t> attempts{0};
  const auto answers = RunTogether(bank, *executor, {"m1", "m2"}, [&](int64_t) {
    if (attempts++ == 0) stopper = std::thread([&] { executor->Stop(); });
    while (!refused) {
      exec::Submission probe = Submit("p", "", Add(0));
      probe.done = [&](const absl::StatusOr<std::string>& answer) {
        if (GetErrorReason(answer.status()) == "SHUTTING_DOWN") refused = true;
      };
      executor->Submit(std::move(probe));
      std::this_thread::yield();
    }
    return absl::DeadlineExceededError("too slow");
  });
  stopper.join();
  EXPECT_EQ(attempts, 1);
  for (const auto& answer : answers) {
    EXPECT_EQ(GetErrorReason(answer.status()), "STORE_UNAVAILABLE");
  }
  EXPECT_EQ(bank.Balance("p", "a"), 10);
}

INSTANTIATE_TEST_SUITE_P(Backends, ExecutorFailureTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
