#include "services/referral/store/decision_tables.h"

#include <utility>

#include "common/base/status_macros.h"

namespace kith::referral::store {

absl::StatusOr<std::map<std::string, Decision>> ReadDecisions(
    db::ReadTransaction& transaction, const std::string& program_id, absl::string_view kind,
    const std::vector<std::string>& subject_ids) {
  std::map<std::string, Decision> decisions;
  std::vector<db::Call> calls;
  for (const std::string& subject_id : subject_ids) {
    calls.push_back({DecisionTable::kSelect, {program_id, std::string(kind), subject_id}});
  }
  if (calls.empty()) return decisions;
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, transaction.QueryMany(calls));
  for (const db::Result& result : results) {
    for (const db::Row& row : result.rows) {
      Decision decision = DecisionTable::Decode(row);
      decisions[decision.subject_id] = std::move(decision);
    }
  }
  return decisions;
}

}  // namespace kith::referral::store
