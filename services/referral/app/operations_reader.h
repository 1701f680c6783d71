// How the whole service is doing, over all programs: what the gauges show.
#ifndef KITH_SERVICES_REFERRAL_APP_OPERATIONS_READER_H_
#define KITH_SERVICES_REFERRAL_APP_OPERATIONS_READER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::referral::app {

// Of a program, in minor units of its currency.
struct ProgramAmount {
  std::string program_id;
  std::string currency;
  int64_t minor = 0;
};

struct Operations {
  std::map<std::string, int64_t> counters;          // by name, see store/summary.h; if not 0
  std::vector<ProgramAmount> liabilities;           // rewards owed, the largest first
  std::optional<absl::Time> first_due_time;         // of all due work
  std::optional<absl::Time> oldest_open_case_time;  // of all fraud cases that nobody decided
};

// What the caps in minor units over everybody (budgets) of the newest programs and of their
// running campaigns have left.
struct Budgets {
  std::vector<ProgramAmount> left;  // of all budgets of a program together, the least first
  int64_t used_up = 0;              // budgets with nothing left
};

// Thread-safe. Errors are those of the store.
class OperationsReader {
 public:
  // `database` must outlive it.
  explicit OperationsReader(db::Database& database) : database_(database) {}

  // From counters and the first entries of indexes.
  absl::StatusOr<Operations> Read(absl::Time deadline) const;
  // Looks at the newest version of each program and at one row for each budget.
  absl::StatusOr<Budgets> ReadBudgets(absl::Time now, absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_OPERATIONS_READER_H_
