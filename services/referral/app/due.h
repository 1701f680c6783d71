// Work that is due at a time. What is due is derived from rows: commands schedule and
// unschedule with the rows that it is about, and a job (jobs/due_work.h) of any replica has it
// done. Doing it looks at the rows again, so that a stale entry does nothing.
#ifndef KITH_SERVICES_REFERRAL_APP_DUE_H_
#define KITH_SERVICES_REFERRAL_APP_DUE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"

namespace kith::referral::app {

enum class DueKind {
  kFollowUp,         // subject: a referral whose first contact is due
  kRewardAvailable,  // subject: a reward whose holding period ends
  kRewardExpiry,     // subject: a reward that expires
  kRetained,         // subject: a referral; its next retained-N-days rules
  kLease,            // subject: a reward whose provider's lease ends
  kOutcome           // subject: a referral and a time in which it converts or not (quality.h)
};

// As the store keeps it: `follow_up`, …
absl::string_view Name(DueKind kind);
// The reverse; nullopt for a kind that only a newer version knows.
std::optional<DueKind> ParseDueKind(absl::string_view name);

// Puts or moves the entry of that kind and subject; there is at most one.
void Schedule(exec::Unit& unit, const std::string& program_id, DueKind kind,
              const std::string& subject_id, absl::Time time);
void Unschedule(exec::Unit& unit, const std::string& program_id, DueKind kind,
                const std::string& subject_id);
// Whether there is an entry.
bool IsScheduled(exec::Unit& unit, const std::string& program_id, DueKind kind,
                 const std::string& subject_id);
void WantDue(exec::Loader& loader, const std::string& program_id, DueKind kind,
             const std::string& subject_id);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_DUE_H_
