// The injected faults do to the store what real ones do.
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/support/fault_database.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

class FaultDatabaseTest : public testing::TestWithParam<std::string> {
 protected:
  FaultDatabaseTest() : db_(OpenFreshStore(GetParam())) {
    EXPECT_TRUE(db_.RunScript("CREATE TABLE item (id BIGINT PRIMARY KEY)").ok());
  }

  // One transaction with two batches and a commit that carries a third.
  absl::Status WriteThree(int64_t first) {
    auto write = db_.BeginWrite(Soon());
    if (!write.ok()) return write.status();
    for (const int64_t id : {first, first + 1}) {
      auto done = (*write)->Execute("INSERT INTO item (id) VALUES ($1)", {id});
      if (!done.ok()) return done.status();
    }
    const db::Call last{"INSERT INTO item (id) VALUES ($1)", {first + 2}};
    return (*write)->Commit(absl::MakeSpan(&last, 1));
  }
  int64_t Count() {
    return (*db_.BeginRead(Soon()))->Query("SELECT COUNT(*) FROM item")->rows.at(0).Int(0);
  }

  FaultDatabase db_;
};

INSTANTIATE_TEST_SUITE_P(Backends, FaultDatabaseTest, testing::ValuesIn(Backends()),
                         [](const auto& param) { return param.param; });

TEST_P(FaultDatabaseTest, WithoutHooksNothingHappens) {
  EXPECT_TRUE(WriteThree(1).ok());
  EXPECT_EQ(Count(), 3);
  EXPECT_EQ(db_.backend(), GetParam());
  EXPECT_EQ(db_.Count(DbOperation::kWriteBatch), 2);
  EXPECT_EQ(db_.Count(DbOperation::kCommit), 1);
}

TEST_P(FaultDatabaseTest, AConflictAtABatchRollsBack) {
  db_.SetBefore(FailAt(DbOperation::kWriteBatch, 2, InjectedConflict()));
  EXPECT_EQ(WriteThree(1).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(WriteThree(1).ok()) << "once only";
  EXPECT_EQ(Count(), 3);
}

TEST_P(FaultDatabaseTest, AConflictAtCommitRollsBack) {
  db_.SetBefore(FailAt(DbOperation::kCommit, 1, InjectedConflict()));
  const absl::Status status = WriteThree(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_FALSE(db::IsCommitUnknown(status));
  EXPECT_EQ(Count(), 0);
}

TEST_P(FaultDatabaseTest, ALossBeforeCommitRollsBack) {
  db_.SetBefore(FailAt(DbOperation::kCommit, 1, InjectedConnectionLoss()));
  const absl::Status status = WriteThree(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Count(), 0);
}

TEST_P(FaultDatabaseTest, ALossAfterCommitLeavesTheRowsAndTheDoubt) {
  db_.SetAfter(FailAt(DbOperation::kCommit, 1, InjectedConnectionLoss()));
  const absl::Status status = WriteThree(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(db::IsCommitUnknown(status));
  EXPECT_EQ(Count(), 3);
}

TEST_P(FaultDatabaseTest, ALossAfterABatchRollsBack) {
  db_.SetAfter(FailAt(DbOperation::kWriteBatch, 1, InjectedConnectionLoss()));
  EXPECT_EQ(WriteThree(1).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Count(), 0);
}

TEST_P(FaultDatabaseTest, NoConnectionAtAll) {
  db_.SetBefore(FailAlways(DbOperation::kBeginWrite, InjectedConnectionLoss()));
  EXPECT_EQ(WriteThree(1).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(WriteThree(1).code(), absl::StatusCode::kUnavailable);
  db_.SetBefore(nullptr);
  EXPECT_TRUE(WriteThree(1).ok());
}

TEST_P(FaultDatabaseTest, AHookMayHoldACommitBack) {
  absl::Notification reached;
  absl::Notification go_on;
  db_.SetBefore([&](const DbEvent& event) {
    if (event.operation == DbOperation::kCommit) {
      EXPECT_EQ(event.calls.size(), 1u);
      reached.Notify();
      go_on.WaitForNotification();
    }
    return absl::OkStatus();
  });
  std::thread writer([&] { EXPECT_TRUE(WriteThree(1).ok()); });
  reached.WaitForNotification();
  EXPECT_EQ(Count(), 0);
  go_on.Notify();
  writer.join();
  EXPECT_EQ(Count(), 3);
}

}  // namespace
}  // namespace kith::test
