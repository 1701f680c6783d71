// The rows of a finished SQLite store, and how long SQLite takes to be given them.
#ifndef KITH_TESTS_BENCH_RAW_ROWS_H_
#define KITH_TESTS_BENCH_RAW_ROWS_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace kith::bench {

// Ends the process when a call to SQLite failed.
void RequireSqlite(int rc, sqlite3* db, const char* what);

struct CloseSqlite {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using SqlitePtr = std::unique_ptr<sqlite3, CloseSqlite>;
// Opens the file with the settings of a store: write-ahead log, every commit synced.
SqlitePtr OpenRaw(const std::string& file);
void ExecRaw(sqlite3* db, const std::string& sql);

// Rows of all tables, read into memory.
class RawRows {
 public:
  // All of them; with `before`, an earlier copy of the file, those that came or changed since.
  explicit RawRows(const std::string& file, const std::string& before = "");
  int64_t size() const { return size_; }
  // The time to insert the rows into a new file with the same tables and indexes: prepared
  // statements, in `transactions` transactions of equal shares of each table, in the order
  // in which the rows came to be.
  absl::Duration TimeInsertion(const std::string& file, int64_t transactions) const;

 private:
  struct FreeValue {
    void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
  };
  struct Table {
    std::string insert;
    int columns = 0;
    std::vector<std::unique_ptr<sqlite3_value, FreeValue>> values;  // row after row
    int64_t rows() const { return static_cast<int64_t>(values.size()) / columns; }
  };
  static Table ReadTable(sqlite3* db, const std::string& name, bool changes_only);

  std::vector<std::string> schema_;
  std::vector<Table> tables_;
  int64_t size_ = 0;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_RAW_ROWS_H_
