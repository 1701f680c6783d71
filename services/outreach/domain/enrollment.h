// Starting a playbook, and ending it.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_ENROLLMENT_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_ENROLLMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// A fact that may start playbooks.
struct TriggerFact {
  Trigger trigger = Trigger::kNone;
  std::string contact_id;
  std::string subject_id;
  std::string referral_id;  // the referral it is about, if any
  absl::Time time;
};

// A playbook just started: one message a step, in the order of the steps.
struct Started {
  Enrollment enrollment;
  std::vector<Message> messages;
};
// Starts a version of a playbook for `contact`. Times in the past are kept as they are: such
// a message is due at once, and max_lateness says whether that is too late.
Started StartPlaybook(const PlaybookVersion& version, const Contact& contact,
                      const TriggerFact& fact);

// Whether a milestone may still end it, or change the reason for which it ended.
bool IsEndable(const Enrollment& enrollment);

// Whether it is about its contact as a customer, and not about a referral of theirs. An
// advocate who becomes a customer still waits to hear of their referrals.
bool IsAboutContact(const Enrollment& enrollment);

// What is known, from facts in any order, that may end a playbook.
struct Milestones {
  bool converted = false;  // the enrollment's referral, or the contact that it is about
  std::optional<absl::Time> churn_time;  // the contact's latest
};
// Why an enrollment must end, if it must: `converted` once its referral, or the contact
// that it is about, has converted, whenever that was; `churned` when the contact left at its
// trigger's time or later (who left before and came back is served). The answer does not
// depend on the order in which the facts arrive.
std::optional<absl::string_view> EndedBy(const Enrollment& enrollment,
                                         const Milestones& milestones);

// The message after its contact's zone changed: one that still waits for the time of its plan
// gets its due time by the new zone, as if the zone had been known at the start.
Message Rezoned(Message message, const Playbook& playbook, absl::string_view old_zone,
                absl::string_view new_zone);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_ENROLLMENT_H_
