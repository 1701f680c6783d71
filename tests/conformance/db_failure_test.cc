// How every backend fails: the code of each error, what it leaves behind, and deadlines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "tests/conformance/db_fixture.h"
#include "tests/support/test_database.h"

namespace kith::db {
namespace {

using testing::HasSubstr;
using testing::Not;

// Counts for much longer than any deadline of these tests.
constexpr absl::string_view kSlow =
    "WITH RECURSIVE r (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL "
    "SELECT i + 1 FROM r WHERE i < 1000000000) SELECT COUNT(*) FROM r";

absl::Time In(absl::Duration wait) { return SystemClock().Now() + wait; }

class DbFailureTest : public DbTest {
 protected:
  DbFailureTest() : DbTest(GetParam(), {.write_connections = 1, .read_connections = 1}) {}
};

INSTANTIATE_TEST_SUITE_P(Backends, DbFailureTest, testing::ValuesIn(test::Backends()),
                         [](const auto& param) { return param.param; });

TEST_P(DbFailureTest, EachErrorHasItsCode) {
  ASSERT_TRUE(Insert("a", 1).ok());
  const std::vector<std::pair<std::string, absl::StatusCode>> cases = {
      {"INSERT INTO item (id) VALUES ('a')", absl::StatusCode::kAlreadyExists},
      {"INSERT INTO item (id, n) VALUES ('b', -13)", absl::StatusCode::kFailedPrecondition},
      {"INSERT INTO part (id) VALUES (1)", absl::StatusCode::kFailedPrecondition},
      {"INSERT INTO part (id, item_id) VALUES (1, 'none')",
       absl::StatusCode::kFailedPrecondition},
      {"SELECT nothing FROM nowhere", absl::StatusCode::kInternal},
      {"SELEC", absl::StatusCode::kInternal},
  };
  for (const auto& [sql, code] : cases) {
    const absl::Status status = Do(sql);
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_FALSE(IsCommitUnknown(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(sql));
  }
  EXPECT_EQ(CountItems(), 1);
}

TEST_P(DbFailureTest, AnErrorDoesNotTellTheValues) {
  const std::string secret = "ada@example.com";
  ASSERT_TRUE(Insert(secret, 1).ok());
  EXPECT_THAT(std::string(Insert(secret, 1).message()), Not(HasSubstr(secret)));
  EXPECT_THAT(std::string(Do("INSERT INTO item (id, n, note) VALUES ('b', $1, $2)",
                             {int64_t{-13}, secret})
                              .message()),
              Not(HasSubstr(secret)));
}

TEST_P(DbFailureTest, AnErrorInTheMiddleLeavesNothing) {
  std::vector<Call> calls;
  for (int i = 0; i < 100; ++i) {
    const int64_t n = i == 50 ? -13 : i;
    calls.push_back({"INSERT INTO item (id, n) VALUES ($1, $2)", {absl::StrCat(i), n}});
  }
  EXPECT_EQ(Write()->Commit(calls).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CountItems(), 0);

  auto write = Write();
  ASSERT_TRUE(write->Execute("INSERT INTO item (id) VALUES ('first')").ok());
  EXPECT_EQ(write->ExecuteMany(calls).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(write->Commit().code(), absl::StatusCode::kInternal) << "it is over";
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(Insert("a", 1).ok());
}

TEST_P(DbFailureTest, AStatementThatCannotBeSentLeavesNothing) {
  const std::vector<Call> calls = {
      {"INSERT INTO item (id) VALUES ($1)", {"a"}},
      {"INSERT INTO item (id) VALUES ($1)", {std::string("b\0", 2)}},
  };
  EXPECT_EQ(Write()->Commit(calls).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(Insert("a", 1).ok());
}

TEST_P(DbFailureTest, AStatementThatFailedOnceWorksWhenItsTableExists) {
  constexpr absl::string_view kInsert = "INSERT INTO later (id) VALUES ($1)";
  EXPECT_EQ(Do(kInsert, {int64_t{1}}).code(), absl::StatusCode::kInternal);
  ASSERT_TRUE(db_->RunScript("CREATE TABLE later (id BIGINT PRIMARY KEY)").ok());
  EXPECT_TRUE(Do(kInsert, {int64_t{1}}).ok());
}

TEST_P(DbFailureTest, AChangeOfTheSchemaIsNoticed) {
  ASSERT_TRUE(Insert("a", 1).ok());
  EXPECT_EQ(Read()->Query("SELECT * FROM item")->rows.at(0).size(), 5u);
  ASSERT_TRUE(db_->RunScript("ALTER TABLE item ADD COLUMN extra BIGINT").ok());
  absl::StatusOr<Result> result = Read()->Query("SELECT * FROM item");
  if (!result.ok()) {
    EXPECT_TRUE(IsRetryable(result.status())) << result.status();
    result = Read()->Query("SELECT * FROM item");
  }
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rows.at(0).size(), 6u);
}

TEST_P(DbFailureTest, WaitingForAConnectionEndsAtTheDeadline) {
  auto write = Write();
  auto read = Read();
  EXPECT_EQ(db_->BeginWrite(In(absl::Milliseconds(20))).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(db_->BeginRead(In(absl::Milliseconds(20))).status().code(),
            absl::StatusCode::kUnavailable);
  write.reset();
  read.reset();
  EXPECT_TRUE(Insert("a", 1).ok());
  EXPECT_EQ(CountItems(), 1);
}

TEST_P(DbFailureTest, ATransactionPastItsDeadlineDoesNothing) {
  auto write = db_->BeginWrite(In(-absl::Seconds(1)));
  ASSERT_TRUE(write.ok());
  const Call insert{"INSERT INTO item (id) VALUES ('a')", {}};
  const absl::Status status = (*write)->Commit(absl::MakeSpan(&insert, 1));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(IsCommitUnknown(status));
  EXPECT_EQ(CountItems(), 0);
}

TEST_P(DbFailureTest, ASlowStatementEndsAtTheDeadline) {
  auto read = db_->BeginRead(In(absl::Seconds(1)));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ((*read)->Query(kSlow).status().code(), absl::StatusCode::kDeadlineExceeded);
  read->reset();
  EXPECT_EQ(CountItems(), 0) << "the connection, or a new one, works";

  auto write = db_->BeginWrite(In(absl::Seconds(1)));
  ASSERT_TRUE(write.ok());
  ASSERT_TRUE((*write)->Execute("INSERT INTO item (id) VALUES ('a')").ok());
  EXPECT_EQ((*write)->Query(kSlow).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(Insert("a", 1).ok());
}

TEST_P(DbFailureTest, AFailedScriptLeavesNothing) {
  EXPECT_FALSE(db_->RunScript("CREATE TABLE one (id BIGINT);"
                              "INSERT INTO one VALUES (1); SELEC")
                   .ok());
  EXPECT_EQ(Read()->Query("SELECT id FROM one").status().code(), absl::StatusCode::kInternal);
  const Call before{"INSERT INTO item (id) VALUES ($1)", {"a"}};
  EXPECT_FALSE(db_->RunScript(absl::MakeSpan(&before, 1), "SELEC").ok());
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(db_->RunScript(absl::MakeSpan(&before, 1), "CREATE TABLE one (id BIGINT)").ok());
  EXPECT_EQ(CountItems(), 1);
}

TEST(DbStatusTest, OnlyAMarkedStatusIsAnUnknownCommit) {
  const absl::Status lost = absl::UnavailableError("lost");
  EXPECT_FALSE(IsCommitUnknown(lost));
  EXPECT_TRUE(IsCommitUnknown(MarkCommitUnknown(lost)));
  EXPECT_TRUE(IsRetryable(lost));
  EXPECT_TRUE(IsRetryable(absl::AbortedError("")));
  EXPECT_FALSE(IsRetryable(absl::DeadlineExceededError("")));
  EXPECT_FALSE(IsRetryable(absl::AlreadyExistsError("")));
}

TEST(DbOpenTest, ABadUrlIsRefusedWithoutRepeatingIt) {
  for (const char* url : {"", "mysql://root:hunter2@db/x", "postgres://me:hunter2@[::1/db"}) {
    const absl::Status status = Open(url).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hunter2")));
  }
}

TEST(DbOpenTest, AStoreThatCannotBeReachedIsUnavailable) {
  EXPECT_EQ(
      Open(absl::StrCat("sqlite:", test::TempDir(), "/no/folder/store.db")).status().code(),
      absl::StatusCode::kUnavailable);
  const absl::Status status = Open("postgres://me:hunter2@127.0.0.1:1/db").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hunter2")));
}

TEST(DbOpenTest, AFileThatIsNoStoreIsRefused) {
  const std::string path = absl::StrCat(test::TempDir(), "/store.db");
  std::ofstream(path) << std::string(8192, 'x');
  EXPECT_EQ(Open(absl::StrCat("sqlite:", path)).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace kith::db
