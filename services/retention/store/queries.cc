#include "services/retention/store/queries.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/retention/store/counters.h"

namespace kith::retention::store {
namespace {

constexpr absl::string_view kCustomerRevenue =
    "SELECT currency, amount_minor FROM customer_revenue "
    "WHERE program_id = $1 AND customer_id = $2 ORDER BY currency";
constexpr absl::string_view kProgramRevenue =
    "SELECT currency, amount_minor FROM program_revenue WHERE program_id = $1 "
    "ORDER BY currency";
constexpr absl::string_view kRevenueByChannel =
    "SELECT c.channel, r.currency, CAST(SUM(r.amount_minor) AS BIGINT) "
    "FROM customer_revenue r JOIN customer c "
    "ON c.program_id = r.program_id AND c.customer_id = r.customer_id "
    "WHERE r.program_id = $1 AND c.signup_at IS NOT NULL GROUP BY 1, 2";
constexpr absl::string_view kPopulationCounters =
    "SELECT measure, channel, day, total FROM counter "
    "WHERE program_id = $1 AND measure IN (1, 2) AND total <> 0";
constexpr absl::string_view kAllCounters =
    "SELECT measure, channel, day, total FROM counter WHERE program_id = $1 AND total <> 0";
constexpr absl::string_view kTotals =
    "SELECT measure, channel, 0, CAST(SUM(total) AS BIGINT) FROM counter "
    "WHERE program_id = $1 GROUP BY measure, channel";
constexpr absl::string_view kTotalsOfAll =
    "SELECT measure, '', 0, CAST(SUM(total) AS BIGINT) FROM counter GROUP BY measure";
constexpr absl::string_view kDeleteCounters = "DELETE FROM counter WHERE program_id = $1";
constexpr absl::string_view kTakeTurn = "UPDATE shard SET turn = turn + 1";

// 86400000000 microseconds are a day; divisions of BIGINT round towards 0.
constexpr absl::string_view kLate =
    "SELECT channel, "
    "CASE WHEN churn_at > signup_at THEN (churn_at - signup_at) / 86400000000 ELSE 0 END, "
    "CASE WHEN signup_at <= $2 THEN ($2 - signup_at) / 86400000000 ELSE -1 END, COUNT(*) "
    "FROM customer WHERE program_id = $1 AND closed_at > $2 GROUP BY 1, 2, 3";
constexpr absl::string_view kScan =
    "SELECT channel, CASE WHEN churn_at <= $2 THEN 1 ELSE 0 END, "
    "CASE WHEN churn_at <= $2 THEN "
    "CASE WHEN churn_at > signup_at THEN (churn_at - signup_at) / 86400000000 ELSE 0 END "
    "ELSE ($2 - signup_at) / 86400000000 END, COUNT(*) "
    "FROM customer WHERE program_id = $1 AND signup_at <= $2 GROUP BY 1, 2, 3";
// The measures are those of Contributions; the second part of each row says how many were
// onboarded and reached the success event.
constexpr absl::string_view kComputeCustomers =
    "SELECT channel, "
    "CASE WHEN signup_at IS NULL THEN 5 WHEN churn_at IS NULL THEN 1 ELSE 2 END, "
    "CASE WHEN signup_at IS NULL THEN 0 "
    "WHEN churn_at IS NULL AND signup_at > 0 THEN (signup_at + 86399999999) / 86400000000 "
    "WHEN churn_at IS NULL THEN signup_at / 86400000000 "
    "WHEN churn_at > signup_at THEN (churn_at - signup_at) / 86400000000 ELSE 0 END, "
    "COUNT(*), CAST(SUM(CASE WHEN onboarded_at IS NULL THEN 0 ELSE 1 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN aha_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) "
    "FROM customer WHERE program_id = $1 GROUP BY 1, 2, 3";
constexpr absl::string_view kComputeEvents =
    "SELECT COUNT(*) FROM lifecycle_event WHERE program_id = $1";

std::vector<Money> ToMoney(const db::Result& result) {
  std::vector<Money> revenue;
  for (const db::Row& row : result.rows) revenue.push_back({row.Int(1), row.Text(0)});
  return revenue;
}

Counters ToCounters(const db::Result& result) {
  Counters counters;
  for (const db::Row& row : result.rows) {
    counters[{static_cast<Measure>(row.Int(0)), row.Text(1), row.Int(2)}] = row.Int(3);
  }
  return counters;
}

std::vector<LateCustomers> ToLate(const db::Result& result) {
  std::vector<LateCustomers> late;
  for (const db::Row& row : result.rows) {
    late.push_back({row.Text(0), row.Int(1), row.Int(2), row.Int(3)});
  }
  return late;
}

}  // namespace

absl::StatusOr<std::optional<Program>> ReadProgram(db::ReadTransaction& transaction,
                                                   const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(ProgramTable::kSelect, {program_id}));
  if (result.rows.empty()) return std::nullopt;
  return ProgramTable::Decode(result.rows[0]);
}

