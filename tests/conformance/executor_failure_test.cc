// What the executor makes of a store that fails: each effect once or not at all.
#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/executor/executor.h"
#include "tests/conformance/bank.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using exec::MakeExecutor;

class ExecutorFailureTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<exec::Command> Add(int64_t amount, const std::string& movement = {}) {
    return std::make_unique<AddMoney>("p", "a", amount, movement);
  }
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
  std::atomic<bool> first{true};
  absl::Notification reached, open;
  bank.database().SetBefore([&](const DbEvent& event) {
    if (event.operation == DbOperation::kBeginWrite && first.exchange(false)) {
      reached.Notify();
      open.WaitForNotification();
    }
    return absl::OkStatus();
  });
  std::vector<absl::StatusOr<std::string>> answers(4, absl::UnknownError(""));
  absl::BlockingCounter pending(4);
  const auto submit = [&](int i, const std::string& movement) {
    exec::Submission submission = Submit("p", absl::StrCat("s", i), Add(10, movement));
    submission.done = [&, i](absl::StatusOr<std::string> answer) {
      answers[i] = std::move(answer);
      pending.DecrementCount();
    };
    executor->Submit(std::move(submission));
  };
  submit(0, "m0");
  reached.WaitForNotification();
  submit(1, "m1");
  submit(2, "taken");
  submit(3, "m3");
  open.Notify();
  pending.Wait();
  bank.database().SetBefore({});
  EXPECT_TRUE(answers[1].ok());
  EXPECT_EQ(answers[2].status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*answers[3], "31");
  EXPECT_EQ(bank.Balance("p", "a"), 31);
  EXPECT_EQ(bank.Ask("SELECT COUNT(*) FROM event"), 4);
}

INSTANTIATE_TEST_SUITE_P(Backends, ExecutorFailureTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
