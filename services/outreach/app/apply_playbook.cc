#include "services/outreach/app/apply_playbook.h"

#include "common/base/status_macros.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

const PlaybookVersion* NewestOf(const std::vector<const PlaybookVersion*>& versions,
                                const Playbook& playbook) {
  for (const PlaybookVersion* version : versions) {
    if (version->playbook.playbook_id == playbook.playbook_id) return version;
  }
  return nullptr;
}

int64_t NumberOf(const PlaybookVersion* version) {
  return version == nullptr ? 0 : version->version;
}

}  // namespace

void ApplyPlaybook::Prefetch(exec::Loader& loader) const {
  loader.Want<ProgramTable>(playbook_.program_id);
  loader.WantAll<NewestPlaybooks>(playbook_.program_id);
  const auto versions = loader.PeekAll<NewestPlaybooks>(playbook_.program_id);
  loader.Want<PlaybookTable>({playbook_.program_id, playbook_.playbook_id,
                              NumberOf(NewestOf(versions, playbook_)) + 1});
}

absl::StatusOr<std::string> ApplyPlaybook::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Validate(playbook_));
  const auto versions = unit.Select<NewestPlaybooks>(playbook_.program_id);
  const PlaybookVersion* newest = NewestOf(versions, playbook_);
  if (newest == nullptr && versions.size() >= kMaxPlaybooks) {
    return MakeError(errors::kTooManyPlaybooks);
  }
  ApplyPlaybookResult result;
  result.version = NumberOf(newest);
  result.changed = newest == nullptr || !(newest->playbook == playbook_);
  result.differences = Differences(newest == nullptr ? nullptr : &newest->playbook, playbook_);
  if (result.changed) {
    ++result.version;
    if (!dry_run_) Store(newest, unit, now);
  }
  return encode_(result);
}

void ApplyPlaybook::Store(const PlaybookVersion* newest, exec::Unit& unit,
                          absl::Time now) const {
  if (unit.Find<ProgramTable>(playbook_.program_id) == nullptr) {
    unit.Put<ProgramTable>({playbook_.program_id, now});
  }
  const int64_t number = NumberOf(newest) + 1;
  if (newest != nullptr) {
    // First, because the store allows one newest version at any moment.
    PlaybookVersion older = *newest;
    older.newest = false;
    unit.Put<PlaybookTable>(std::move(older));
  }
  unit.Put<PlaybookTable>({playbook_, number, now, true});
}

}  // namespace kith::outreach