absl::StatusOr<std::optional<StoredPolicy>> ReadPolicy(db::ReadTransaction& transaction,
                                                       const std::string& program_id,
                                                       int64_t version) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(PolicyTable::kSelect, {program_id, version}));
  if (result.rows.empty()) return std::nullopt;
  return PolicyTable::Decode(result.rows[0]);
}

absl::StatusOr<std::optional<CustomerWithRevenue>> ReadCustomer(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& customer_id) {
  const db::Params key{program_id, customer_id};
  const std::vector<db::Call> calls{{CustomerTable::kSelect, key}, {kCustomerRevenue, key}};
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  if (results[0].rows.empty()) return std::nullopt;
  return CustomerWithRevenue{CustomerTable::Decode(results[0].rows[0]), ToMoney(results[1])};
}

absl::StatusOr<std::vector<Money>> ReadRevenue(db::ReadTransaction& transaction,
                                               const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kProgramRevenue, {program_id}));
  return ToMoney(result);
}

absl::StatusOr<std::map<std::string, Revenue>> ReadRevenueByChannel(
    db::ReadTransaction& transaction, const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kRevenueByChannel, {program_id}));
  std::map<std::string, Revenue> revenue;
  for (const db::Row& row : result.rows) revenue[row.Text(0)][row.Text(1)] = row.Int(2);
  return revenue;
}

absl::StatusOr<TenuresByGroup> ReadPopulationAt(db::ReadTransaction& transaction,
                                                const std::string& program_id, int64_t day) {
  const std::vector<db::Call> calls{
      {kPopulationCounters, {program_id}},
      {kLate, {program_id, db::FromTime(DayStart(day))}},
  };
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  return PopulationAt(day, ToCounters(results[0]), ToLate(results[1]));
}

absl::StatusOr<TenuresByGroup> ScanPopulationAt(db::ReadTransaction& transaction,
                                                const std::string& program_id,
                                                absl::Time as_of) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kScan, {program_id, db::FromTime(as_of)}));
  TenuresByGroup groups;
  for (const db::Row& row : result.rows) {
    TenureCount& count = groups[row.Text(0)][row.Int(2)];
    (row.Bool(1) ? count.events : count.censored) += row.Int(3);
  }
  return groups;
}

absl::StatusOr<Counters> ReadTotals(db::ReadTransaction& transaction,
                                    const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kTotals, {program_id}));
  return ToCounters(result);
}

absl::StatusOr<Counters> ReadTotalsOfAll(db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kTotalsOfAll));
  return ToCounters(result);
}

absl::StatusOr<Counters> ReadCounters(db::ReadTransaction& transaction,
                                      const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kAllCounters, {program_id}));
  return ToCounters(result);
}

absl::StatusOr<Counters> ComputeCounters(db::ReadTransaction& transaction,
                                         const std::string& program_id) {
  const std::vector<db::Call> calls{{kComputeCustomers, {program_id}},
                                    {kComputeEvents, {program_id}}};
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  Counters counters;
  for (const db::Row& row : results[0].rows) {
    const auto measure = static_cast<Measure>(row.Int(1));
    const bool without_signup = measure == Measure::kWithoutSignup;
    counters[{measure, without_signup ? "" : row.Text(0), row.Int(2)}] += row.Int(3);
    if (without_signup) continue;
    counters[{Measure::kOnboarded, row.Text(0), 0}] += row.Int(4);
    counters[{Measure::kAhaReached, row.Text(0), 0}] += row.Int(5);
  }
  counters[{Measure::kEvents, "", 0}] = results[1].rows[0].Int(0);
  std::erase_if(counters, [](const auto& item) { return item.second == 0; });
  return counters;
}

absl::Status ReplaceCounters(db::WriteTransaction& transaction, const std::string& program_id,
                             const Counters& counters) {
  std::vector<db::Call> calls{{kDeleteCounters, {program_id}}};
  for (const auto& [key, total] : counters) {
    calls.push_back({ProgramCounter::kAdd, ProgramCounter::Encode({program_id, key}, total)});
  }
  return transaction.ExecuteMany(calls).status();
}

absl::Status TakeTurn(db::WriteTransaction& transaction) {
  return transaction.Execute(kTakeTurn).status();
}

}  // namespace kith::retention::store
