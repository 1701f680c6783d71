#include "common/db/migrator.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace kith::db {
namespace {

constexpr absl::Duration kWait = absl::Seconds(30);
constexpr int kAttempts = 5;

constexpr absl::string_view kCreate =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "stream TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, "
    "applied_at BIGINT NOT NULL, PRIMARY KEY (stream, number))";
constexpr absl::string_view kRecord =
    "INSERT INTO schema_migration (stream, number, name, applied_at) VALUES ($1, $2, $3, $4)";
constexpr absl::string_view kList =
    "SELECT number, name FROM schema_migration WHERE stream = $1";
constexpr absl::string_view kExistsSqlite =
    "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'";
constexpr absl::string_view kExistsPostgres =
    "SELECT COUNT(*) FROM information_schema.tables "
    "WHERE table_schema = current_schema() AND table_name = 'schema_migration'";

using Applied = std::map<int64_t, std::string>;

// The steps on record, or nullopt when there is no record at all.
absl::StatusOr<std::optional<Applied>> ReadApplied(Database& database,
                                                   const std::string& stream) {
  KITH_ASSIGN_OR_RETURN(auto read, database.BeginRead(SystemClock().Now() + kWait));
  const bool sqlite = database.backend() == "sqlite";
  KITH_ASSIGN_OR_RETURN(Result exists, read->Query(sqlite ? kExistsSqlite : kExistsPostgres));
  if (exists.rows[0].Int(0) == 0) return std::optional<Applied>();
  KITH_ASSIGN_OR_RETURN(Result list, read->Query(kList, {stream}));
  Applied applied;
  for (const Row& row : list.rows) applied[row.Int(0)] = row.Text(1);
  return std::optional<Applied>(std::move(applied));
}

absl::Status CreateRecord(Database& database, const std::string& stream) {
  const absl::Status created = database.RunScript(kCreate);
  if (created.ok()) return created;
  // Two servers' sessions that create the same table at once do not both succeed.
  KITH_ASSIGN_OR_RETURN(std::optional<Applied> applied, ReadApplied(database, stream));
  return applied.has_value() ? absl::OkStatus() : created;
}

absl::Status CheckSteps(absl::Span<const Migration> migrations, const Applied& applied) {
  int expected = 0;
  for (const Migration& migration : migrations) {
    if (migration.number != ++expected) {
      return absl::InternalError(absl::StrCat("migration ", expected, " is missing"));
    }
    auto it = applied.find(migration.number);
    if (it != applied.end() && it->second != migration.name) {
      return absl::FailedPreconditionError(
          absl::StrCat("the store's step ", migration.number, " is ", it->second, ", not ",
                       migration.name, ": is it another program's store?"));
    }
  }
  return absl::OkStatus();
}

const Migration* FirstMissing(absl::Span<const Migration> migrations, const Applied& applied) {
  for (const Migration& migration : migrations) {
    if (!applied.contains(migration.number)) return &migration;
  }
  return nullptr;
}

// The record goes first: its primary key makes processes that start at once take turns.
absl::Status Apply(Database& database, const std::string& stream, const Migration& migration,
                   const Clock& clock) {
  const Call record{
      kRecord,
      {stream, int64_t{migration.number}, std::string(migration.name), FromTime(clock.Now())}};
  const absl::Status status = database.RunScript(absl::MakeSpan(&record, 1), migration.sql);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("migration ", migration.number, " (",
                                                  migration.name, "): ", status.message()));
}

// Whether a step may have failed only because another process did it, or was doing it.
bool IsRace(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || IsRetryable(status);
}

absl::Status RunMissing(Database& database, const std::string& stream,
                        absl::Span<const Migration> migrations, const Clock& clock) {
  int step = 0;
  int failures = 0;  // of this step: turns that others took bring the next one
  for (;;) {
    KITH_ASSIGN_OR_RETURN(std::optional<Applied> applied, ReadApplied(database, stream));
    if (!applied.has_value()) {
      KITH_RETURN_IF_ERROR(CreateRecord(database, stream));
      continue;
    }
    KITH_RETURN_IF_ERROR(CheckSteps(migrations, *applied));
    const Migration* next = FirstMissing(migrations, *applied);
    if (next == nullptr) return absl::OkStatus();
    failures = next->number == step ? failures : 0;
    step = next->number;
    const absl::Status status = Apply(database, stream, *next, clock);
    if (status.ok()) continue;
    if (!IsRace(status) || ++failures == kAttempts) return status;
  }
}

}  // namespace

absl::Status Migrate(Database& database, absl::string_view stream_name,
                     absl::Span<const Migration> migrations, MigrateMode mode,
                     const Clock& clock) {
  const std::string stream(stream_name);
  if (mode != MigrateMode::kOff) return RunMissing(database, stream, migrations, clock);
  KITH_ASSIGN_OR_RETURN(std::optional<Applied> applied, ReadApplied(database, stream));
  const Applied done = applied.value_or(Applied());
  KITH_RETURN_IF_ERROR(CheckSteps(migrations, done));
  const Migration* missing = FirstMissing(migrations, done);
  if (missing == nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the store lacks migration ", missing->number, " (", missing->name, ")"));
}

}  // namespace kith::db
