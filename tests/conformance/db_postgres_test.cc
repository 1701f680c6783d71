// What only PostgreSQL does: lost connections, lock conflicts, its own types.
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "tests/conformance/db_fixture.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/test_database.h"

namespace kith::db {
namespace {

class PostgresTest : public DbTest {
 protected:
  std::string DatabaseName() {
    return Read()->Query("SELECT current_database()")->rows.at(0).Text(0);
  }
  // Ends the sessions of this test's database and waits until they are gone.
  void EndSessions() {
    test::PostgresCluster::Shared().RunAsAdmin(
        absl::StrCat("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                     "WHERE datname = '",
                     DatabaseName(), "'"));
  }
  // Ends the session that waits for a lock, as soon as there is one.
  void EndBlockedSession(const std::string& database) {
    test::PostgresCluster::Shared().RunAsAdmin(absl::StrCat(
        "DO $$ BEGIN LOOP "
        "  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
        "    WHERE datname = '",
        database,
        "' AND wait_event_type = 'Lock';"
        "  EXIT WHEN FOUND; PERFORM pg_stat_clear_snapshot(); PERFORM pg_sleep(0.005);"
        "END LOOP; END $$"));
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, PostgresTest, testing::Values("postgres"),
                         [](const auto& param) { return param.param; });

TEST_P(PostgresTest, ReadsItsOwnTypes) {
  const Result result = *Read()->Query(
      "SELECT CAST(-2 AS SMALLINT), CAST(-3 AS INTEGER), TRUE, FALSE, CAST(1.5 AS REAL),"
      " CAST('v' AS VARCHAR(5)), CAST('n' AS NAME), CAST(7 AS OID)");
  const Row& row = result.rows.at(0);
  EXPECT_EQ(row[0], Value(int64_t{-2}));
  EXPECT_EQ(row[1], Value(int64_t{-3}));
  EXPECT_TRUE(row.Bool(2));
  EXPECT_EQ(row[3], Value(int64_t{0}));
  EXPECT_EQ(row[4], Value(1.5));
  EXPECT_EQ(row[5], Value("v"));
  EXPECT_EQ(row[6], Value("n"));
  EXPECT_EQ(row[7], Value(int64_t{7}));
}

TEST_P(PostgresTest, AColumnOfAnUnknownTypeIsAnError) {
  const absl::Status status = Read()->Query("SELECT CAST(1.5 AS NUMERIC)").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(absl::StrContains(status.message(), "1700")) << status;
}

TEST_P(PostgresTest, ATextThatIsNotUtf8IsRefused) {
  EXPECT_EQ(Insert("\xff\xfe", 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CountItems(), 0);
}

TEST_P(PostgresTest, TransactionsHaveTheirIsolationAndTimeout) {
  constexpr absl::string_view kShow =
      "SELECT current_setting('transaction_isolation'), "
      "current_setting('transaction_read_only'), current_setting('statement_timeout')";
  const Row write = Write()->Query(kShow)->rows.at(0);
  EXPECT_EQ(write.Text(0), "read committed");
  EXPECT_EQ(write.Text(1), "off");
  EXPECT_EQ(write.Text(2), "30s");
  const Row read = Read()->Query(kShow)->rows.at(0);
  EXPECT_EQ(read.Text(0), "repeatable read");
  EXPECT_EQ(read.Text(1), "on");
  auto brief = *db_->BeginWrite(SystemClock().Now() + absl::Seconds(2));
  EXPECT_EQ(brief->Query(kShow)->rows.at(0).Text(2), "2s");
}

// Without statistics the newest of several indexes that look alike is taken.
TEST_P(PostgresTest, StatisticsFollowTheGrowthOfATable) {
  ASSERT_TRUE(db_->RunScript("CREATE UNIQUE INDEX item_by_raw ON item (x, raw) "
                             "  WHERE note = 'lead' AND raw IS NOT NULL;"
                             "CREATE INDEX item_by_n ON item (x, n) WHERE note = 'lead'")
                  .ok());
  constexpr absl::string_view kPlan =
      "EXPLAIN SELECT id FROM item WHERE x = 1 AND raw = '\\x07' AND note = 'lead'";
  const auto plan = [&] { return Read()->Query(kPlan)->rows.at(0).Text(0); };
  const auto fill = [&](absl::string_view from, absl::string_view to) {
    auto write = Write();
    ASSERT_TRUE(
        write
            ->Execute(absl::StrCat("INSERT INTO item (id, n, x, note, raw) SELECT i, i, 1, "
                                   "'lead', decode(md5(CAST(i AS TEXT)), 'hex') "
                                   "FROM generate_series(",
                                   from, ", ", to, ") i"))
            .ok());
    // The server counts rows a moment later.
    ASSERT_TRUE(write->Query("SELECT CAST(pg_stat_force_next_flush() AS TEXT)").ok());
    ASSERT_TRUE(write->Commit().ok());
  };
  fill("1", "2000");
  EXPECT_TRUE(absl::StrContains(plan(), "item_by_n")) << plan();
  EXPECT_EQ(*db_->RefreshStatistics(test::Soon()), true);
  EXPECT_TRUE(absl::StrContains(plan(), "item_by_raw")) << plan();
  EXPECT_EQ(*db_->RefreshStatistics(test::Soon()), false);
  fill("2001", "4050");
  EXPECT_EQ(*db_->RefreshStatistics(test::Soon()), false) << "not doubled yet";
  fill("4051", "4200");
  EXPECT_EQ(*db_->RefreshStatistics(test::Soon()), true);
}

TEST_P(PostgresTest, BackupIsTheServersBusiness) {
  EXPECT_EQ(db_->Backup("copy").code(), absl::StatusCode::kUnimplemented);
}

TEST_P(PostgresTest, IdleConnectionsThatWereEndedAreReplaced) {
  ASSERT_TRUE(Insert("a", 1).ok());
  EXPECT_EQ(CountItems(), 1);
  EndSessions();
  EXPECT_TRUE(Insert("b", 2).ok());
  EXPECT_EQ(CountItems(), 2);
}

TEST_P(PostgresTest, ATransactionWhoseSessionEndsIsUnavailable) {
  auto write = Write();
  ASSERT_TRUE(write->Execute("INSERT INTO item (id) VALUES ('a')").ok());
  EndSessions();
  const absl::Status status = write->Execute("UPDATE item SET n = 1").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_FALSE(IsCommitUnknown(status));
  write.reset();
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(Insert("a", 1).ok());
}

TEST_P(PostgresTest, WhatTheServersMachineLacksIsNoFaultOfTheStatement) {
  const std::pair<const char*, absl::StatusCode> cases[] = {
      {"53100", absl::StatusCode::kUnavailable},  // disk full
      {"53200", absl::StatusCode::kUnavailable},  // out of memory
      {"58030", absl::StatusCode::kUnavailable},  // I/O error
      {"58P01", absl::StatusCode::kUnavailable},  // a file is missing
      {"XX001", absl::StatusCode::kInternal},     // damaged data
  };
  for (const auto& [state, code] : cases) {
    const std::string fail = absl::StrCat(
        "DO $$ BEGIN RAISE EXCEPTION 'it fails' USING ERRCODE = '", state, "'; END $$");
    const absl::Status status = Write()->Execute(fail).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_FALSE(IsCommitUnknown(status));
    const absl::Status committing = Do(fail);
    EXPECT_EQ(committing.code(), code) << committing;
    EXPECT_TRUE(absl::StrContains(committing.message(), state)) << committing;
  }
}

TEST_P(PostgresTest, ASessionThatEndsDuringCommitLeavesItUnknown) {
  ASSERT_TRUE(Insert("a", 1).ok());
  const std::string database = DatabaseName();
  auto holder = Write();
  ASSERT_TRUE(holder->Execute("UPDATE item SET n = 2").ok());
  std::thread killer([&] { EndBlockedSession(database); });
  const absl::Status status = Do("UPDATE item SET n = 3");
  killer.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_TRUE(IsCommitUnknown(status)) << status;
  ASSERT_TRUE(holder->Commit().ok());
  EXPECT_EQ(NumberOf("a"), 2);
}

TEST_P(PostgresTest, ABlockedStatementEndsAtTheDeadline) {
  ASSERT_TRUE(Insert("a", 1).ok());
  auto holder = Write();
  ASSERT_TRUE(holder->Execute("UPDATE item SET n = 2").ok());
  auto blocked = *db_->BeginWrite(SystemClock().Now() + absl::Seconds(1));
  const absl::Status status = blocked->Execute("UPDATE item SET n = 3").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;

  const Call update{"UPDATE item SET n = 3", {}};
  auto committing = *db_->BeginWrite(SystemClock().Now() + absl::Seconds(1));
  const absl::Status commit = committing->Commit(absl::MakeSpan(&update, 1));
  EXPECT_EQ(commit.code(), absl::StatusCode::kDeadlineExceeded) << commit;
  EXPECT_FALSE(IsCommitUnknown(commit)) << "the server said that it stopped";
  ASSERT_TRUE(holder->Commit().ok());
  EXPECT_EQ(NumberOf("a"), 2);
}

TEST_P(PostgresTest, ADeadlockIsAConflict) {
  ASSERT_TRUE(Insert("a", 0).ok());
  ASSERT_TRUE(Insert("b", 0).ok());
  constexpr absl::string_view kAdd = "UPDATE item SET n = n + 1 WHERE id = $1";
  auto left = Write();
  auto right = Write();
  ASSERT_TRUE(left->Execute(kAdd, {"a"}).ok());
  ASSERT_TRUE(right->Execute(kAdd, {"b"}).ok());
  absl::Status left_status;
  std::thread other([&] {
    left_status = left->Execute(kAdd, {"b"}).status();
    if (left_status.ok()) left_status = left->Commit();
  });
  absl::Status right_status = right->Execute(kAdd, {"a"}).status();
  if (right_status.ok()) right_status = right->Commit();
  other.join();
  EXPECT_NE(left_status.ok(), right_status.ok());
  EXPECT_EQ((left_status.ok() ? right_status : left_status).code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(NumberOf("a"), 1);
  EXPECT_EQ(NumberOf("b"), 1);
}

}  // namespace
}  // namespace kith::db
