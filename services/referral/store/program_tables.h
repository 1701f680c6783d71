// Rules and their keys in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_PROGRAM_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_PROGRAM_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/domain/program.h"

namespace kith::referral::store {

// A program's fields as text, one `path=value` a line.
std::string EncodeProgram(const domain::Program& program);
// The reverse. A text that EncodeProgram did not write gives an error.
absl::StatusOr<domain::Program> DecodeProgram(std::string program_id,
                                              absl::string_view content);

struct ProgramVersionTable {
  using Row = domain::ProgramVersion;
  using Key = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, version, effective_time, content FROM program_version "
      "WHERE program_id = $1 AND version = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program_version (program_id, version, effective_time, content) "
      "VALUES ($1, $2, $3, $4)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM program_version WHERE program_id = $1 AND version = $2";
  static Key KeyOf(const Row& row) { return {row.program.program_id, row.version}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  // A content that cannot be read (damaged, or written by a newer binary) gives a row that
  // says so.
  static Row Decode(const db::Row& row);
  static absl::Status Check(const Row& row) { return domain::CheckReadable(row); }
};

// All versions of a program, oldest first.
struct VersionsOfProgram {
  using Table = ProgramVersionTable;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, version, effective_time, content FROM program_version "
      "WHERE program_id = $1";
  static std::optional<Key> KeyOf(const Table::Row& row) { return row.program.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
};

// The key of a program's mail address hashes.
struct ProgramKey {
  std::string program_id;
  std::string email_key;
};

struct ProgramKeyTable {
  using Row = ProgramKey;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, email_key FROM program_key WHERE program_id = $1";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program_key (program_id, email_key) VALUES ($1, $2)";
  static constexpr absl::string_view kDelete = "DELETE FROM program_key WHERE program_id = $1";
  static Key KeyOf(const Row& row) { return row.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
  static db::Params Encode(const Row& row) {
    return {row.program_id, db::Blob{row.email_key}};
  }
  static Row Decode(const db::Row& row) { return {row.Text(0), row.Bytes(1)}; }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_PROGRAM_TABLES_H_
