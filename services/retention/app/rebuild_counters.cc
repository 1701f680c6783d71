#include "services/retention/app/rebuild_counters.h"

#include "common/base/status_macros.h"
#include "services/retention/store/queries.h"

namespace kith::retention::app {
namespace {

int64_t Differences(const Counters& stored, const Counters& computed) {
  int64_t differences = 0;
  for (const auto& [key, total] : computed) {
    const auto it = stored.find(key);
    if (it == stored.end() || it->second != total) ++differences;
  }
  for (const auto& [key, total] : stored) differences += computed.contains(key) ? 0 : 1;
  return differences;
}

}  // namespace

absl::StatusOr<int64_t> CompareCounters(db::Database& database, const std::string& program_id,
                                        absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const Counters stored, store::ReadCounters(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const Counters computed,
                        store::ComputeCounters(*transaction, program_id));
  return Differences(stored, computed);
}

absl::StatusOr<int64_t> RebuildCounters(db::Database& database, const std::string& program_id,
                                        absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database.BeginWrite(deadline));
  KITH_RETURN_IF_ERROR(store::TakeTurn(*transaction));
  KITH_ASSIGN_OR_RETURN(const Counters stored, store::ReadCounters(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const Counters computed,
                        store::ComputeCounters(*transaction, program_id));
  const int64_t differences = Differences(stored, computed);
  if (differences == 0) return 0;
  KITH_RETURN_IF_ERROR(store::ReplaceCounters(*transaction, program_id, computed));
  KITH_RETURN_IF_ERROR(transaction->Commit());
  return differences;
}

}  // namespace kith::retention::app
