#include "services/referral/app/apply_program.h"

#include <utility>

#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/planned_versions.h"
#include "services/referral/store/program_tables.h"

namespace kith::referral::app {
namespace {

constexpr size_t kEmailKeyBytes = 32;

std::string TimeText(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::FormatTime(*time, absl::UTCTimeZone()) : std::string();
}

}  // namespace

ApplyProgram::ApplyProgram(Request request, Encoder<Response> encode)
    : request_(std::move(request)),
      encode_(std::move(encode)),
      email_key_(RandomBytes(kEmailKeyBytes)) {}

void ApplyProgram::Prefetch(exec::Loader& loader) const {
  const std::string& program_id = request_.program.program_id;
  Rules::Want(loader, program_id);
  const auto* newest = Rules::Peek(loader, program_id).Newest();
  loader.Want<store::ProgramVersionTable>(
      {program_id, newest == nullptr ? 1 : newest->version + 1});
}

absl::StatusOr<std::string> ApplyProgram::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(domain::ValidateProgram(request_.program));
  const auto versions = unit.Select<store::VersionsOfProgram>(request_.program.program_id);
  KITH_RETURN_IF_ERROR(Rules::CheckReadable(versions));
  const domain::ProgramVersion* newest = versions.empty() ? nullptr : versions.back();
  KITH_RETURN_IF_ERROR(domain::CheckCurrency(newest, request_.program));
  Response response;
  response.version = newest == nullptr ? 0 : newest->version;
  response.differences = DifferencesFrom(newest);
  response.changed = !response.differences.empty();
  if (response.changed) {
    ++response.version;
    KITH_ASSIGN_OR_RETURN(const auto effective_time,
                          domain::TimeOfNext(versions, request_.effective_time, now));
    if (newest != nullptr && *effective_time < now) {
      response.backdated = {*effective_time, now};
    }
    if (effective_time.has_value()) {
      response.withdrawn = domain::WithdrawnBy(versions, *effective_time, now);
    }
    if (!request_.dry_run) {
      Store(unit, {request_.program, response.version, effective_time});
    }
  }
  return encode_(response);
}

std::vector<domain::FieldChange> ApplyProgram::DifferencesFrom(
    const domain::ProgramVersion* newest) const {
  std::vector<domain::FieldChange> differences =
      domain::Differences(newest == nullptr ? nullptr : &newest->program, request_.program);
  // An absent time asks for nothing: the same file applied again changes nothing.
  const std::string wanted = TimeText(request_.effective_time);
  const std::string stored = newest == nullptr ? "" : TimeText(newest->effective_time);
  if (!wanted.empty() && wanted != stored) {
    differences.push_back({"effective_time", stored, wanted});
  }
  return differences;
}

void ApplyProgram::Store(exec::Unit& unit, domain::ProgramVersion version) const {
  const std::string program_id = version.program.program_id;
  if (version.version == 1) unit.Put<store::ProgramKeyTable>({program_id, email_key_});
  unit.Put<store::ProgramVersionTable>(std::move(version));
}

}  // namespace kith::referral::app
