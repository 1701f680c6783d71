#include "services/outreach/domain/evaluate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/outreach/domain/caps.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/domain/playbook.h"
#include "services/outreach/domain/reasons.h"

namespace kith::outreach {
namespace {

// Judges one message; a check that fails first sets the outcome.
class Judge {
 public:
  Judge(const Message& message, const Contact& contact, const Playbook& playbook,
        absl::Span<const HandedOut> history, absl::Time at)
      : message_(message),
        contact_(contact),
        playbook_(playbook),
        history_(history),
        at_(at),
        zone_(ZoneFor(contact.time_zone, playbook.time_zone)) {
    verdict_.due_time = message.due_time;
  }

  Verdict Run() {
    if (!CheckState()) return std::move(verdict_);
    CheckTime();
    CheckLateness();
    CheckSuppression();
    CheckQuietHours();
    CheckCaps();
    return std::move(verdict_);
  }

 private:
  std::string Local(absl::Time time) const { return FormatLocal(time, zone_.zone); }

  bool Pass(absl::string_view name, std::string explanation) {
    verdict_.checks.push_back({name, true, std::move(explanation)});
    return true;
  }
  // Records a failed check; true when it is the first and so decides.
  bool Fail(absl::string_view name, std::string explanation, Outcome outcome) {
    verdict_.checks.push_back({name, false, std::move(explanation)});
    if (verdict_.outcome != Outcome::kSend) return false;
    verdict_.outcome = outcome;
    return true;
  }
  void Close(absl::string_view reason) {
    verdict_.reason = std::string(reason);
    verdict_.reason_detail = verdict_.checks.back().explanation;
  }

  bool CheckState();
  bool CheckLease();
  void CheckTime();
  void CheckLateness();
  void CheckSuppression();
  void CheckQuietHours();
  void CheckCaps();
  void StoppedByCap(const CapVerdict& caps, bool skip);
  absl::Time AtPlannedHour(absl::CivilDay day) const;

