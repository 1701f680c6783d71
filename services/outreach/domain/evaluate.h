// The decision about one message at one moment. Claiming and explaining both ask this
// function, so that the explanation is the truth.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_EVALUATE_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_EVALUATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// One check with its outcome: `state`, `time`, `lateness`, `suppression`, `quiet_hours` or
// `cap`.
struct Check {
  absl::string_view name;
  bool passed = false;
  std::string explanation;
};

enum class Outcome {
  kSend,    // a sender gets it now
  kWait,    // not yet due, or a sender has it
  kMove,    // it waits until `due_time`
  kSkip,    // it will not be sent, for `reason`
  kGiveUp,  // its attempts are used up
  kClosed,  // sent, skipped or given up before
};

struct Verdict {
  Outcome outcome = Outcome::kSend;
  absl::Time due_time;        // the earliest moment at which it may go out
  std::string reason;         // of kSkip and kGiveUp, from reasons.h
  std::string reason_detail;  // the values that decided
  std::vector<Check> checks;  // in order; the first that fails decides
  bool would_send() const { return outcome == Outcome::kSend; }
};

// Judges `message` at `at`. The checks in their order:
//   state        it is scheduled, or its lease has ended and attempts are left;
//   time         its due time has come;
//   lateness     it is not later than max_lateness past its due time; waiting for quiet
//                hours or a cap does not make it late, retries do;
//   suppression  the contact may be reached on the channel;
//   quiet_hours  it is not a quiet hour in the contact's zone: else it moves to their end;
//   cap          every cap of its playbook allows it today: else it moves to the first day
//                on which all do, at the local time that it was planned for, or is skipped.
// A state that fails ends the checks; otherwise all are made, for the explanation.
// `playbook` is the version that the message was started with; `history` as JudgeCaps takes
// it.
// Of the history, only the last HistoryDays count.
Verdict Evaluate(const Message& message, const Contact& contact, const Playbook& playbook,
                 absl::Span<const HandedOut> history, absl::Time at);

// How many calendar days of history Evaluate looks at; 0 when no cap applies.
int HistoryDays(const Message& message, const Playbook& playbook);

// When a message planned for `planned` is due: at once, or at the end of the quiet hours that
// `planned` is in.
absl::Time DueAtStart(absl::Time planned, const Playbook& playbook,
                      absl::string_view contact_zone);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_EVALUATE_H_
