#include "services/referral/store/fraud_queries.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/conduct_tables.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/quality_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kOldestOpenCase =
    "SELECT MIN(opened_time) FROM fraud_case WHERE state = 'open'";

// An absent filter names its parameter all the same: PostgreSQL wants to know its type.
template <class E>
std::string NameOrEmpty(const std::optional<E>& value) {
  return value.has_value() ? std::string(domain::Name(*value)) : std::string();
}

}  // namespace

absl::StatusOr<std::vector<domain::FraudCase>> ReadCases(db::ReadTransaction& transaction,
                                                         const CaseFilter& filter,
                                                         const CasePlace& after,
                                                         int64_t limit) {
  const std::string sql = absl::StrCat(
      "SELECT ", FraudCaseTable::kColumns, " FROM fraud_case WHERE program_id = $1 AND ",
      filter.state.has_value() ? "state = $2" : "$2 = ''",
      " AND (opened_time, referral_id) > ($3, $4) ORDER BY opened_time, referral_id LIMIT $5");
  return ReadRows<FraudCaseTable>(transaction, sql,
                                  {filter.program_id, NameOrEmpty(filter.state),
                                   db::FromTime(after.opened_time), after.referral_id, limit});
}

absl::StatusOr<std::optional<absl::Time>> ReadOldestOpenCase(
    db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kOldestOpenCase));
  if (result.rows.empty()) return std::optional<absl::Time>();
  return result.rows.front().OptionalTime(0);
}

absl::StatusOr<std::vector<domain::Suspension>> ReadSuspensions(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& advocate_id, int64_t before, int64_t limit) {
  const std::string sql =
      absl::StrCat("SELECT ", SuspensionTable::kColumns,
                   " FROM suspension WHERE program_id = $1 AND advocate_id = $2 "
                   "AND sequence < $3 ORDER BY sequence DESC LIMIT $4");
  return ReadRows<SuspensionTable>(transaction, sql, {program_id, advocate_id, before, limit});
}

absl::StatusOr<std::vector<domain::Suspension>> ReadSuspended(db::ReadTransaction& transaction,
                                                              const std::string& program_id,
                                                              const std::string& after,
                                                              int64_t limit) {
  // Far fewer advocates were ever suspended than there are: the table of advocates has no
  // index of those who are.
  const std::string sql =
      absl::StrCat("SELECT ", SuspensionTable::kColumns,
                   " FROM suspension AS s WHERE program_id = $1 AND advocate_id > $2 "
                   "AND suspended = 1 AND NOT EXISTS (SELECT 1 FROM suspension AS later "
                   "WHERE later.program_id = s.program_id "
                   "AND later.advocate_id = s.advocate_id AND later.sequence > s.sequence) "
                   "ORDER BY advocate_id LIMIT $3");
  return ReadRows<SuspensionTable>(transaction, sql, {program_id, after, limit});
}

absl::StatusOr<std::vector<domain::BlockedIdentity>> ReadBlocklist(
    db::ReadTransaction& transaction, const BlocklistFilter& filter,
    const std::string& after_kind, const std::string& after_hash, int64_t limit) {
  const std::string sql =
      absl::StrCat("SELECT ", BlockedIdentityTable::kColumns,
                   " FROM blocked_identity WHERE program_id = $1 AND ",
                   filter.kind.has_value() ? "kind = $2" : "$2 = ''",
                   " AND (kind, hash) > ($3, $4) ORDER BY kind, hash LIMIT $5");
  return ReadRows<BlockedIdentityTable>(
      transaction, sql,
      {filter.program_id, NameOrEmpty(filter.kind), after_kind, db::Blob{after_hash}, limit});
}

absl::StatusOr<std::vector<domain::QualityTest>> ReadQualityTests(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& campaign, const std::string& after_campaign,
    const std::string& after_metric, int64_t limit) {
  const std::string sql = absl::StrCat(
      "SELECT ", QualityTestTable::kColumns, " FROM quality_test WHERE program_id = $1 AND ",
      campaign.empty() ? "$2 = '' AND (campaign, metric) > ($3, $4)"
                       : "campaign = $2 AND campaign >= $3 AND metric > $4",
      " ORDER BY campaign, metric LIMIT $5");
  return ReadRows<QualityTestTable>(
      transaction, sql, {program_id, campaign, after_campaign, after_metric, limit});
}

}  // namespace kith::referral::store
