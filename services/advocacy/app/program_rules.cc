#include "services/advocacy/app/program_rules.h"

#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {

void WantRules(exec::Loader& loader, const std::string& program_id) {
  loader.Want<store::ProgramTable>(program_id);
  loader.WantAll<store::PoliciesByProgram>(program_id);
}

Versions PeekRules(exec::Loader& loader, const std::string& program_id) {
  return loader.PeekAll<store::PoliciesByProgram>(program_id);
}

bool IsKnown(exec::Unit& unit, const std::string& program_id) {
  return unit.Find<store::ProgramTable>(program_id) != nullptr;
}

void MakeKnown(exec::Unit& unit, const std::string& program_id) {
  if (!IsKnown(unit, program_id)) unit.Put<store::ProgramTable>({program_id, 0});
}

Versions RulesOf(exec::Unit& unit, const std::string& program_id) {
  return unit.Select<store::PoliciesByProgram>(program_id);
}

}  // namespace kith::advocacy::app
