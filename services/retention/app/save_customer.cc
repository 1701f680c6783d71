#include "services/retention/app/save_customer.h"

#include <string>
#include <utility>
#include <vector>

#include "services/retention/app/facts.h"
#include "services/retention/store/counters.h"
#include "services/retention/store/tables.h"

namespace kith::retention::app {
namespace {

void Count(exec::Unit& unit, const std::string& program_id,
           const std::vector<CounterKey>& keys, int64_t delta) {
  for (const CounterKey& key : keys) {
    unit.Count<store::ProgramCounter>({program_id, key}, delta);
  }
}

}  // namespace

void SaveCustomer(exec::Unit& unit, const Customer* before, Customer after) {
  std::vector<CounterKey> old_keys;
  if (before != nullptr) old_keys = Contributions(*before);
  const std::vector<CounterKey> new_keys = Contributions(after);
  if (old_keys != new_keys) {
    Count(unit, after.program_id, old_keys, -1);
    Count(unit, after.program_id, new_keys, +1);
  }
  const Customer none;
  for (const Transition& transition : Transitions(before != nullptr ? *before : none, after)) {
    EmitTransition(unit, after, transition);
  }
  unit.Put<store::CustomerTable>(std::move(after));
}

}  // namespace kith::retention::app
