// A store with two tables, fresh for each test.
#ifndef KITH_TESTS_CONFORMANCE_DB_FIXTURE_H_
#define KITH_TESTS_CONFORMANCE_DB_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "common/db/db.h"
#include "tests/support/test_database.h"

namespace kith::db {

// The parameter is the backend.
class DbTest : public testing::TestWithParam<std::string> {
 protected:
  DbTest() : DbTest(GetParam()) {}
  explicit DbTest(absl::string_view backend, const OpenOptions& options = {})
      : url_(test::FreshStoreUrl(backend)), db_(test::OpenStore(url_, options)) {
    EXPECT_TRUE(db_->RunScript("CREATE TABLE item ("
                               "  id TEXT PRIMARY KEY, n BIGINT, x DOUBLE PRECISION,"
                               "  note TEXT, raw BYTEA, CHECK (n <> -13));"
                               "CREATE TABLE part ("
                               "  id BIGINT PRIMARY KEY,"
                               "  item_id TEXT NOT NULL REFERENCES item (id))")
                    .ok());
  }

  std::unique_ptr<WriteTransaction> Write() { return *db_->BeginWrite(test::Soon()); }
  std::unique_ptr<ReadTransaction> Read() { return *db_->BeginRead(test::Soon()); }

  // Runs and commits one statement.
  absl::Status Do(absl::string_view sql, Params params = {}) {
    const Call call{sql, std::move(params)};
    return Write()->Commit(absl::MakeSpan(&call, 1));
  }
  absl::Status Insert(const std::string& id, int64_t n) {
    return Do("INSERT INTO item (id, n) VALUES ($1, $2)", {id, n});
  }
  int64_t NumberOf(const std::string& id) {
    const Result result = *Read()->Query("SELECT n FROM item WHERE id = $1", {id});
    return result.rows.size() == 1 ? result.rows[0].Int(0) : -1;
  }
  int64_t CountItems() { return Read()->Query("SELECT COUNT(*) FROM item")->rows[0].Int(0); }

  const std::string url_;
  const std::unique_ptr<Database> db_;
};

}  // namespace kith::db

#endif  // KITH_TESTS_CONFORMANCE_DB_FIXTURE_H_
