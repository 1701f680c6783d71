#include "services/outreach/domain/evaluate.h"

#include <vector>

#include "gtest/gtest.h"
#include "services/outreach/domain/reasons.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

constexpr QuietHours kNight{22 * 60, 6 * 60};

std::vector<std::string> Failed(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const Check& check : verdict.checks) {
    if (!check.passed) names.emplace_back(check.name);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(Evaluate, SendsWhatIsDueAndNamesEveryCheck) {
  const Playbook playbook = MakePlaybook();
  const Message message = FirstMessage(playbook, MakeContact(), At("2026-05-01T10:00:00Z"));
  const Verdict verdict =
      Evaluate(message, MakeContact(), playbook, {}, At("2026-05-01T10:00:00Z"));
  EXPECT_TRUE(verdict.would_send());
  Names names;
  for (const Check& check : verdict.checks) {
    EXPECT_TRUE(check.passed) << check.name;
    EXPECT_FALSE(check.explanation.empty()) << check.name;
    names.emplace_back(check.name);
  }
  EXPECT_EQ(names, (Names{"state", "time", "lateness", "suppression", "quiet_hours", "cap"}));
}

TEST(Evaluate, WaitsForItsTime) {
  const Playbook playbook = MakePlaybook();
  const Message message = FirstMessage(playbook, MakeContact(), At("2026-05-01T10:00:00Z"));
  const Verdict verdict = Evaluate(message, MakeContact(), playbook, {},
                                   At("2026-05-01T10:00:00Z") - absl::Microseconds(1));
  EXPECT_EQ(verdict.outcome, Outcome::kWait);
  EXPECT_EQ(Failed(verdict), Names{"time"});
}

TEST(Evaluate, QuietHoursMoveItToTheirEnd) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = kNight;
  const Contact contact = MakeContact("Europe/Berlin");
  const Message message =
      FirstMessage(playbook, contact, At("2026-05-01T19:59:00Z"));  // 21:59
  EXPECT_EQ(message.due_time, At("2026-05-01T19:59:00Z"));
  const Verdict verdict = Evaluate(message, contact, playbook, {}, At("2026-05-01T20:30:00Z"));
  EXPECT_EQ(verdict.outcome, Outcome::kMove);
  EXPECT_EQ(verdict.due_time, At("2026-05-02T04:00:00Z"));
  EXPECT_EQ(Failed(verdict), Names{"quiet_hours"});
}

TEST(Evaluate, QuietHoursSayWhoseZoneTheyAreIn) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = kNight;
  const absl::Time at = At("2026-05-01T10:00:00Z");
  const auto explanation = [&](absl::string_view zone) {
    const Contact contact = MakeContact(zone);
    const Message message = FirstMessage(playbook, contact, at);
    return Evaluate(message, contact, playbook, {}, at).checks.at(4).explanation;
  };
  EXPECT_EQ(explanation(""),
            "it is 2026-05-01 10:00:00 +00:00 (UTC, as no zone is known), quiet from 22:00 to "
            "06:00");
  playbook.time_zone = "Europe/Berlin";
  EXPECT_EQ(explanation(""),
            "it is 2026-05-01 12:00:00 +02:00 (Europe/Berlin, the playbook's zone), quiet "
            "from 22:00 to 06:00");
  EXPECT_EQ(explanation("Asia/Kolkata"),
            "it is 2026-05-01 15:30:00 +05:30 (Asia/Kolkata, the contact's zone), quiet from "
            "22:00 to 06:00");
}

TEST(Evaluate, StepPlannedAtNightIsDueInTheMorning) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = kNight;
  playbook.steps[0].after = absl::Hours(24 * 30);
  // Planned in winter for a summer night: 23:00Z is 01:00 at +02:00.
  const Message message =
      FirstMessage(playbook, MakeContact("Europe/Berlin"), At("2026-03-10T23:00:00Z"));
  EXPECT_EQ(message.planned_time, At("2026-04-09T23:00:00Z"));
  EXPECT_EQ(message.due_time, At("2026-04-10T04:00:00Z"));
}

class Capped : public ::testing::Test {
 protected:
  Capped() {
    playbook_.caps = {{.max_messages = 1, .days = 7}};
    history_ = {{"other", At("2026-05-01T05:00:00Z"), StepKind::kValue, Channel::kSms}};
  }
  Verdict Judge(absl::string_view planned, absl::string_view at) {
    message_ = FirstMessage(playbook_, contact_, At(planned));
    return Evaluate(message_, contact_, playbook_, history_, At(at));
  }
  Playbook playbook_ = MakePlaybook();
  Contact contact_ = MakeContact("Europe/Berlin");
  std::vector<HandedOut> history_;
  Message message_;
};

// The mistake: a deferral that loses the hour.
TEST_F(Capped, DeferralKeepsTheLocalHour) {
  const Verdict verdict = Judge("2026-05-01T12:30:00Z", "2026-05-03T18:00:00Z");
  EXPECT_EQ(verdict.outcome, Outcome::kMove);
  EXPECT_EQ(verdict.due_time, At("2026-05-08T12:30:00Z"));
  EXPECT_EQ(Failed(verdict), Names{"cap"});
}

