#include "services/referral/store/attribution_queries.h"

#include "absl/strings/str_cat.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/override_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::store {

absl::StatusOr<std::vector<domain::Code>> ReadCodes(db::ReadTransaction& transaction,
                                                    const std::string& program_id,
                                                    const std::string& advocate_id,
                                                    const std::string& after, int64_t limit) {
  const std::string sql =
      absl::StrCat("SELECT ", CodeTable::kColumns,
                   " FROM advocate_code WHERE program_id = $1 AND advocate_id = $2 "
                   "AND code > $3 ORDER BY code LIMIT $4");
  return ReadRows<CodeTable>(transaction, sql, {program_id, advocate_id, after, limit});
}

absl::StatusOr<std::vector<domain::AttributionOverride>> ReadOverrides(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& customer_id, const std::string& after_customer, int64_t after_number,
    int64_t limit) {
  const std::string sql = absl::StrCat(
      "SELECT ", OverrideTable::kColumns, " FROM attribution_override WHERE program_id = $1 ",
      // A text for each, so that both walk along the key.
      customer_id.empty()
          ? "AND $2 = '' AND (customer_id, number) > ($3, $4) "
          : "AND customer_id = $2 AND ($3 = '' OR $3 = customer_id) AND number > $4 ",
      "ORDER BY customer_id, number LIMIT $5");
  return ReadRows<OverrideTable>(
      transaction, sql, {program_id, customer_id, after_customer, after_number, limit});
}

}  // namespace kith::referral::store
