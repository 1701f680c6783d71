// What every backend does alike: values, results, transactions, snapshots, pipelines.
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/conformance/db_fixture.h"
#include "tests/support/test_database.h"

namespace kith::db {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

INSTANTIATE_TEST_SUITE_P(Backends, DbTest, testing::ValuesIn(test::Backends()),
                         [](const auto& param) { return param.param; });

TEST_P(DbTest, NamesItsBackend) { EXPECT_EQ(db_->backend(), GetParam()); }

TEST_P(DbTest, ValuesComeBackAsTheyWere) {
  const std::string utf8 = "Zoë 東京 🌱 '\"\\ $1";
  const std::string bytes("\0\xff\x80 a\0", 6);
  const std::vector<Params> rows = {
      {"a", kMin, -0.1, utf8, Blob{bytes}},
      {"b", kMax, 1e308, std::string(), Blob{}},
      {"c", int64_t{0}, 5e-324, std::string(70000, 'x'), Blob{std::string(70000, '\0')}},
      {"d", Null(), Null(), Null(), Null()},
  };
  auto write = Write();
  std::vector<Call> calls;
  for (const Params& row : rows) {
    calls.push_back(
        {"INSERT INTO item (id, n, x, note, raw) VALUES ($1, $2, $3, $4, $5)", row});
  }
  ASSERT_TRUE(write->Commit(calls).ok());

  const Result result = *Read()->Query("SELECT id, n, x, note, raw FROM item ORDER BY id");
  ASSERT_EQ(result.rows.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(result.rows[i].size(), 5u);
    for (size_t j = 0; j < 5; ++j) {
      EXPECT_EQ(result.rows[i][j], rows[i][j]) << "row " << i << " column " << j;
    }
  }
}

TEST_P(DbTest, AccessorsOfTheWrongTypeReturnZero) {
  ASSERT_TRUE(Insert("a", 7).ok());
  const Result result = *Read()->Query("SELECT id, n, x, raw FROM item");
  const Row& row = result.rows.at(0);
  EXPECT_EQ(row.Int(0), 0);
  EXPECT_EQ(row.Text(1), "");
  EXPECT_EQ(row.Bytes(0), "");
  EXPECT_EQ(row.Double(1), 7.0);
  EXPECT_TRUE(row.IsNull(2));
  EXPECT_EQ(row.OptionalTime(2), std::nullopt);
  EXPECT_EQ(row.OptionalTime(1), absl::FromUnixMicros(7));
  EXPECT_TRUE(row.Bool(1));
}

TEST_P(DbTest, TextAndBytesStayApart) {
  ASSERT_TRUE(
      Do("INSERT INTO item (id, note, raw) VALUES ($1, $1, $2)", {"same", Blob{"same"}}).ok());
  const Result result = *Read()->Query("SELECT note, raw FROM item");
  EXPECT_EQ(result.rows.at(0)[0], Value("same"));
  EXPECT_EQ(result.rows.at(0)[1], Value(Blob{"same"}));
}

TEST_P(DbTest, APlaceholderMayRepeatAndComeInAnyOrder) {
  ASSERT_TRUE(
      Do("INSERT INTO item (n, note, id) VALUES ($2, $1, $1)", {"a", int64_t{5}}).ok());
  const Result result = *Read()->Query(
      "SELECT n FROM item WHERE note = $2 AND id = $2 AND n = $1", {int64_t{5}, "a"});
  EXPECT_EQ(result.rows.size(), 1u);
}

TEST_P(DbTest, TooFewOrTooManyParametersAreRefused) {
  EXPECT_EQ(Do("UPDATE item SET n = $1 WHERE id = $2", {int64_t{1}}).code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(Do("UPDATE item SET n = $1", {int64_t{1}, int64_t{2}}).code(),
            absl::StatusCode::kInternal);
}

TEST_P(DbTest, ATextWithANulIsRefusedNotCutOff) {
  EXPECT_EQ(Do("INSERT INTO item (id) VALUES ($1)", {std::string("a\0b", 3)}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CountItems(), 0);
}

TEST_P(DbTest, OneStatementAtATime) {
  EXPECT_EQ(Do("DELETE FROM part; DELETE FROM item").code(), absl::StatusCode::kInternal);
}

TEST_P(DbTest, ReturningGivesRows) {
  auto write = Write();
  const Result result = *write->Query(
      "INSERT INTO item (id, n) VALUES ($1, $2) RETURNING id, n + 1", {"a", int64_t{41}});
  EXPECT_EQ(result.rows.at(0).Text(0), "a");
  EXPECT_EQ(result.rows.at(0).Int(1), 42);
  EXPECT_EQ(result.affected, 1);
}

TEST_P(DbTest, AnUpsertUpdatesTheRowThatIsThere) {
  constexpr absl::string_view kUpsert =
      "INSERT INTO item (id, n) VALUES ($1, $2) "
      "ON CONFLICT (id) DO UPDATE SET n = item.n + excluded.n RETURNING n";
  auto write = Write();
  EXPECT_EQ(write->Query(kUpsert, {"a", int64_t{3}})->rows.at(0).Int(0), 3);
  EXPECT_EQ(write->Query(kUpsert, {"a", int64_t{4}})->rows.at(0).Int(0), 7);
  ASSERT_TRUE(write->Commit().ok());
  EXPECT_EQ(NumberOf("a"), 7);
}

TEST_P(DbTest, AffectedRowsAreCounted) {
  auto write = Write();
  const std::vector<Call> calls = {
      {"INSERT INTO item (id, n) VALUES ('a', 1), ('b', 2), ('c', 3)", {}},
      {"INSERT INTO item (id, n) VALUES ('a', 1) ON CONFLICT (id) DO NOTHING", {}},
      {"UPDATE item SET n = n + 1 WHERE n >= $1", {int64_t{2}}},
      {"SELECT id FROM item", {}},
      {"DELETE FROM item WHERE id = $1", {"none"}},
      {"DELETE FROM item", {}},
  };
  EXPECT_EQ(*write->ExecuteMany(calls), (std::vector<int64_t>{3, 0, 2, 0, 0, 3}));
}

TEST_P(DbTest, ResultsComeInTheOrderOfTheCalls) {
  ASSERT_TRUE(Insert("a", 1).ok());
  ASSERT_TRUE(Insert("b", 2).ok());
  constexpr absl::string_view kOne = "SELECT n FROM item WHERE id = $1";
  const std::vector<Call> calls = {{kOne, {"b"}}, {kOne, {"none"}}, {kOne, {"a"}}};
  const std::vector<Result> results = *Read()->QueryMany(calls);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].rows.at(0).Int(0), 2);
  EXPECT_TRUE(results[1].rows.empty());
  EXPECT_EQ(results[2].rows.at(0).Int(0), 1);
}

TEST_P(DbTest, NoStatementsAreNoWork) {
  auto write = Write();
  EXPECT_TRUE(write->QueryMany({})->empty());
  EXPECT_TRUE(write->ExecuteMany({})->empty());
  EXPECT_TRUE(write->Commit().ok());
}

TEST_P(DbTest, ATransactionSeesItsOwnWrites) {
  auto write = Write();
  ASSERT_TRUE(write->Execute("INSERT INTO item (id, n) VALUES ('a', 1)").ok());
  EXPECT_EQ(write->Query("SELECT n FROM item")->rows.size(), 1u);
  EXPECT_EQ(CountItems(), 0) << "another transaction does not";
  ASSERT_TRUE(write->Commit().ok());
  EXPECT_EQ(CountItems(), 1);
}

TEST_P(DbTest, TheDestructorRollsBack) {
  {
    auto write = Write();
    ASSERT_TRUE(write->Execute("INSERT INTO item (id, n) VALUES ('a', 1)").ok());
  }
  EXPECT_EQ(CountItems(), 0);
  EXPECT_TRUE(Insert("a", 1).ok()) << "the lock is gone too";
}

TEST_P(DbTest, AfterCommitTheTransactionIsOver) {
  auto write = Write();
  ASSERT_TRUE(write->Commit().ok());
  EXPECT_EQ(write->Execute("DELETE FROM item").status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(write->Commit().code(), absl::StatusCode::kInternal);
}

TEST_P(DbTest, AReadTransactionStaysOnItsSnapshot) {
  ASSERT_TRUE(Insert("a", 1).ok());
  auto read = Read();
  EXPECT_EQ(read->Query("SELECT COUNT(*) FROM item")->rows[0].Int(0), 1);
  ASSERT_TRUE(Insert("b", 2).ok());
  ASSERT_TRUE(Do("UPDATE item SET n = 100 WHERE id = 'a'").ok());
  EXPECT_EQ(read->Query("SELECT COUNT(*) FROM item")->rows[0].Int(0), 1);
  EXPECT_EQ(read->Query("SELECT n FROM item")->rows[0].Int(0), 1);
  read.reset();
  EXPECT_EQ(CountItems(), 2);
  EXPECT_EQ(NumberOf("a"), 100);
}

TEST_P(DbTest, AReadTransactionCannotWrite) {
  EXPECT_FALSE(Read()->Query("INSERT INTO item (id) VALUES ('a')").ok());
  EXPECT_EQ(CountItems(), 0);
}

TEST_P(DbTest, ConcurrentWritersLoseNoUpdate) {
  constexpr int kWriters = 8;
  constexpr int kRounds = 25;
  ASSERT_TRUE(Insert("counter", 0).ok());
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      for (int done = 0; done < kRounds;) {
        auto write = Write();
        auto row = write->Query("UPDATE item SET n = n + 1 WHERE id = 'counter' RETURNING n");
        const absl::Status status = row.ok() ? write->Commit() : row.status();
        ASSERT_TRUE(status.ok() || IsRetryable(status)) << status;
        done += status.ok();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(NumberOf("counter"), kWriters * kRounds);
}

TEST_P(DbTest, ReadersDoNotWaitForAWriter) {
  ASSERT_TRUE(Insert("a", 1).ok());
  auto write = Write();
  ASSERT_TRUE(write->Execute("UPDATE item SET n = 2").ok());
  EXPECT_EQ(NumberOf("a"), 1);
  ASSERT_TRUE(write->Commit().ok());
  EXPECT_EQ(NumberOf("a"), 2);
}

// Far more in both directions than the buffers of a connection hold.
TEST_P(DbTest, ALargePipelineDoesNotDeadlock) {
  constexpr int kCalls = 5000;
  std::vector<Call> calls;
  for (int i = 0; i < kCalls; ++i) {
    calls.push_back({"INSERT INTO item (id, n, raw) VALUES ($1, $2, $3) RETURNING raw",
                     {absl::StrCat(i), int64_t{i}, Blob{std::string(4000, 'a' + i % 26)}}});
  }
  auto write = Write();
  const std::vector<Result> results = *write->QueryMany(calls);
  ASSERT_EQ(results.size(), calls.size());
  for (int i = 0; i < kCalls; ++i) {
    ASSERT_EQ(results[i].rows.at(0).Bytes(0), std::string(4000, 'a' + i % 26));
  }
  ASSERT_TRUE(write->Commit().ok());
  EXPECT_EQ(CountItems(), kCalls);
}

TEST_P(DbTest, ManyDifferentStatementsTravelTogether) {
  std::vector<Call> calls;
  for (int i = 0; i < 300; ++i) {
    calls.push_back({"", {"key", int64_t{i}}});
  }
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) {
    texts.push_back(absl::StrCat(
        "INSERT INTO item (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = ", i));
  }
  for (int i = 0; i < 300; ++i) calls[i].sql = texts[i];
  ASSERT_TRUE(Write()->Commit(calls).ok());
  EXPECT_EQ(NumberOf("key"), 299);
  ASSERT_TRUE(Write()->Commit(calls).ok()) << "and again, now that they are prepared";
}

}  // namespace
}  // namespace kith::db
