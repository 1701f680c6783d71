// Many runs of one statement in a batch mean the same as one run after another.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/conformance/db_fixture.h"

namespace kith::db {
namespace {

class DbBulkTest : public DbTest {
 protected:
  // A backend may learn more about a statement each time it sees it: every test does its
  // work several times.
  static constexpr int kTimes = 4;
  static constexpr int64_t kRows = 50;

  static constexpr absl::string_view kInsert =
      "INSERT INTO item (id, n, x, note, raw) VALUES ($1, $2, $3, $4, $5)";
  static constexpr absl::string_view kSelect =
      "SELECT id, n, x, note, raw FROM item WHERE id = $1";

  static Params RowOf(const std::string& prefix, int64_t i) {
    if (i % 7 == 0) return {absl::StrCat(prefix, i), Null(), Null(), Null(), Null()};
    return {absl::StrCat(prefix, i), i * -1000000007, static_cast<double>(i) / 3,
            absl::StrCat("{\"", i, "\\,}ü "), Blob{std::string("\0\xff", 2)}};
  }
  static std::vector<Call> Inserts(const std::string& prefix) {
    std::vector<Call> calls;
    for (int64_t i = 0; i < kRows; ++i) calls.push_back({kInsert, RowOf(prefix, i)});
    return calls;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, DbBulkTest, testing::ValuesIn(test::Backends()),
                         [](const auto& param) { return param.param; });

TEST_P(DbBulkTest, RowsComeBackAsTheyWereEachToItsCall) {
  for (int time = 0; time < kTimes; ++time) {
    const std::string prefix = absl::StrCat(time, "-");
    ASSERT_TRUE(Write()->Commit(Inserts(prefix)).ok());
    std::vector<Call> selects;
    for (int64_t i = kRows - 1; i >= 0; --i) {
      selects.push_back({kSelect, {absl::StrCat(prefix, i)}});
      selects.push_back({kSelect, {absl::StrCat("missing-", i)}});
    }
    const auto results = *Write()->QueryMany(selects);
    ASSERT_EQ(results.size(), selects.size());
    for (int64_t i = 0; i < kRows; ++i) {
      const Result& found = results[2 * (kRows - 1 - i)];
      ASSERT_EQ(found.rows.size(), 1u) << "time " << time << " row " << i;
      const Params expected = RowOf(prefix, i);
      for (size_t c = 0; c < 5; ++c) EXPECT_EQ(found.rows[0][c], expected[c]) << c;
      EXPECT_TRUE(results[2 * (kRows - 1 - i) + 1].rows.empty());
    }
  }
}

TEST_P(DbBulkTest, SeveralRowsOfACallKeepTheirOrder) {
  ASSERT_TRUE(Insert("a", 1).ok());
  std::vector<Call> parts;
  for (int64_t id = 0; id < kRows; ++id) {
    parts.push_back(
        {"INSERT INTO part (id, item_id) VALUES ($1, $2)", {id, std::string("a")}});
  }
  ASSERT_TRUE(Write()->Commit(parts).ok());
  for (int time = 0; time < kTimes; ++time) {
    // Two runs: calls of one statement go together when they follow each other.
    std::vector<Call> selects;
    for (int64_t from = 0; from < 10; ++from) {
      selects.push_back(
          {"SELECT id FROM part WHERE id >= $1 ORDER BY id DESC LIMIT 3", {from}});
    }
    for (int64_t from = 0; from < 10; ++from) {
      selects.push_back({"SELECT id FROM part WHERE id < $1 ORDER BY id", {from}});
    }
    const auto results = *Write()->QueryMany(selects);
    for (size_t from = 0; from < 10; ++from) {
      ASSERT_EQ(results[from].rows.size(), 3u);
      EXPECT_EQ(results[from].rows[0].Int(0), kRows - 1);
      EXPECT_EQ(results[from].rows[2].Int(0), kRows - 3);
      const Result& below = results[10 + from];
      ASSERT_EQ(below.rows.size(), from);
      for (size_t i = 0; i < from; ++i) {
        EXPECT_EQ(below.rows[i].Int(0), static_cast<int64_t>(i));
      }
    }
  }
}

TEST_P(DbBulkTest, AnUpsertOfTheSameKeyAddsUpInOrder) {
  constexpr absl::string_view kAdd =
      "INSERT INTO item (id, n, note) VALUES ($1, $2, $3) "
      "ON CONFLICT (id) DO UPDATE SET n = item.n + excluded.n, note = excluded.note";
  for (int time = 1; time <= kTimes; ++time) {
    std::vector<Call> distinct, repeated;
    for (int64_t i = 0; i < 10; ++i) {
      distinct.push_back({kAdd, {absl::StrCat("d", i), i, std::string("x")}});
      repeated.push_back({kAdd, {absl::StrCat("r", i % 2), i, absl::StrCat(i)}});
    }
    ASSERT_TRUE(Write()->Commit(distinct).ok());
    ASSERT_TRUE(Write()->Commit(repeated).ok());
    EXPECT_EQ(NumberOf("d9"), 9 * time);
    EXPECT_EQ(NumberOf("r0"), 20 * time);
    EXPECT_EQ(NumberOf("r1"), 25 * time);
    EXPECT_EQ(Read()->Query("SELECT note FROM item WHERE id = 'r1'")->rows[0].Text(0), "9");
  }
}

TEST_P(DbBulkTest, ALiteralIsNoParameter) {
  ASSERT_TRUE(Write()->Commit(Inserts("")).ok());
  for (int time = 0; time < kTimes; ++time) {
    const std::vector<Call> selects(
        10, {"SELECT id, '$1 it''s $2' FROM item WHERE id = $1", {std::string("3")}});
    const auto results = *Read()->QueryMany(selects);
    EXPECT_EQ(results[9].rows[0].Text(1), "$1 it's $2");
  }
}

TEST_P(DbBulkTest, AnInsertThatReadsSeesThoseBeforeIt) {
  for (int time = 0; time < kTimes; ++time) {
    std::vector<Call> calls;
    for (int64_t i = 0; i < 10; ++i) {
      calls.push_back({"INSERT INTO item (id, n) VALUES ($1, (SELECT COUNT(*) FROM item))",
                       {absl::StrCat(time, "-", i)}});
    }
    ASSERT_TRUE(Write()->Commit(calls).ok());
    for (int64_t i = 0; i < 10; ++i) {
      EXPECT_EQ(NumberOf(absl::StrCat(time, "-", i)), 10 * time + i);
    }
  }
}

TEST_P(DbBulkTest, ValuesOfOtherTypesAreConvertedAsOneByOne) {
  for (int time = 0; time < kTimes; ++time) {
    std::vector<Call> calls;
    for (int64_t i = 0; i < 10; ++i) {
      calls.push_back({"INSERT INTO item (id, x) VALUES ($1, $2)",
                       {absl::StrCat(time, "-", i), i % 2 == 0 ? Value(i) : Value(i + 0.5)}});
    }
    ASSERT_TRUE(Write()->Commit(calls).ok());
    const auto rows = Read()->Query("SELECT x FROM item ORDER BY id")->rows;
    EXPECT_EQ(rows[10 * time + 4].Double(0), 4.0);
    EXPECT_EQ(rows[10 * time + 5].Double(0), 5.5);
  }
}

TEST_P(DbBulkTest, OneBadRowUndoesAllAndIsNamed) {
  for (int time = 0; time < kTimes; ++time) {
    const std::string prefix = absl::StrCat(time, "-");
    std::vector<Call> calls = Inserts(prefix);
    calls[30].params[0] = calls[20].params[0];
    EXPECT_EQ(Write()->Commit(calls).code(), absl::StatusCode::kAlreadyExists);
    calls = Inserts(prefix);
    calls[30].params[1] = int64_t{-13};
    EXPECT_EQ(Write()->Commit(calls).code(), absl::StatusCode::kFailedPrecondition);
    calls = Inserts(prefix);
    calls[30].params[3] = std::string("a\0b", 3);
    EXPECT_EQ(Write()->Commit(calls).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(CountItems(), kRows * time);
    ASSERT_TRUE(Write()->Commit(Inserts(prefix)).ok());
  }
}

TEST_P(DbBulkTest, AffectedRowsAreKnownOfEachCall) {
  for (int time = 0; time < kTimes; ++time) {
    ASSERT_TRUE(Insert(absl::StrCat("even", time), time).ok());
    auto write = Write();
    std::vector<Call> calls;
    for (int i = 0; i < 10; ++i) {
      calls.push_back({"INSERT INTO item (id, n) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
                       {i % 2 == 0 ? absl::StrCat("even", time) : absl::StrCat(time, "odd", i),
                        int64_t{i}}});
    }
    const std::vector<int64_t> affected = *write->ExecuteMany(calls);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(affected[i], i % 2) << i;
  }
}

}  // namespace
}  // namespace kith::db