  const Message& message_;
  const Contact& contact_;
  const Playbook& playbook_;
  const absl::Span<const HandedOut> history_;
  const absl::Time at_;
  const Zone zone_;
  Verdict verdict_;
};

bool Judge::CheckState() {
  switch (message_.state) {
    case MessageState::kScheduled:
      return Pass("state",
                  message_.attempt == 0
                      ? "scheduled"
                      : absl::StrCat("scheduled again after ", message_.attempt,
                                     message_.attempt == 1 ? " attempt" : " attempts"));
    case MessageState::kLeased:
      return CheckLease();
    default:
      Fail("state",
           absl::StrCat(Name(message_.state), " at ", Local(message_.closed_time),
                        message_.reason.empty() ? "" : ": ", message_.reason),
           Outcome::kClosed);
      return false;
  }
}

bool Judge::CheckLease() {
  const std::string end = Local(message_.lease_end_time);
  if (at_ < message_.lease_end_time) {
    Fail("state", absl::StrCat("a sender has it until ", end), Outcome::kWait);
    return false;
  }
  if (!message_.exit_reason.empty()) {
    Fail("state",
         absl::StrCat("its playbook ended while a sender had it: ", message_.exit_reason),
         Outcome::kSkip);
    Close(message_.exit_reason);
    return false;
  }
  if (message_.attempt >= MaxAttempts(playbook_)) {
    Fail("state",
         absl::StrCat("the last of ", message_.attempt, " attempts ended at ", end,
                      " without an answer"),
         Outcome::kGiveUp);
    Close(reasons::kAttempts);
    return false;
  }
  return Pass("state", absl::StrCat("the lease of attempt ", message_.attempt, " ended at ",
                                    end, " without an answer"));
}

void Judge::CheckTime() {
  const std::string due = absl::StrCat("due at ", Local(message_.due_time));
  if (at_ < message_.due_time) {
    Fail("time", due, Outcome::kWait);
  } else {
    Pass("time", due);
  }
}

void Judge::CheckLateness() {
  if (!playbook_.max_lateness.has_value()) {
    Pass("lateness", "never too late");
    return;
  }
  const absl::Duration late = std::max(absl::ZeroDuration(), at_ - message_.on_time);
  const std::string text = absl::StrCat(absl::FormatDuration(late), " late, at most ",
                                        absl::FormatDuration(*playbook_.max_lateness));
  if (late <= *playbook_.max_lateness) {
    Pass("lateness", text);
  } else if (Fail("lateness", text, Outcome::kSkip)) {
    Close(reasons::kLate);
  }
}

void Judge::CheckSuppression() {
  for (const Suppression& suppression : contact_.suppressions) {
    if (suppression.channel != Channel::kAny && suppression.channel != message_.channel) {
      continue;
    }
    if (Fail("suppression",
             absl::StrCat(suppression.cause, " on ", Name(suppression.channel),
                          suppression.channel == Channel::kAny ? " channel" : ""),
             Outcome::kSkip)) {
      Close(reasons::kSuppressed);
    }
    return;
  }
  Pass("suppression", absl::StrCat("none on ", Name(message_.channel)));
}

void Judge::CheckQuietHours() {
  if (!playbook_.quiet_hours.has_value()) {
    Pass("quiet_hours", "none");
    return;
  }
  const std::string text =
      absl::StrCat("it is ", Local(at_), " (", Describe(zone_), "), quiet from ",
                   FormatMinute(playbook_.quiet_hours->start_minute), " to ",
                   FormatMinute(playbook_.quiet_hours->end_minute));
  const std::optional<absl::Time> until = QuietUntil(at_, playbook_.quiet_hours, zone_.zone);
  if (!until.has_value()) {
    Pass("quiet_hours", text);
  } else if (Fail("quiet_hours", absl::StrCat(text, "; waits until ", Local(*until)),
                  Outcome::kMove)) {
    verdict_.due_time = *until;
  }
}

void Judge::CheckCaps() {
  const Step* const step = FindStep(playbook_, message_.step_id);
  if (step != nullptr && step->ignores_caps) {
    Pass("cap", "the step ignores caps");
    return;
  }
  const CapVerdict caps =
      JudgeCaps(playbook_.caps, message_, history_, LocalDay(at_, zone_.zone), zone_.zone);
  if (caps.stopped_by.has_value()) {
    StoppedByCap(caps, step != nullptr && step->cap_policy == CapPolicy::kSkip);
  } else {
    Pass("cap", caps.tightest < 0 ? "no cap applies"
                                  : absl::StrCat("room for ", caps.tightest, " more today"));
  }
}

void Judge::StoppedByCap(const CapVerdict& caps, bool skip) {
  std::string text =
      absl::StrCat(caps.handed_out, " handed out, at most ", Describe(*caps.stopped_by));
  if (skip || !caps.first_day.has_value()) {
    if (!skip) absl::StrAppend(&text, "; no day will allow it");
    if (Fail("cap", std::move(text), Outcome::kSkip)) {
      Close(skip ? reasons::kCap : reasons::kCapZero);
    }
    return;
  }
  const absl::Time until = AtPlannedHour(*caps.first_day);
  if (Fail("cap", absl::StrCat(text, "; waits until ", Local(until)), Outcome::kMove)) {
    verdict_.due_time = until;
  }
}

// The hour comes from the plan and not from the last deferral: an hour that a clock change
// moved, or a retry, must not become the contact's hour.
absl::Time Judge::AtPlannedHour(absl::CivilDay day) const {
  if (!DayExists(day, zone_.zone)) ++day;
  const absl::CivilSecond planned = zone_.zone.At(message_.planned_time).cs;
  const absl::CivilSecond midnight{absl::CivilDay(planned)};
  int64_t second_of_day = planned - midnight;
  if (QuietUntil(message_.planned_time, playbook_.quiet_hours, zone_.zone).has_value()) {
    second_of_day = int64_t{playbook_.quiet_hours->end_minute} * 60;
  }
  const absl::Time same_hour = ToInstant(absl::CivilSecond(day) + second_of_day, zone_.zone);
  return AfterQuietHours(same_hour, playbook_.quiet_hours, zone_.zone);
}

}  // namespace

Verdict Evaluate(const Message& message, const Contact& contact, const Playbook& playbook,
                 absl::Span<const HandedOut> history, absl::Time at) {
  return Judge(message, contact, playbook, history, at).Run();
}

int HistoryDays(const Message& message, const Playbook& playbook) {
  const Step* const step = FindStep(playbook, message.step_id);
  if (step != nullptr && step->ignores_caps) return 0;
  return LongestWindow(playbook.caps, message);
}

absl::Time DueAtStart(absl::Time planned, const Playbook& playbook,
                      absl::string_view contact_zone) {
  const Zone zone = ZoneFor(contact_zone, playbook.time_zone);
  return AfterQuietHours(planned, playbook.quiet_hours, zone.zone);
}

}  // namespace kith::outreach
