#include "clients/cli/commands/in_force.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/program.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

absl::StatusOr<GetProgramResponse> ReadVersion(Env& env, const std::string& program_id,
                                               int64_t version) {
  GetProgramRequest request;
  request.set_program_id(program_id);
  request.set_version(version);
  return Ask<GetProgramResponse>(env.caller, Target::kReferral, request);
}

}  // namespace

absl::StatusOr<InForce> FindInForce(Env& env, GetProgramResponse newest) {
  const Program& program = newest.program();
  const std::string& program_id = program.program_id();
  const bool planned = program.has_effective_time() &&
                       FromTimestamp(program.effective_time()) > env.clock.Now();
  if (!planned) return InForce{std::move(newest), ""};
  InForce found;
  found.plan = absl::StrCat("version ", newest.version(), " is planned from ",
                            TimeOr(true, program.effective_time(), ""));
  ListProgramVersionsRequest request;
  request.set_program_id(program_id);
  KITH_ASSIGN_OR_RETURN(const auto versions,
                        ReadPages<ListProgramVersionsResponse>(env, request));
  for (const ProgramVersionSummary& version : versions.versions()) {
    if (!version.in_force()) continue;
    KITH_ASSIGN_OR_RETURN(found.stored, ReadVersion(env, program_id, version.version()));
    return found;
  }
  found.stored = std::move(newest);
  return found;
}

absl::StatusOr<InForce> ReadInForce(Env& env, const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(auto newest, ReadVersion(env, program_id, /*version=*/0));
  newest.mutable_program()->set_program_id(program_id);
  return FindInForce(env, std::move(newest));
}

void NotePlan(Env& env, absl::string_view program_id, absl::string_view plan) {
  if (plan.empty()) return;
  env.out.flush();
  env.err << "kith: note: " << Printable(program_id) << ": " << plan << '\n';
}

}  // namespace kith::cli