TEST_F(Capped, DeferralKeepsTheLocalHourOverAClockChange) {
  playbook_.caps[0].days = 200;
  // 14:30 in summer (+02:00) stays 14:30 in winter (+01:00).
  EXPECT_EQ(Judge("2026-05-01T12:30:00Z", "2026-05-01T13:00:00Z").due_time,
            At("2026-11-17T13:30:00Z"));
}

TEST_F(Capped, DeferralIntoASkippedHourDoesNotChangeTheHourForLater) {
  contact_.time_zone = "Europe/Berlin";
  history_[0].time = At("2026-03-22T10:00:00Z");
  // Planned for 02:30; on 29 March the clocks skip it.
  Verdict verdict = Judge("2026-03-22T01:30:00Z", "2026-03-22T12:00:00Z");
  EXPECT_EQ(verdict.due_time, At("2026-03-29T01:00:00Z"));
  message_ = Settled(message_, verdict, At("2026-03-22T12:00:00Z"));
  history_[0].time = At("2026-03-28T23:30:00Z");
  verdict = Evaluate(message_, contact_, playbook_, history_, At("2026-03-29T01:00:00Z"));
  EXPECT_EQ(verdict.due_time, At("2026-04-05T00:30:00Z")) << "02:30 again, not 03:00";
}

TEST_F(Capped, DeferralSkipsADayThatDoesNotExist) {
  contact_.time_zone = "Pacific/Apia";
  playbook_.caps[0].days = 1;
  history_[0].time = At("2011-12-29T20:00:00Z");  // 10:00 on the 29th
  EXPECT_EQ(Judge("2011-12-29T22:00:00Z", "2011-12-29T22:00:00Z").due_time,
            At("2011-12-30T22:00:00Z"))
      << "12:00 on the 31st at +14:00";
}

TEST_F(Capped, DeferralOfAMessagePlannedAtNightGoesToTheMorning) {
  playbook_.quiet_hours = kNight;
  EXPECT_EQ(Judge("2026-05-01T21:00:00Z", "2026-05-02T09:00:00Z").due_time,
            At("2026-05-08T04:00:00Z"));
}

// The mistake: a capped message dropped without trace.
TEST_F(Capped, SkipKeepsTheReason) {
  playbook_.steps[0].cap_policy = CapPolicy::kSkip;
  const Verdict verdict = Judge("2026-05-01T12:30:00Z", "2026-05-01T13:00:00Z");
  EXPECT_EQ(verdict.outcome, Outcome::kSkip);
  EXPECT_EQ(verdict.reason, reasons::kCap);
  EXPECT_EQ(verdict.reason_detail, "1 handed out, at most 1 message in 7 days");
  const Message skipped = Settled(message_, verdict, At("2026-05-01T13:00:00Z"));
  EXPECT_EQ(skipped.state, MessageState::kSkipped);
  EXPECT_EQ(skipped.reason, "cap");
}

TEST_F(Capped, CapOfZeroSkipsRatherThanWaitsForEver) {
  playbook_.caps[0].max_messages = 0;
  const Verdict verdict = Judge("2026-05-01T12:30:00Z", "2026-05-01T13:00:00Z");
  EXPECT_EQ(verdict.outcome, Outcome::kSkip);
  EXPECT_EQ(verdict.reason, reasons::kCapZero);
}

TEST_F(Capped, StepThatIgnoresCapsIsSent) {
  playbook_.steps[0].ignores_caps = true;
  playbook_.caps[0].max_messages = 0;
  EXPECT_TRUE(Judge("2026-05-01T12:30:00Z", "2026-05-01T13:00:00Z").would_send());
}

TEST(Evaluate, SuppressionIsByChannelOrAll) {
  const Playbook playbook = MakePlaybook();
  const absl::Time at = At("2026-05-01T10:00:00Z");
  Contact contact = MakeContact();
  const Message message = FirstMessage(playbook, contact, at);
  contact.suppressions = {{Channel::kSms, "opt_out"}};
  EXPECT_TRUE(Evaluate(message, contact, playbook, {}, at).would_send());
  contact.suppressions = {{Channel::kEmail, "bounce"}};
  const Verdict mail = Evaluate(message, contact, playbook, {}, at);
  EXPECT_EQ(mail.outcome, Outcome::kSkip);
  EXPECT_EQ(mail.reason, reasons::kSuppressed);
  EXPECT_EQ(mail.reason_detail, "bounce on email");
  contact.suppressions = {{Channel::kAny, "do_not_contact"}};
  EXPECT_EQ(Evaluate(message, contact, playbook, {}, at).reason_detail,
            "do_not_contact on any channel");
}

