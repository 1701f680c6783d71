// What only SQLite does.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "tests/conformance/db_fixture.h"
#include "tests/support/test_database.h"

namespace kith::db {
namespace {

class SqliteTest : public DbTest {};
INSTANTIATE_TEST_SUITE_P(Backends, SqliteTest, testing::Values("sqlite"),
                         [](const auto& param) { return param.param; });

TEST_P(SqliteTest, EveryConnectionSyncsEveryCommit) {
  auto write = Write();
  auto read = Read();
  for (ReadTransaction* transaction :
       {static_cast<ReadTransaction*>(write.get()), read.get()}) {
    EXPECT_EQ(transaction->Query("PRAGMA journal_mode")->rows.at(0).Text(0), "wal");
    EXPECT_EQ(transaction->Query("PRAGMA synchronous")->rows.at(0).Int(0), 2);
    EXPECT_EQ(transaction->Query("PRAGMA foreign_keys")->rows.at(0).Int(0), 1);
  }
}

TEST_P(SqliteTest, AnotherProcessesWriterIsAConflict) {
  auto other = test::OpenStore(url_);
  auto write = Write();
  const absl::Status status =
      other->BeginWrite(SystemClock().Now() + absl::Milliseconds(20)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
  write.reset();
  EXPECT_TRUE(other->BeginWrite(test::Soon()).ok());
}

TEST_P(SqliteTest, ACommittedRowIsThereAfterReopening) {
  auto other = test::OpenStore(url_);
  ASSERT_TRUE(Insert("a", 1).ok());
  EXPECT_EQ((*other->BeginRead(test::Soon()))->Query("SELECT id FROM item")->rows.size(), 1u);
}

TEST_P(SqliteTest, AFullDiskIsNoFaultOfTheStatement) {
  const auto limit_pages = [&](int64_t pages) {
    return Write()->Query(absl::StrCat("PRAGMA max_page_count = ", pages)).ok();
  };
  ASSERT_TRUE(Insert("a", 1).ok());
  ASSERT_TRUE(limit_pages(Read()->Query("PRAGMA page_count")->rows.at(0).Int(0) + 1));
  const Params large = {"b", Blob{std::string(100000, 'r')}};
  const absl::Status full = Do("INSERT INTO item (id, raw) VALUES ($1, $2)", large);
  EXPECT_EQ(full.code(), absl::StatusCode::kUnavailable) << full;
  EXPECT_TRUE(IsRetryable(full));
  EXPECT_EQ(CountItems(), 1);
  ASSERT_TRUE(limit_pages(1'000'000));
  EXPECT_TRUE(Do("INSERT INTO item (id, raw) VALUES ($1, $2)", large).ok());
}

TEST_P(SqliteTest, ABackupIsACompleteStore) {
  std::vector<Call> calls;
  for (int i = 0; i < 1000; ++i) {
    calls.push_back({"INSERT INTO item (id, n, raw) VALUES ($1, $2, $3)",
                     {absl::StrCat(i), int64_t{i}, Blob{std::string(1000, 'r')}}});
  }
  ASSERT_TRUE(Write()->Commit(calls).ok());
  const std::string path = absl::StrCat(test::TempDir(), "/copy.db");
  {
    auto write = Write();
    ASSERT_TRUE(write->Execute("DELETE FROM item").ok());
    ASSERT_TRUE(db_->Backup(path).ok()) << "beside a transaction under way";
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));

  auto copy = test::OpenStore(absl::StrCat("sqlite:", path));
  const Result sums =
      *(*copy->BeginRead(test::Soon()))->Query("SELECT COUNT(*), SUM(n) FROM item");
  EXPECT_EQ(sums.rows.at(0).Int(0), 1000);
  EXPECT_EQ(sums.rows.at(0).Int(1), 999 * 1000 / 2);
}

TEST_P(SqliteTest, ABackupDoesNotReplaceAFile) {
  const std::string path = absl::StrCat(test::TempDir(), "/copy.db");
  ASSERT_TRUE(db_->Backup(path).ok());
  EXPECT_EQ(db_->Backup(path).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(db_->Backup("/proc/no/such/copy.db").ok());
}

}  // namespace
}  // namespace kith::db
