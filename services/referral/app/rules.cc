#include "services/referral/app/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "common/log/log.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/email.h"
#include "services/referral/store/program_tables.h"

namespace kith::referral::app {
namespace {

constexpr size_t kRemembered = 1000;

// Whether this process has not said so yet: what cannot be read is met by every command.
bool IsNews(const domain::ProgramVersion& version) {
  static absl::Mutex mutex;
  static auto* said = new absl::flat_hash_set<std::string>;
  const absl::MutexLock lock(&mutex);
  if (said->size() >= kRemembered) said->clear();
  return said
      ->insert(absl::StrCat(version.program.program_id, " ", version.version, " ",
                            version.unreadable))
      .second;
}

// Whether a rule of any version is like that; looked for once.
template <class Is>
bool AnyIs(const std::vector<const domain::ProgramVersion*>& versions, Is is,
           std::optional<bool>& known) {
  const auto has = [&](const auto& holder) {
    return std::any_of(holder.rewards.begin(), holder.rewards.end(), is);
  };
  if (!known.has_value()) {
    known = std::any_of(versions.begin(), versions.end(), [&](const auto* version) {
      const domain::Program& program = version->program;
      return has(program) ||
             std::any_of(program.campaigns.begin(), program.campaigns.end(), has);
    });
  }
  return *known;
}

}  // namespace

void Rules::Want(exec::Loader& loader, const std::string& program_id) {
  loader.WantAll<store::VersionsOfProgram>(program_id);
  loader.Want<store::ProgramKeyTable>(program_id);
}

Rules Rules::Peek(exec::Loader& loader, const std::string& program_id) {
  Rules rules;
  rules.versions_ = loader.PeekAll<store::VersionsOfProgram>(program_id);
  const auto* key = loader.Peek<store::ProgramKeyTable>(program_id);
  if (key != nullptr) rules.email_key_ = key->email_key;
  return rules;
}

absl::StatusOr<Rules> Rules::Load(exec::Unit& unit, const std::string& program_id) {
  Rules rules;
  rules.versions_ = unit.Select<store::VersionsOfProgram>(program_id);
  const auto* key = unit.Find<store::ProgramKeyTable>(program_id);
  if (rules.versions_.empty() || key == nullptr) {
    return ProgramNotFound(program_id);
  }
  KITH_RETURN_IF_ERROR(CheckReadable(rules.versions_));
  rules.email_key_ = key->email_key;
  return rules;
}

absl::Status Rules::CheckReadable(const std::vector<const domain::ProgramVersion*>& versions) {
  for (const domain::ProgramVersion* version : versions) {
    const absl::Status readable = domain::CheckReadable(*version);
    if (readable.ok()) continue;
    if (IsNews(*version)) {
      log::Write(log::Level::kError, "program_unreadable",
                 {{"program_id", version->program.program_id},
                  {"version", version->version},
                  {"cause", version->unreadable}});
    }
    return readable;
  }
  return absl::OkStatus();
}

const domain::ProgramVersion* Rules::Version(int64_t number) const {
  // Versions count from 1 without gaps.
  if (number < 1 || number > static_cast<int64_t>(versions_.size())) return nullptr;
  return versions_[number - 1];
}

bool Rules::AnyOverCounts() const {
  const auto is = [](const domain::RewardRule& rule) {
    return domain::IsOverCounts(rule.trigger);
  };
  return AnyIs(versions_, is, any_over_counts_);
}

bool Rules::AnyWaiting() const {
  const auto is = [](const domain::RewardRule& rule) { return !rule.release_event.empty(); };
  return AnyIs(versions_, is, any_waiting_);
}

absl::string_view Rules::CallingCode(absl::Time time) const {
  const domain::ProgramVersion* version = InForce(time);
  return version == nullptr ? absl::string_view()
                            : absl::string_view(version->program.default_calling_code);
}

std::string Rules::HashEmail(absl::string_view email) const {
  return email_key_.empty() ? std::string() : domain::HashEmail(email_key_, email);
}

}  // namespace kith::referral::app
