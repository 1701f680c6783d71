#include "services/retention/app/attribute_customer.h"

#include <utility>

#include "services/retention/app/save_customer.h"
#include "services/retention/store/tables.h"

namespace kith::retention::app {

void Prefetch(const Judgement& judgement, exec::Loader& loader) {
  loader.Want<store::ProgramTable>(judgement.program_id);
  loader.Want<store::CustomerTable>({judgement.program_id, judgement.customer_id});
}

void Apply(const Judgement& judgement, exec::Unit& unit) {
  if (unit.Find<store::ProgramTable>(judgement.program_id) == nullptr) {
    unit.Put<store::ProgramTable>({judgement.program_id, 0, {}});
  }
  const store::Program* program = unit.Find<store::ProgramTable>(judgement.program_id);
  if (program == nullptr) return;  // the store failed; the batch runs again
  const Customer* before =
      unit.Find<store::CustomerTable>({judgement.program_id, judgement.customer_id});
  Customer after;
  if (before != nullptr) {
    after = *before;
  } else {
    after.program_id = judgement.program_id;
    after.customer_id = judgement.customer_id;
  }
  retention::Apply(judgement.attribution, program->eras, after);
  if (before == nullptr || after != *before) SaveCustomer(unit, before, std::move(after));
}

}  // namespace kith::retention::app