TEST(Evaluate, LatenessCountsFromTheTimeItWasDue) {
  Playbook playbook = MakePlaybook();
  playbook.max_lateness = absl::Hours(2);
  const Message message = FirstMessage(playbook, MakeContact(), At("2026-05-01T10:00:00Z"));
  const auto judge = [&](absl::string_view at) {
    return Evaluate(message, MakeContact(), playbook, {}, At(at));
  };
  EXPECT_TRUE(judge("2026-05-01T12:00:00Z").would_send());
  const Verdict late = judge("2026-05-01T12:00:01Z");
  EXPECT_EQ(late.outcome, Outcome::kSkip);
  EXPECT_EQ(late.reason, reasons::kLate);
}

TEST(Evaluate, WaitingForTheNightToEndIsNotLate) {
  Playbook playbook = MakePlaybook();
  playbook.max_lateness = absl::Hours(1);
  playbook.quiet_hours = kNight;
  Message message = FirstMessage(playbook, MakeContact(), At("2026-05-01T21:50:00Z"));
  const absl::Time night = At("2026-05-01T22:10:00Z");
  message = Settled(message, Evaluate(message, MakeContact(), playbook, {}, night), night);
  EXPECT_TRUE(
      Evaluate(message, MakeContact(), playbook, {}, At("2026-05-02T06:00:00Z")).would_send());
}

TEST(Evaluate, RetriesMakeLate) {
  Playbook playbook = MakePlaybook();
  playbook.max_lateness = absl::Minutes(10);
  playbook.max_attempts = 100;
  const absl::Time start = At("2026-05-01T10:00:00Z");
  Message message = FirstMessage(playbook, MakeContact(), start);
  message = Leased(message, {"t", start + absl::Minutes(9), start + absl::Minutes(10), ""});
  message = *Nacked(message, {"t", "busy", false}, playbook, "", start + absl::Minutes(9));
  const Verdict verdict =
      Evaluate(message, MakeContact(), playbook, {}, start + absl::Minutes(11));
  EXPECT_EQ(verdict.reason, reasons::kLate);
}

// The mistake: who says so is worse off than who crashes.
TEST(Evaluate, ARetryThatWaitsForTheNightToEndIsNotLate) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = kNight;
  const absl::Time due = At("2026-05-01T21:50:00Z"), refused = At("2026-05-01T21:59:50Z");
  const absl::Time morning = At("2026-05-02T06:00:00Z");
  Message message = FirstMessage(playbook, MakeContact(), due);
  const absl::Time retry = refused + RetryDelay(message.message_id, 1);
  message = Leased(message, {"t", At("2026-05-01T21:59:00Z"), morning, ""});
  message = *Nacked(message, {"t", "busy", false}, playbook, "", refused);
  EXPECT_EQ(message.due_time, morning);
  EXPECT_EQ(morning - message.on_time, retry - due) << "as late as the retry without a night";
  playbook.max_lateness = retry - due;
  EXPECT_TRUE(Evaluate(message, MakeContact(), playbook, {}, morning).would_send());
  *playbook.max_lateness -= absl::Microseconds(1);
  EXPECT_EQ(Evaluate(message, MakeContact(), playbook, {}, morning).reason, reasons::kLate);
}

TEST(Evaluate, ALeaseIsRespectedUntilItEnds) {
  const Playbook playbook = MakePlaybook();
  const absl::Time start = At("2026-05-01T10:00:00Z");
  Message message = FirstMessage(playbook, MakeContact(), start);
  message = Leased(message, {"t", start, start + absl::Minutes(1), "w"});
  const auto judge = [&](absl::Duration after) {
    return Evaluate(message, MakeContact(), playbook, {}, start + after);
  };
  EXPECT_EQ(judge(absl::Seconds(59)).outcome, Outcome::kWait);
  EXPECT_EQ(judge(absl::Seconds(59)).checks.size(), 1u);
  EXPECT_TRUE(judge(absl::Seconds(60)).would_send());
  message.exit_reason = "churned";
  EXPECT_EQ(judge(absl::Seconds(60)).outcome, Outcome::kSkip);
  EXPECT_EQ(judge(absl::Seconds(60)).reason, "churned");
  message.exit_reason.clear();
  message.attempt = kDefaultMaxAttempts;
  EXPECT_EQ(judge(absl::Seconds(60)).outcome, Outcome::kGiveUp);
  EXPECT_EQ(judge(absl::Seconds(60)).reason, reasons::kAttempts);
}

TEST(Evaluate, ClosedMessagesStayClosed) {
  const Playbook playbook = MakePlaybook();
  const absl::Time start = At("2026-05-01T10:00:00Z");
  Message message = FirstMessage(playbook, MakeContact(), start);
  message = *Acked(Leased(message, {"t", start, start + absl::Minutes(1), "w"}), "t", start);
  const Verdict verdict = Evaluate(message, MakeContact(), playbook, {}, start);
  EXPECT_EQ(verdict.outcome, Outcome::kClosed);
  EXPECT_EQ(Failed(verdict), Names{"state"});
  EXPECT_EQ(Settled(message, verdict, start), message);
}

}  // namespace
}  // namespace kith::outreach
