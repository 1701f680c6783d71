// Small playbooks, contacts and messages for the tests of the domain.
#ifndef KITH_TESTS_UNIT_OUTREACH_DOMAIN_FIXTURES_H_
#define KITH_TESTS_UNIT_OUTREACH_DOMAIN_FIXTURES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// An RFC 3339 time.
inline absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return absl::InfinitePast();
  return time;
}

inline Step MakeStep(absl::string_view id, absl::Duration after,
                     StepKind kind = StepKind::kAsk, Channel channel = Channel::kEmail) {
  Step step;
  step.step_id = std::string(id);
  step.after = after;
  step.kind = kind;
  step.channel = channel;
  step.template_name = std::string(id);
  return step;
}

// One mail at once, without limits.
inline Playbook MakePlaybook() {
  Playbook playbook;
  playbook.program_id = "acme";
  playbook.playbook_id = "welcome";
  playbook.trigger = Trigger::kSignupAttributed;
  playbook.steps = {MakeStep("hello", absl::ZeroDuration())};
  return playbook;
}

inline Contact MakeContact(absl::string_view zone = "") {
  Contact contact;
  contact.program_id = "acme";
  contact.contact_id = "ada";
  contact.time_zone = std::string(zone);
  return contact;
}

// The first message of `playbook`, started for `contact` at `trigger_time`.
inline Message FirstMessage(const Playbook& playbook, const Contact& contact,
                            absl::Time trigger_time) {
  return StartPlaybook(
             {playbook, 1, trigger_time, true}, contact,
             {playbook.trigger, contact.contact_id, contact.contact_id, "", trigger_time})
      .messages.front();
}

}  // namespace kith::outreach

#endif  // KITH_TESTS_UNIT_OUTREACH_DOMAIN_FIXTURES_H_
