#include "services/referral/app/operations_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/cap.h"
#include "services/referral/store/due_tables.h"
#include "services/referral/store/fraud_queries.h"
#include "services/referral/store/queries.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

constexpr int64_t kProgramsAtOnce = 200;

struct Budget {
  std::string program_id;
  std::string currency;
  domain::CapKey key;
  int64_t max_minor = 0;
};

void AddBudgets(const domain::Program& program, const std::vector<domain::CapInForce>& caps,
                std::vector<Budget>& budgets) {
  for (const domain::CapInForce& cap : caps) {
    const bool is_budget =
        cap.cap.scope == domain::CapScope::kProgram && cap.cap.max_minor.has_value();
    if (!is_budget) continue;
    budgets.push_back({program.program_id, program.currency, cap.key, *cap.cap.max_minor});
  }
}

void AddBudgets(const domain::Program& program, absl::Time now, std::vector<Budget>& budgets) {
  AddBudgets(program, domain::CapsOfProgram(program, "", now), budgets);
  for (const domain::Campaign& campaign : program.campaigns) {
    if (!domain::SeasonAt(campaign, now, domain::ZoneOf(program)).has_value()) continue;
    AddBudgets(program, domain::CapsOfCampaign(program, campaign, "", now), budgets);
  }
}

// Those of a program follow each other.
void AddLeft(const Budget& budget, int64_t left, Budgets& sums) {
  if (sums.left.empty() || sums.left.back().program_id != budget.program_id) {
    sums.left.push_back({budget.program_id, budget.currency, 0});
  }
  sums.left.back().minor += left;
}

absl::Status Sum(db::ReadTransaction& transaction, const std::vector<Budget>& budgets,
                 Budgets& sums) {
  std::vector<db::Call> calls;
  for (const Budget& budget : budgets) {
    const auto key = store::CapUseTable::ToKey(budget.program_id, budget.key);
    calls.push_back({store::CapUseTable::kSelect, store::CapUseTable::KeyParams(key)});
  }
  if (calls.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  for (size_t i = 0; i < budgets.size(); ++i) {
    int64_t left = budgets[i].max_minor;
    if (!results[i].rows.empty()) {
      left -= store::CapUseTable::Decode(results[i].rows.front()).count.minor;
    }
    left = std::max<int64_t>(left, 0);
    AddLeft(budgets[i], left, sums);
    if (left == 0) ++sums.used_up;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Operations> OperationsReader::Read(absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  Operations operations;
  KITH_ASSIGN_OR_RETURN(const auto counters, store::ReadTotals(*transaction));
  for (const auto& [name, value] : counters) operations.counters[name] = value;
  KITH_ASSIGN_OR_RETURN(const auto liabilities, store::ReadLiabilities(*transaction));
  for (const store::Liability& owed : liabilities) {
    operations.liabilities.push_back({owed.program_id, owed.currency, owed.minor});
  }
  KITH_ASSIGN_OR_RETURN(const absl::Time first, store::ReadFirstDueTime(*transaction));
  if (first != absl::InfiniteFuture()) operations.first_due_time = first;
  KITH_ASSIGN_OR_RETURN(operations.oldest_open_case_time,
                        store::ReadOldestOpenCase(*transaction));
  return operations;
}

absl::StatusOr<Budgets> OperationsReader::ReadBudgets(absl::Time now,
                                                      absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  Budgets sums;
  std::string after;
  while (true) {
    KITH_ASSIGN_OR_RETURN(const std::vector<domain::ProgramVersion> programs,
                          store::ReadPrograms(*transaction, after, kProgramsAtOnce));
    std::vector<Budget> budgets;
    for (const auto& version : programs) {
      // Whoever asks for that program is told; the others have their figures.
      if (!domain::CheckReadable(version).ok()) continue;
      AddBudgets(version.program, now, budgets);
    }
    KITH_RETURN_IF_ERROR(Sum(*transaction, budgets, sums));
    if (static_cast<int64_t>(programs.size()) < kProgramsAtOnce) break;
    after = programs.back().program.program_id;
  }
  std::stable_sort(
      sums.left.begin(), sums.left.end(),
      [](const ProgramAmount& a, const ProgramAmount& b) { return a.minor < b.minor; });
  return sums;
}

}  // namespace kith::referral::app
