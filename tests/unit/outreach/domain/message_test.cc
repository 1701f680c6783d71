#include "services/outreach/domain/message.h"

#include <set>

#include "common/base/error.h"
#include "gtest/gtest.h"
#include "services/outreach/domain/reasons.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

const absl::Time kStart = At("2026-05-01T10:00:00Z");

Message Scheduled() { return FirstMessage(MakePlaybook(), MakeContact(), kStart); }
Message Claimed(absl::string_view token = "t1") {
  return Leased(Scheduled(), {std::string(token), kStart, kStart + absl::Minutes(1), "w1"});
}

TEST(MessageId, IsReadableAndUnambiguous) {
  EXPECT_EQ(MessageId("welcome", "ada", "r-1", "hello"), "welcome:ada:r-1:hello");
  EXPECT_EQ(MessageId("p", "a:b", "c", "s"), "p:a%3Ab:c:s");
  EXPECT_NE(MessageId("p", "a:b", "c", "s"), MessageId("p", "a", "b:c", "s"));
  EXPECT_NE(MessageId("p", "a%3Ab", "c", "s"), MessageId("p", "a:b", "c", "s"));
}

TEST(MessageId, FitsWhateverTheIds) {
  const std::string name(64, 'n'), plain(128, 'x'), colons(128, ':');
  EXPECT_EQ(MessageId(name, plain, plain, name).size(), 64 + 128 + 128 + 64 + 3u);
  EXPECT_LE(MessageId(name, colons, plain, name).size(), 400u);
  EXPECT_NE(MessageId(name, colons, plain, name), MessageId(name, plain, colons, name));
}

TEST(Message, AckSendsOnceAndTheSameAckAgainIsTheSame) {
  const Message sent = *Acked(Claimed(), "t1", kStart + absl::Seconds(5));
  EXPECT_EQ(sent.state, MessageState::kSent);
  EXPECT_EQ(sent.closed_time, kStart + absl::Seconds(5));
  EXPECT_EQ(*Acked(sent, "t1", kStart + absl::Seconds(9)), sent);
}

TEST(Message, OldTokensAreFencedOff) {
  const Message again = Leased(
      Claimed("t1"), {"t2", kStart + absl::Minutes(2), kStart + absl::Minutes(3), "w2"});
  EXPECT_EQ(again.attempt, 2);
  for (const Message& message : {again, *Acked(again, "t2", kStart)}) {
    EXPECT_EQ(GetErrorReason(Acked(message, "t1", kStart).status()), "LEASE_LOST");
    EXPECT_EQ(GetErrorReason(
                  Nacked(message, {"t1", "", false}, MakePlaybook(), "", kStart).status()),
              "LEASE_LOST");
  }
  EXPECT_EQ(GetErrorReason(Acked(Scheduled(), "t1", kStart).status()), "LEASE_LOST");
}

TEST(Message, AnEndedLeaseMayStillBeAcknowledgedIfNobodyElseHasIt) {
  EXPECT_EQ(Acked(Claimed(), "t1", kStart + absl::Hours(5))->state, MessageState::kSent);
}

TEST(Message, NackRetriesWithGrowingDelayAndThenGivesUp) {
  Playbook playbook = MakePlaybook();
  playbook.max_attempts = 3;
  Message message = Scheduled();
  absl::Duration last = absl::ZeroDuration();
  for (int attempt = 1; attempt <= 2; ++attempt) {
    message = Leased(message, {NextLeaseToken(message, "r"), kStart, kStart, ""});
    message = *Nacked(message, {message.lease_token, "busy", false}, playbook, "", kStart);
    EXPECT_EQ(message.state, MessageState::kScheduled);
    EXPECT_EQ(message.due_time - kStart, RetryDelay(message.message_id, attempt));
    EXPECT_GT(message.due_time - kStart, last);
    last = message.due_time - kStart;
  }
  message = Leased(message, {NextLeaseToken(message, "r"), kStart, kStart, ""});
  message = *Nacked(message, {message.lease_token, "busy", false}, playbook, "", kStart);
  EXPECT_EQ(message.state, MessageState::kDead);
  EXPECT_EQ(message.reason, reasons::kAttempts);
  EXPECT_EQ(message.reason_detail, "busy");
}

