#include "tests/bench/raw_rows.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"

namespace kith::bench {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* stmt) const { sqlite3_finalize(stmt); }
};
using StmtPtr = std::unique_ptr<sqlite3_stmt, Finalize>;

StmtPtr Prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* stmt = nullptr;
  RequireSqlite(
      sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &stmt, nullptr), db,
      sql.c_str());
  return StmtPtr(stmt);
}

std::string TextColumn(sqlite3_stmt* stmt, int i) {
  return reinterpret_cast<const char*>(sqlite3_column_text(stmt, i));
}

// Indexes that SQLite makes for keys have no text.
std::vector<std::string> Column(sqlite3* db, const std::string& sql) {
  const StmtPtr stmt = Prepare(db, sql);
  std::vector<std::string> out;
  while (sqlite3_step(stmt.get()) == SQLITE_ROW) out.push_back(TextColumn(stmt.get(), 0));
  return out;
}

}  // namespace

void RequireSqlite(int rc, sqlite3* db, const char* what) {
  if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
  std::fprintf(stderr, "sqlite: %s: %s\n", what, sqlite3_errmsg(db));
  std::abort();
}

void ExecRaw(sqlite3* db, const std::string& sql) {
  RequireSqlite(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), db, sql.c_str());
}

SqlitePtr OpenRaw(const std::string& file) {
  sqlite3* db = nullptr;
  const int rc = sqlite3_open_v2(
      file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
      nullptr);
  SqlitePtr owner(db);
  RequireSqlite(rc, db, file.c_str());
  ExecRaw(db,
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
          "PRAGMA cache_size=-32000; PRAGMA foreign_keys=ON;");
  return owner;
}

RawRows::RawRows(const std::string& file, const std::string& before) {
  const SqlitePtr db = OpenRaw(file);
  if (!before.empty()) ExecRaw(db.get(), absl::StrCat("ATTACH '", before, "' AS before"));
  schema_ = Column(db.get(),
                   "SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL "
                   "AND name NOT LIKE 'sqlite_%' ORDER BY type DESC");
  for (const std::string& name :
       Column(db.get(),
              "SELECT name FROM main.sqlite_master WHERE type = 'table' "
              "AND name NOT LIKE 'sqlite_%'")) {
    Table table = ReadTable(db.get(), name, !before.empty());
    if (table.values.empty()) continue;
    size_ += table.rows();
    tables_.push_back(std::move(table));
  }
}

RawRows::Table RawRows::ReadTable(sqlite3* db, const std::string& name, bool changes_only) {
  std::string select = absl::StrCat("SELECT * FROM main.", name);
  if (changes_only) absl::StrAppend(&select, " EXCEPT SELECT * FROM before.", name);
  const StmtPtr stmt = Prepare(db, select);
  Table table;
  table.columns = sqlite3_column_count(stmt.get());
  table.insert = absl::StrCat("INSERT INTO ", name, " VALUES (?");
  for (int i = 1; i < table.columns; ++i) absl::StrAppend(&table.insert, ", ?");
  absl::StrAppend(&table.insert, ")");
  while (sqlite3_step(stmt.get()) == SQLITE_ROW) {
    for (int i = 0; i < table.columns; ++i) {
      table.values.emplace_back(sqlite3_value_dup(sqlite3_column_value(stmt.get(), i)));
    }
  }
  return table;
}

absl::Duration RawRows::TimeInsertion(const std::string& file, int64_t transactions) const {
  const SqlitePtr db = OpenRaw(file);
  for (const std::string& sql : schema_) ExecRaw(db.get(), sql);
  std::vector<StmtPtr> inserts;
  for (const Table& table : tables_) inserts.push_back(Prepare(db.get(), table.insert));
  const StmtPtr begin = Prepare(db.get(), "BEGIN IMMEDIATE");
  const StmtPtr commit = Prepare(db.get(), "COMMIT");
  const auto run = [&db](sqlite3_stmt* stmt) {
    RequireSqlite(sqlite3_step(stmt), db.get(), sqlite3_sql(stmt));
    sqlite3_reset(stmt);
  };
  const absl::Time start = SystemClock().Now();
  for (int64_t i = 0; i < transactions; ++i) {
    run(begin.get());
    for (size_t t = 0; t < tables_.size(); ++t) {
      const Table& table = tables_[t];
      const int64_t end = table.rows() * (i + 1) / transactions;
      for (int64_t row = table.rows() * i / transactions; row < end; ++row) {
        for (int c = 0; c < table.columns; ++c) {
          sqlite3_bind_value(inserts[t].get(), c + 1,
                             table.values[row * table.columns + c].get());
        }
        run(inserts[t].get());
      }
    }
    run(commit.get());
  }
  return SystemClock().Now() - start;
}

}  // namespace kith::bench
