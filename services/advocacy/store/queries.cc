#include "services/advocacy/store/queries.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::store {
namespace {

constexpr absl::string_view kSelectNewestPolicy =
    "SELECT program_id, version, effective_at, content FROM scoring_policy "
    "WHERE program_id = $1 ORDER BY version DESC LIMIT 1";
constexpr absl::string_view kSelectBySuccesses =
    "SELECT successes, advocates FROM advocates_by_successes "
    "WHERE program_id = $1 AND advocates > 0 ORDER BY successes";
constexpr absl::string_view kSelectByPoints =
    "SELECT points, advocates FROM advocates_by_points "
    "WHERE program_id = $1 AND advocates > 0 ORDER BY points";
constexpr absl::string_view kSumActivities =
    "SELECT CAST(COALESCE(SUM(activities), 0) AS BIGINT) FROM activities_by_behaviour "
    "WHERE program_id = $1";
constexpr absl::string_view kListAdvocates =
    "SELECT program_id, advocate_id, points, successes, activities, tier, enrolled_at "
    "FROM advocate WHERE program_id = $1 AND advocate_id > $2 "
    "AND points >= $3 AND points <= $4 AND successes >= $5 AND successes <= $6 "
    "ORDER BY advocate_id LIMIT $7";
constexpr absl::string_view kCountPrograms = "SELECT COUNT(*) FROM program";
constexpr absl::string_view kSumSuccesses =
    "SELECT CAST(COALESCE(SUM(advocates), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(advocates * successes), 0) AS BIGINT) FROM advocates_by_successes";
constexpr absl::string_view kSumPoints =
    "SELECT CAST(COALESCE(SUM(advocates * points), 0) AS BIGINT) FROM advocates_by_points";
constexpr absl::string_view kSumAllActivities =
    "SELECT CAST(COALESCE(SUM(activities), 0) AS BIGINT) FROM activities_by_behaviour";

// The first row of a table's SELECT, if any.
template <class Table>
absl::StatusOr<std::optional<typename Table::Row>> ReadOne(db::ReadTransaction& transaction,
                                                           const typename Table::Key& key) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(Table::kSelect, Table::KeyParams(key)));
  std::optional<typename Table::Row> row;
  if (!result.rows.empty()) row = Table::Decode(result.rows.front());
  return row;
}

}  // namespace

absl::StatusOr<Overview> ReadOverview(db::ReadTransaction& transaction,
                                      const std::string& program_id) {
  const std::vector<db::Call> calls = {{ProgramTable::kSelect, {program_id}},
                                       {kSelectNewestPolicy, {program_id}},
                                       {kSelectBySuccesses, {program_id}}};
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, transaction.QueryMany(calls));
  Overview overview;
  overview.known = !results[0].rows.empty();
  if (!results[1].rows.empty()) overview.newest = PolicyTable::Decode(results[1].rows[0]);
  for (const db::Row& row : results[2].rows) {
    overview.successes.push_back({row.Int(0), row.Int(1)});
  }
  return overview;
}

absl::StatusOr<std::optional<domain::PolicyVersion>> ReadPolicy(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t version) {
  return ReadOne<PolicyTable>(transaction, {program_id, version});
}

absl::StatusOr<std::optional<domain::Advocate>> ReadAdvocate(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& advocate_id) {
  return ReadOne<AdvocateTable>(transaction, {program_id, advocate_id});
}

absl::StatusOr<std::vector<domain::Advocate>> ListAdvocates(db::ReadTransaction& transaction,
                                                            const AdvocateFilter& filter,
                                                            const std::string& after,
                                                            int64_t limit) {
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      transaction.Query(kListAdvocates,
                        {filter.program_id, after, filter.points.min, filter.points.max,
                         filter.successes.min, filter.successes.max, limit}));
  std::vector<domain::Advocate> advocates;
  for (const db::Row& row : result.rows) advocates.push_back(AdvocateTable::Decode(row));
  return advocates;
}

absl::StatusOr<Totals> ReadTotals(db::ReadTransaction& transaction,
                                  const std::string& program_id) {
  const std::vector<db::Call> calls = {{kSelectByPoints, {program_id}},
                                       {kSumActivities, {program_id}}};
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, transaction.QueryMany(calls));
  Totals totals;
  for (const db::Row& row : results[0].rows) {
    totals.points.push_back({row.Int(0), row.Int(1)});
  }
  totals.activities = results[1].rows[0].Int(0);
  return totals;
}

absl::StatusOr<ServiceTotals> ReadServiceTotals(db::ReadTransaction& transaction) {
  const std::vector<db::Call> calls = {
      {kCountPrograms, {}}, {kSumSuccesses, {}}, {kSumPoints, {}}, {kSumAllActivities, {}}};
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, transaction.QueryMany(calls));
  return ServiceTotals{.programs = results[0].rows[0].Int(0),
                       .advocates = results[1].rows[0].Int(0),
                       .successes = results[1].rows[0].Int(1),
                       .activities = results[3].rows[0].Int(0),
                       .points = results[2].rows[0].Int(0)};
}

}  // namespace kith::advocacy::store
