#include "services/referral/store/program_queries.h"

#include "common/base/status_macros.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kVersions =
    "SELECT program_id, version, effective_time, content FROM program_version "
    "WHERE program_id = $1 AND version > $2 ORDER BY version LIMIT $3";
constexpr absl::string_view kInForce =
    "SELECT COALESCE(MAX(version), 0) FROM program_version "
    "WHERE program_id = $1 AND (effective_time IS NULL OR effective_time <= $2)";

}  // namespace

absl::StatusOr<std::vector<domain::ProgramVersion>> ReadVersions(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t after,
    int64_t limit) {
  return ReadRows<ProgramVersionTable>(transaction, kVersions, {program_id, after, limit});
}

absl::StatusOr<int64_t> ReadVersionInForce(db::ReadTransaction& transaction,
                                           const std::string& program_id, absl::Time time) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kInForce, {program_id, db::FromTime(time)}));
  return result.rows.empty() ? 0 : result.rows.front().Int(0);
}

}  // namespace kith::referral::store
