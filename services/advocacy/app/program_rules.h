// The rules of the program that a command is about.
#ifndef KITH_SERVICES_ADVOCACY_APP_PROGRAM_RULES_H_
#define KITH_SERVICES_ADVOCACY_APP_PROGRAM_RULES_H_

#include <string>
#include <vector>

#include "common/executor/unit.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::app {

using Versions = std::vector<const domain::PolicyVersion*>;  // rising; empty: the defaults

// Wants the program and all versions of its policy.
void WantRules(exec::Loader& loader, const std::string& program_id);
// What is loaded of the versions.
Versions PeekRules(exec::Loader& loader, const std::string& program_id);

// Whether a policy was applied or a fact came for the program.
bool IsKnown(exec::Unit& unit, const std::string& program_id);
// Makes it known.
void MakeKnown(exec::Unit& unit, const std::string& program_id);
// The versions; valid until one is put.
Versions RulesOf(exec::Unit& unit, const std::string& program_id);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_PROGRAM_RULES_H_
