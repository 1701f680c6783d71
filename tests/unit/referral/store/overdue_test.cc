// What a page of overdue leads costs SQLite, counted in steps of its machine.
#include <sqlite3.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "services/referral/migrations/migrations.h"
#include "services/referral/store/lead_queries.h"

namespace kith::referral::store {
namespace {

// Keeps the statement that it is asked to run.
class Recorder final : public db::ReadTransaction {
 public:
  absl::StatusOr<std::vector<db::Result>> QueryMany(
      absl::Span<const db::Call> calls) override {
    sql = std::string(calls[0].sql);
    params = calls[0].params;
    return std::vector<db::Result>(calls.size());
  }
  std::string sql;
  db::Params params;
};

class Sqlite {
 public:
  Sqlite() {
    EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    for (const db::Migration& step : Migrations()) {
      Run(absl::StrReplaceAll(step.sql, {{"/* WITHOUT ROWID */", "WITHOUT ROWID"}}));
    }
  }
  ~Sqlite() { sqlite3_close(database_); }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  void Run(const std::string& script) {
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database_, script.c_str(), nullptr, nullptr, &error), SQLITE_OK)
        << (error == nullptr ? "" : error);
    sqlite3_free(error);
  }
  // Adds `count` leads, due one after another from `first` on.
  void Add(const std::string& name, int count, int first, const std::string& fraud,
           bool opted_out) {
    Run(absl::StrCat(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ", count,
        ") INSERT INTO referral (program_id, referral_id, advocate_id, origin, referee_id, "
        "campaign, submitted_time, program_version, customer_id, evidence, conversion_id, "
        "ever_converted, state, follow_up_due_time, fraud, opted_out) SELECT 'acme', '",
        name, "' || i, 'ada', 'lead', '", name, "' || i, '', 1, 1, '', 'none', '', 0, ",
        "'submitted', ", first, " + i, '", fraud, "', ", opted_out ? 1 : 0, " FROM n"));
  }
  // The rows of a statement, and the steps that it took.
  std::pair<int, int> Cost(const Recorder& asked) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, asked.sql.c_str(), -1, &statement, nullptr),
              SQLITE_OK);
    for (size_t i = 0; i < asked.params.size(); ++i) {
      const std::string name = absl::StrCat("$", i + 1);
      const int at = sqlite3_bind_parameter_index(statement, name.c_str());
      if (const auto* number = std::get_if<int64_t>(&asked.params[i])) {
        sqlite3_bind_int64(statement, at, *number);
      } else {
        const std::string& text = std::get<std::string>(asked.params[i]);
        sqlite3_bind_text(statement, at, text.c_str(), -1, SQLITE_TRANSIENT);
      }
    }
    int rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
    const int steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(statement);
    return {rows, steps};
  }

 private:
  sqlite3* database_ = nullptr;
};

TEST(OverdueTest, NobodyWalksAlongLeadsThatNobodyHasToCall) {
  Recorder page;
  ASSERT_TRUE(ReadOverdue(page, "acme", absl::FromUnixMicros(1000000), {}, 3).ok());
  Sqlite few, many;
  for (Sqlite* store : {&few, &many}) store->Add("waits", 5, 100000, "clear", false);
  many.Add("fraud", 4000, 0, "rejected", false);
  many.Add("out", 4000, 0, "clear", true);
  const auto [rows, steps] = few.Cost(page);
  EXPECT_EQ(rows, 3);
  EXPECT_GT(steps, 0);
  EXPECT_EQ(many.Cost(page), std::pair(rows, steps));
}

}  // namespace
}  // namespace kith::referral::store
