#include "services/referral/store/queries.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/page_of.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kNewestProgram =
    "SELECT program_id, version, effective_time, content FROM program_version "
    "WHERE program_id = $1 ORDER BY version DESC LIMIT 1";
constexpr absl::string_view kNewestPrograms =
    "SELECT p.program_id, p.version, p.effective_time, p.content FROM program_version p "
    "WHERE p.program_id > $1 AND p.version = "
    "(SELECT MAX(n.version) FROM program_version n WHERE n.program_id = p.program_id) "
    "ORDER BY p.program_id LIMIT $2";
constexpr absl::string_view kSummary =
    "SELECT name, value FROM summary WHERE program_id = $1 ORDER BY name";
constexpr absl::string_view kTotals =
    "SELECT name, CAST(SUM(value) AS BIGINT) FROM summary GROUP BY name ORDER BY name";
// '0' follows the slash.
constexpr absl::string_view kLiabilities =
    "SELECT program_id, name, value FROM summary "
    "WHERE name >= 'balance/liability:rewards/' AND name < 'balance/liability:rewards0' "
    "ORDER BY value DESC, program_id, name";
constexpr absl::string_view kTreeDepth =
    "WITH RECURSIVE chain (customer_id, depth) AS ("
    "SELECT c.customer_id, CAST(1 AS BIGINT) FROM customer c "
    "LEFT JOIN customer r ON r.program_id = c.program_id "
    "AND r.customer_id = c.advocate_id AND r.advocate_id <> '' "
    "WHERE c.program_id = $1 AND c.advocate_id <> '' AND r.customer_id IS NULL "
    "UNION ALL "
    "SELECT c.customer_id, chain.depth + 1 FROM chain JOIN customer c "
    "ON c.program_id = $1 AND c.advocate_id = chain.customer_id AND c.advocate_id <> '') "
    "SELECT COALESCE(MAX(depth), 0) FROM chain";

absl::StatusOr<Counters> ReadCounters(db::ReadTransaction& transaction, absl::string_view sql,
                                      db::Params params) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(sql, std::move(params)));
  Counters counters;
  for (const db::Row& row : result.rows) counters.emplace_back(row.Text(0), row.Int(1));
  return counters;
}

template <class E>
std::string NameOrEmpty(const std::optional<E>& value) {
  return value.has_value() ? std::string(domain::Name(*value)) : std::string();
}

}  // namespace

absl::StatusOr<std::optional<domain::ProgramVersion>> ReadProgram(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t version) {
  if (version == 0) {
    return ReadRow<ProgramVersionTable>(transaction, kNewestProgram, {program_id});
  }
  return ReadRow<ProgramVersionTable>(transaction, ProgramVersionTable::kSelect,
                                      {program_id, version});
}

absl::StatusOr<std::vector<domain::ProgramVersion>> ReadPrograms(
    db::ReadTransaction& transaction, const std::string& after, int64_t limit) {
  return ReadRowsUnchecked<ProgramVersionTable>(transaction, kNewestPrograms, {after, limit});
}

absl::StatusOr<std::optional<domain::Advocate>> ReadAdvocate(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& advocate_id) {
  return ReadRow<AdvocateTable>(transaction, AdvocateTable::kSelect,
                                {program_id, advocate_id});
}

absl::StatusOr<std::optional<domain::Referral>> ReadReferral(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& referral_id) {
  return ReadRow<ReferralTable>(transaction, ReferralTable::kSelect,
                                {program_id, referral_id});
}

absl::StatusOr<std::vector<domain::Referral>> ReadReferrals(db::ReadTransaction& transaction,
                                                            const ReferralFilter& filter,
                                                            const std::string& after,
                                                            int64_t limit) {
  const bool of_anybody = filter.advocate_id.empty();
  const std::string sql = absl::StrCat(
      "SELECT ", ReferralTable::kColumns, " FROM referral WHERE program_id = $1 AND ",
      of_anybody ? "$2 = '' AND referral_id > $4" : PageOf("advocate_id", "$2", "$4"),
      " AND ($3 = '' OR state = $3) ORDER BY ",
      of_anybody ? "referral_id" : "advocate_id, referral_id", " LIMIT $5");
  return ReadRows<ReferralTable>(
      transaction, sql,
      {filter.program_id, filter.advocate_id, NameOrEmpty(filter.state), after, limit});
}

absl::StatusOr<Counters> ReadSummary(db::ReadTransaction& transaction,
                                     const std::string& program_id) {
  return ReadCounters(transaction, kSummary, {program_id});
}

absl::StatusOr<Counters> ReadTotals(db::ReadTransaction& transaction) {
  return ReadCounters(transaction, kTotals, {});
}

absl::StatusOr<std::vector<Liability>> ReadLiabilities(db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kLiabilities, {}));
  std::vector<Liability> liabilities;
  for (const db::Row& row : result.rows) {
    const std::string& name = row.Text(1);
    liabilities.push_back({row.Text(0), name.substr(name.rfind('/') + 1), row.Int(2)});
  }
  return liabilities;
}

absl::StatusOr<int64_t> ReadTreeDepth(db::ReadTransaction& transaction,
                                      const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kTreeDepth, {program_id}));
  return result.rows.empty() ? 0 : result.rows[0].Int(0);
}

}  // namespace kith::referral::store
