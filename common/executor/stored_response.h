// The stored responses of commands, as a table of the working set.
#ifndef KITH_COMMON_EXECUTOR_STORED_RESPONSE_H_
#define KITH_COMMON_EXECUTOR_STORED_RESPONSE_H_

#include <string>
#include <tuple>

#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::exec {

// The response of one command.
struct StoredResponse {
  std::string request_id;
  std::string program_id;
  std::string method;
  std::string fingerprint;
  std::string response;
  absl::Time stored_at;
};

struct StoredResponseTable {
  using Row = StoredResponse;
  using Key = std::tuple<std::string, std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT request_id, program_id, method, fingerprint, response, stored_at "
      "FROM stored_response WHERE request_id = $1 AND program_id = $2 AND method = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO stored_response "
      "(request_id, program_id, method, fingerprint, response, stored_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM stored_response WHERE request_id = $1 AND program_id = $2 AND method = $3";
  static Key KeyOf(const Row& row) { return {row.request_id, row.program_id, row.method}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row) {
    return {row.request_id,
            row.program_id,
            row.method,
            db::Blob{row.fingerprint},
            db::Blob{row.response},
            db::FromTime(row.stored_at)};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Text(2), row.Bytes(3), row.Bytes(4), row.Time(5)};
  }
};

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_STORED_RESPONSE_H_
