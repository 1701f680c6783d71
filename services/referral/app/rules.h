// The rules of a program as a command sees them.
#ifndef KITH_SERVICES_REFERRAL_APP_RULES_H_
#define KITH_SERVICES_REFERRAL_APP_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/program.h"

namespace kith::referral::app {

// All versions of one program and the key of its mail address hashes. Points into the unit;
// valid until the program is changed there.
class Rules {
 public:
  // Wants what the rules are made of.
  static void Want(exec::Loader& loader, const std::string& program_id);
  // The rules as far as they are loaded, for Prefetch: possibly empty.
  static Rules Peek(exec::Loader& loader, const std::string& program_id);
  // The rules; PROGRAM_NOT_FOUND, or PROGRAM_UNREADABLE, which is logged once a process,
  // when this binary does not know what one of the versions says.
  static absl::StatusOr<Rules> Load(exec::Unit& unit, const std::string& program_id);

  // Whether all versions that are loaded can be read, as Load checks it.
  static absl::Status CheckReadable(
      const std::vector<const domain::ProgramVersion*>& versions);

  // The version in force at `time`, or nullptr.
  const domain::ProgramVersion* InForce(absl::Time time) const {
    return domain::VersionInForce(versions_, time);
  }
  // Its program, or nullptr.
  const domain::Program* ProgramInForce(absl::Time time) const {
    return domain::ProgramInForce(versions_, time);
  }
  // All versions, oldest first.
  const std::vector<const domain::ProgramVersion*>& versions() const { return versions_; }
  // A version by its number, or nullptr (0 is none).
  const domain::ProgramVersion* Version(int64_t number) const;
  // The newest version, or nullptr.
  const domain::ProgramVersion* Newest() const {
    return versions_.empty() ? nullptr : versions_.back();
  }
  // Whether any rule of any version is over counts, or waits for an event, so that rewards
  // have to be looked at. Found out once.
  bool AnyOverCounts() const;
  bool AnyWaiting() const;
  // The calling code of phone numbers that were given at `time` without one; may be empty.
  absl::string_view CallingCode(absl::Time time) const;
  // The program's key of hashes and seals; empty while it is not loaded.
  absl::string_view key() const { return email_key_; }
  // The keyed hash of a mail address; empty for no address or while the key is not loaded.
  std::string HashEmail(absl::string_view email) const;

 private:
  std::vector<const domain::ProgramVersion*> versions_;
  absl::string_view email_key_;
  mutable std::optional<bool> any_over_counts_;
  mutable std::optional<bool> any_waiting_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RULES_H_