TEST(Message, PermanentNackGivesUpAtOnce) {
  const Message dead =
      *Nacked(Claimed(), {"t1", "no such address", true}, MakePlaybook(), "", kStart);
  EXPECT_EQ(dead.state, MessageState::kDead);
  EXPECT_EQ(dead.reason, reasons::kPermanent);
  EXPECT_EQ(dead.reason_detail, "no such address");
}

TEST(Message, SameNackAgainChangesNothingAndCannotBeTakenBackByAck) {
  const Playbook playbook = MakePlaybook();
  const Message once = *Nacked(Claimed(), {"t1", "busy", false}, playbook, "", kStart);
  EXPECT_EQ(*Nacked(once, {"t1", "busy", false}, playbook, "", kStart + absl::Hours(1)), once);
  EXPECT_EQ(GetErrorReason(Acked(once, "t1", kStart).status()), "LEASE_LOST");
}

TEST(Message, RetryWaitsForTheNightToEnd) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = QuietHours{10 * 60, 12 * 60};
  const Message message = *Nacked(Claimed(), {"t1", "", false}, playbook, "UTC", kStart);
  EXPECT_EQ(message.due_time, At("2026-05-01T12:00:00Z"));
}

TEST(Message, DelaysDoubleUpToAnHourWithJitter) {
  std::set<absl::Duration> seen;
  for (int attempt = 1; attempt <= 20; ++attempt) {
    const absl::Duration base = absl::Minutes(attempt < 7 ? 1 << (attempt - 1) : 60);
    const absl::Duration delay = RetryDelay("m", attempt);
    EXPECT_GE(delay, base * 3 / 4);
    EXPECT_LE(delay, base * 5 / 4);
    EXPECT_EQ(delay, RetryDelay("m", attempt)) << "the same again: decisions may be replayed";
    seen.insert(delay);
  }
  EXPECT_GT(seen.size(), 15u);
}

TEST(Message, TokensDifferByClaimMessageAndRequest) {
  const Message message = Scheduled();
  const std::string token = NextLeaseToken(message, "r1");
  EXPECT_LE(token.size(), 64u);
  EXPECT_EQ(token, NextLeaseToken(message, "r1"));
  EXPECT_NE(token, NextLeaseToken(message, "r2"));
  EXPECT_NE(token, NextLeaseToken(Claimed(), "r1"));
}

TEST(Message, ExitSkipsWhatWaitsAndLetsASenderFinish) {
  const Message skipped = Exited(Scheduled(), reasons::kConverted, kStart);
  EXPECT_EQ(skipped.state, MessageState::kSkipped);
  EXPECT_EQ(skipped.reason, "converted");
  const Message held = Exited(Claimed(), reasons::kConverted, kStart);
  EXPECT_EQ(held.state, MessageState::kLeased);
  EXPECT_EQ(Acked(held, "t1", kStart)->state, MessageState::kSent);
  const Message refused = *Nacked(held, {"t1", "busy", false}, MakePlaybook(), "", kStart);
  EXPECT_EQ(refused.state, MessageState::kSkipped);
  EXPECT_EQ(refused.reason, "converted");
  EXPECT_EQ(Exited(skipped, reasons::kChurned, kStart), skipped)
      << "conversion stands above churn";
  const Message churned = Exited(Scheduled(), reasons::kChurned, kStart);
  EXPECT_EQ(Exited(churned, reasons::kConverted, kStart + absl::Hours(1)), skipped);
  EXPECT_EQ(Exited(*Acked(held, "t1", kStart), reasons::kChurned, kStart).state,
            MessageState::kSent);
}

}  // namespace
}  // namespace kith::outreach
