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
  std::string conversion_id = {};  // the conversion that it is, if it is one
  int64_t life = 0;                // see Enrollment
};

// The life of a customer that a churn at `churn_time` ended, as Enrollment counts them;
// `return_time` is the latest return that is known. nullopt when the customer has come back
// since: then the churn is old news and starts nothing.
std::optional<int64_t> LifeEndedAt(absl::Time churn_time,
                                   std::optional<absl::Time> return_time);

// A playbook just started: one message a step, in the order of the steps.
struct Started {
  Enrollment enrollment;
  std::vector<Message> messages;
};
// Starts a version of a playbook for `contact`. Times in the past are kept as they are: such
// a message is due at once, and max_lateness says whether that is too late.
Started StartPlaybook(const PlaybookVersion& version, const Contact& contact,
                      const TriggerFact& fact);

// Whether a conversion, a churn or a return may still end it, or change the reason for which
// it ended.
bool IsEndable(const Enrollment& enrollment);
// Whether the reversal of the conversion that started it may still end it.
bool IsReversible(const Enrollment& enrollment);

// Whether the attribution of its contact to a referrer started it, and the withdrawal of that
// may still end it.
bool IsWithdrawable(const Enrollment& enrollment);
// Whether what has ended it may turn out otherwise: a conversion that takes the place of one
// that was reversed, or another attribution, goes on with it.
bool IsTakenBack(const Enrollment& enrollment);

// Whether it is about its contact as a customer, and not about a referral of theirs. An
// advocate who becomes a customer still waits to hear of their referrals.
bool IsAboutContact(const Enrollment& enrollment);

// What is known, from facts in any order, that may end a playbook.
struct Milestones {
  bool converted = false;  // the enrollment's referral, or the contact that it is about
  std::optional<absl::Time> churn_time = std::nullopt;   // the contact's latest
  bool reversed = false;                                 // the conversion that started it
  std::optional<absl::Time> return_time = std::nullopt;  // the contact's latest
};
// Why an enrollment must end, if it must: `converted` once its referral, or the contact
// that it is about, has converted, whenever that was (what a conversion has ended stays ended
// when it is reversed); `conversion_reversed` when the conversion that started it was
// reversed; `unattributed` while its attribution is withdrawn; `churned` when the contact left
// at its trigger's time or later (who left before and came back is served); `returned` when a
// churn started it and the contact came back later. The answer does not depend on the order in
// which the facts arrive.
std::optional<absl::string_view> EndedBy(const Enrollment& enrollment,
                                         const Milestones& milestones);

// The enrollment, which was taken back, started again by the conversion or the attribution in
// the place of its own.
Enrollment Restarted(Enrollment enrollment, const TriggerFact& fact);
// Its message, planned by `fact` if it was taken back. What was sent is not sent
// again, and what was skipped or given up for other reasons stays so.
Message Restarted(Message message, const Playbook& playbook, const Contact& contact,
                  const TriggerFact& fact);

// The message after its contact's zone changed: one that still waits for the time of its plan
// gets its due time by the new zone, as if the zone had been known at the start.
Message Rezoned(Message message, const Playbook& playbook, absl::string_view old_zone,
                absl::string_view new_zone);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_ENROLLMENT_H_
