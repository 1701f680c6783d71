// Claiming, answering, explaining.
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ClaimTest : public WorldTest {
 protected:
  ClaimTest() {
    playbook_.trigger = Trigger::kAhaReached;
    playbook_.playbook_id = "p";
  }
  // Starts the playbook for customers c0000, c0001, …, a second apart.
  void Start(int customers) {
    ASSERT_TRUE(world_.Apply(playbook_).ok());
    std::vector<Fact> facts;
    for (int i = 0; i < customers; ++i) {
      facts.push_back(Aha(absl::StrCat("c", absl::Dec(i, absl::kZeroPad4)),
                          now() - absl::Seconds(customers - i)));
    }
    ASSERT_EQ(world_.Feed("retention", facts), 0);
  }
  static std::vector<std::string> Ids(const std::vector<LeasedMessage>& messages) {
    std::vector<std::string> ids;
    for (const LeasedMessage& message : messages) ids.push_back(message.message.message_id);
    return ids;
  }
  Playbook playbook_ = MakePlaybook();
};

TEST_P(ClaimTest, GivesTheEarliestFirstAndEachOnce) {
  Start(5);
  EXPECT_THAT(Ids(world_.Claim(2)), ElementsAre("p:c0000:c0000:hello", "p:c0001:c0001:hello"));
  EXPECT_EQ(world_.Claim(2).size(), 2u);
  EXPECT_EQ(world_.Claim(2).size(), 1u);
  EXPECT_THAT(world_.Claim(2), IsEmpty());
  EXPECT_EQ(world_.misses(), 0);
  EXPECT_TRUE(world_.CountsAreTrue());
}

TEST_P(ClaimTest, TellsTheSenderAllItNeeds) {
  Contact contact = MakeContact("Europe/Berlin");
  contact.contact_id = "c0000";
  contact.locale = "de-DE";
  Start(1);
  ASSERT_TRUE(world_.Upsert({contact}).ok());
  const LeasedMessage leased = world_.Claim(1, Channel::kAny, absl::Minutes(5)).at(0);
  EXPECT_EQ(leased.template_name, "hello");
  EXPECT_EQ(leased.locale, "de-DE");
  EXPECT_EQ(leased.message.contact_id, "c0000");
  EXPECT_EQ(leased.message.attempt, 1);
  EXPECT_EQ(leased.message.due_time, now() - absl::Seconds(1));
  EXPECT_EQ(leased.message.lease_end_time, now() + absl::Minutes(5));
  EXPECT_EQ(leased.message.worker_id, "w");
}

TEST_P(ClaimTest, TwoClaimsInOneTransactionShareNothing) {
  Start(100);
  ClaimDueResult a, b, c;
  std::vector<std::unique_ptr<exec::Command>> commands;
  commands.push_back(world_.MakeClaim(40, &a));
  commands.push_back(world_.MakeClaim(40, &b));
  commands.push_back(world_.MakeClaim(40, &c));
  world_.RunInOneBatch(std::move(commands));
  EXPECT_EQ(a.messages.size(), 40u);
  EXPECT_EQ(b.messages.size(), 40u);
  EXPECT_EQ(c.messages.size(), 20u);
  std::set<std::string> ids;
  for (const ClaimDueResult* result : {&a, &b, &c}) {
    for (const std::string& id : Ids(result->messages)) EXPECT_TRUE(ids.insert(id).second);
  }
  EXPECT_TRUE(world_.CountsAreTrue());
}

TEST_P(ClaimTest, ReachesOverManyPages) {
  Start(600);
  EXPECT_EQ(world_.Claim(500).size(), 500u);
  world_.clock().Advance(absl::Microseconds(1));
  EXPECT_EQ(world_.Claim(500).size(), 100u);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ClaimTest, ChannelsFilterAndMerge) {
  playbook_.steps = {
      MakeStep("mail", absl::Seconds(30)),
      MakeStep("text", absl::Seconds(10), StepKind::kValue, Channel::kSms),
      MakeStep("call", absl::Seconds(20), StepKind::kHumanTask, Channel::kTask)};
  Start(2);
  world_.clock().Advance(absl::Minutes(1));
  EXPECT_THAT(Ids(world_.Claim(10, Channel::kSms)),
              ElementsAre("p:c0000:c0000:text", "p:c0001:c0001:text"));
  EXPECT_THAT(Ids(world_.Claim(3)),
              ElementsAre("p:c0000:c0000:call", "p:c0001:c0001:call", "p:c0000:c0000:mail"));
  EXPECT_THAT(world_.Claim(10, Channel::kWebhook), IsEmpty());
}

TEST_P(ClaimTest, NothingBeforeItsTime) {
  playbook_.steps[0].after = kDay;
  Start(1);
  EXPECT_THAT(world_.Claim(), IsEmpty());
  EXPECT_EQ(world_.Summarize().due, 0);
  world_.clock().Advance(kDay);
  EXPECT_EQ(world_.Summarize().due, 1);
  EXPECT_EQ(world_.Claim().size(), 1u);
  EXPECT_EQ(world_.Summarize().due, 0);
}

TEST_P(ClaimTest, AnEndedLeaseIsHandedOutAgainAndFencesTheOldSender) {
  Start(1);
  const LeasedMessage first = world_.Claim(1).at(0);
  world_.clock().Advance(absl::Seconds(59));
  EXPECT_THAT(world_.Claim(), IsEmpty());
  world_.clock().Advance(absl::Seconds(1));
  const LeasedMessage second = world_.Claim(1).at(0);
  EXPECT_EQ(second.message.message_id, first.message.message_id);
  EXPECT_EQ(second.message.attempt, 2);
  EXPECT_NE(second.message.lease_token, first.message.lease_token);
  EXPECT_EQ(GetErrorReason(world_.Ack(first).status()), "LEASE_LOST");
  EXPECT_EQ(GetErrorReason(world_.Nack(first).status()), "LEASE_LOST");
  EXPECT_EQ(world_.Ack(second)->state, MessageState::kSent);
  EXPECT_EQ(world_.Ack(second)->state, MessageState::kSent) << "the same again";
  EXPECT_EQ(GetErrorReason(world_.Nack(second).status()), "LEASE_LOST");
}

TEST_P(ClaimTest, SendersThatCrashUseUpTheAttempts) {
  playbook_.max_attempts = 2;
  Start(1);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(world_.Claim().size(), 1u);
    world_.clock().Advance(absl::Hours(1));
  }
  EXPECT_THAT(world_.Claim(), IsEmpty());
  EXPECT_EQ(world_.Find("p:c0000:c0000:hello").state, MessageState::kDead);
  EXPECT_EQ(world_.Find("p:c0000:c0000:hello").reason, "attempts_exhausted");
  EXPECT_THAT(world_.Summarize().states, ElementsAre(StateCount{MessageState::kDead, "", 1}));
}

TEST_P(ClaimTest, NackTellsWhenItIsTriedAgain) {
  playbook_.max_attempts = 2;
  Start(1);
  const AnswerResult again = *world_.Nack(world_.Claim(1).at(0));
  EXPECT_EQ(again.state, MessageState::kScheduled);
  ASSERT_TRUE(again.next_attempt_time.has_value());
  EXPECT_THAT(world_.Claim(), IsEmpty());
  world_.clock().Set(*again.next_attempt_time);
  const AnswerResult over = *world_.Nack(world_.Claim(1).at(0));
  EXPECT_EQ(over.state, MessageState::kDead);
  EXPECT_FALSE(over.next_attempt_time.has_value());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ClaimTest, UnknownThingsAreNamed) {
  ClaimDueRequest request;
  request.program_id = "acme";
  EXPECT_EQ(GetErrorReason(world_.TryClaim(request).status()), "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(world_.Ack("m", "t").status()), "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(world_.Upsert({MakeContact()}).status()), "PROGRAM_NOT_FOUND");
  Start(0);
  EXPECT_EQ(GetErrorReason(world_.Ack("m", "t").status()), "MESSAGE_NOT_FOUND");
  request.lease_duration = absl::Hours(1) + absl::Seconds(1);
  EXPECT_EQ(GetErrorReason(world_.TryClaim(request).status()), "INVALID_FIELD");
  EXPECT_EQ(GetErrorReason(world_.ExplainPage({"acme", "nobody"}).status()),
            "CONTACT_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(world_.ExplainPage({"none", "nobody"}).status()),
            "PROGRAM_NOT_FOUND");
}

// The mistake: suppression that is checked when the message is planned, not when it is sent.
TEST_P(ClaimTest, SuppressionIsCheckedWhenClaimed) {
  Start(2);
  Contact contact = MakeContact();
  contact.contact_id = "c0000";
  contact.suppressions = {{Channel::kEmail, "opt_out"}};
  ASSERT_THAT(*world_.Upsert({contact}), ElementsAre(true));
  EXPECT_THAT(Ids(world_.Claim()), ElementsAre("p:c0001:c0001:hello"));
  const Message skipped = world_.Find("p:c0000:c0000:hello");
  EXPECT_EQ(skipped.state, MessageState::kSkipped);
  EXPECT_EQ(skipped.reason, "suppressed");
  EXPECT_EQ(skipped.reason_detail, "opt_out on email");
  EXPECT_THAT(world_.Summarize().states,
              ElementsAre(StateCount{MessageState::kLeased, "", 1},
                          StateCount{MessageState::kSkipped, "suppressed", 1}));
}

TEST_P(ClaimTest, CapsCountMessagesOfAllPlaybooks) {
  playbook_.caps = {{.max_messages = 1, .days = 7}};
  Start(1);
  Playbook other = playbook_;
  other.playbook_id = "q";
  other.trigger = Trigger::kCustomerOnboarded;
  ASSERT_TRUE(world_.Apply(other).ok());
  world_.Feed("retention", {Onboarded("c0000", now())});
  const auto leased = world_.Claim();
  EXPECT_THAT(Ids(leased), ElementsAre("p:c0000:c0000:hello"));
  ASSERT_TRUE(world_.Ack(leased[0]).ok());
  EXPECT_EQ(world_.Find("q:c0000:c0000:hello").due_time, now() + 7 * kDay);
  EXPECT_EQ(world_.Summarize().due, 0);
  world_.clock().Advance(7 * kDay);
  world_.Claim();
  EXPECT_EQ(world_.Find("q:c0000:c0000:hello").state, MessageState::kLeased);
}

TEST_P(ClaimTest, ADrainPassesOverWhatIsSettledOtherwise) {
  playbook_.max_lateness = absl::Minutes(1);
  Start(300);
  EXPECT_EQ(world_.Claim(500).size(), 60u) << "those of the last minute";
  EXPECT_THAT(world_.Summarize().states,
              ElementsAre(StateCount{MessageState::kLeased, "", 60},
                          StateCount{MessageState::kSkipped, "late", 240}));
}

TEST_P(ClaimTest, AMessagePutOffWaitsForItsNewTime) {
  playbook_.quiet_hours = QuietHours{9 * 60, 11 * 60};
  playbook_.time_zone = "Europe/Berlin";  // it is 12:00 there
  Start(1);
  Contact contact = MakeContact("UTC");  // where it is 10:00
  contact.contact_id = "c0000";
  ASSERT_TRUE(world_.Upsert({contact}).ok());
  EXPECT_THAT(world_.Claim(), IsEmpty());
  EXPECT_EQ(world_.Explain("c0000", now()).zone_source, "contact UTC");
  world_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(world_.Claim().size(), 1u);
}

TEST_P(ClaimTest, TheZoneMayComeBeforeOrAfterTheTrigger) {
  playbook_.quiet_hours = QuietHours{8 * 60, 11 * 60};
  Contact contact = MakeContact("Asia/Kolkata");
  contact.contact_id = "c0000";
  Start(0);
  ASSERT_TRUE(world_.Upsert({contact}).ok());
  world_.Feed("retention", {Aha("c0000", now())});
  const Message before = world_.Find("p:c0000:c0000:hello");
  contact.contact_id = "c0001";
  world_.Feed("retention", {Aha("c0001", now())});
  EXPECT_EQ(world_.Find("p:c0001:c0001:hello").due_time, now() + absl::Hours(1)) << "by UTC";
  ASSERT_TRUE(world_.Upsert({contact}).ok());
  EXPECT_EQ(world_.Find("p:c0001:c0001:hello").due_time, before.due_time);
  EXPECT_EQ(before.due_time, now());
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: an import that knows zones and no suppressions lifts an opt-out.
TEST_P(ClaimTest, AZoneLearntLaterLeavesTheOptOut) {
  Start(1);
  Contact contact = MakeContact();
  contact.contact_id = "c0000";
  contact.suppressions = {{Channel::kAny, "opt_out"}};
  ASSERT_TRUE(world_.Upsert({contact}).ok());
  Contact imported = MakeContact("Asia/Kolkata");
  imported.contact_id = "c0000";
  EXPECT_THAT(*world_.UpsertZone(imported), ElementsAre(true));
  EXPECT_THAT(*world_.UpsertZone(imported), ElementsAre(false));
  EXPECT_EQ(world_.Explain("c0000", now()).contact.time_zone, "Asia/Kolkata");
  EXPECT_EQ(world_.Explain("c0000", now()).contact.suppressions, contact.suppressions);
  EXPECT_TRUE(world_.Claim().empty());
  imported.contact_id = "fresh";
  EXPECT_THAT(*world_.UpsertZone(imported), ElementsAre(true));
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: an import of locales clears the zones.
TEST_P(ClaimTest, WhatIsNotGivenOfAContactStaysAsItWas) {
  playbook_.quiet_hours = QuietHours{15 * 60, 17 * 60};  // in Kolkata now
  Start(1);
  Contact contact = MakeContact("Asia/Kolkata");
  contact.contact_id = "c0000";
  contact.locale = "en-IN";
  ASSERT_TRUE(world_.UpsertZone(contact).ok());
  Contact update = MakeContact();
  update.contact_id = "c0000";
  EXPECT_THAT(*world_.UpsertZone(update), ElementsAre(false)) << "nothing is given";
  update.locale = "hi-IN";
  EXPECT_THAT(*world_.UpsertZone(update), ElementsAre(true));
  contact.locale = "hi-IN";
  EXPECT_EQ(world_.Explain("c0000", now()).contact, contact);
  EXPECT_EQ(world_.Find("p:c0000:c0000:hello").due_time, At("2026-05-01T11:30:00Z"));
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: senders that poll fill the store with answers that say nothing.
TEST_P(ClaimTest, OnlyAnAnswerWithLeasesIsKept) {
  const std::string kept = "SELECT request_id FROM stored_response";
  Start(0);
  EXPECT_EQ(world_.ClaimUnder("r1"), "");
  EXPECT_EQ(world_.ClaimUnder("r2"), "");
  EXPECT_THAT(world_.Ask(kept), IsEmpty());
  world_.Feed("retention", {Aha("ada", now())});
  const std::string leases = world_.ClaimUnder("r1");
  EXPECT_THAT(leases, ::testing::StartsWith("p:ada:ada:hello 1-"));
  EXPECT_EQ(world_.ClaimUnder("r1"), leases) << "the same request, the same leases";
  EXPECT_EQ(world_.ClaimUnder("r2"), "") << "somebody else has it";
  EXPECT_THAT(world_.Ask(kept), ElementsAre("r1"));
}

TEST_P(ClaimTest, UpsertTellsWhatChanged) {
  Start(1);
  Contact known = MakeContact();
  known.contact_id = "c0000";
  Contact fresh = MakeContact("Asia/Kolkata");
  fresh.suppressions = {{Channel::kAny, "do_not_contact"}, {Channel::kSms, "bounce"}};
  EXPECT_THAT(*world_.Upsert({known, fresh, fresh}), ElementsAre(false, true, false));
  EXPECT_EQ(world_.Explain("ada", now()).contact, fresh);
  fresh.suppressions.clear();
  EXPECT_THAT(*world_.Upsert({fresh}), ElementsAre(true));
  EXPECT_EQ(world_.Summarize().contacts, 2);
  fresh.time_zone = "Mars/Olympus";
  EXPECT_EQ(GetErrorReason(world_.Upsert({known, fresh}).status()), "INVALID_FIELD");
}

// Windows of a cap that reach over many stretches of the stored history.
TEST_P(ClaimTest, ALongCapCountsAsLongAsItsWindowAndNoLonger) {
  playbook_.caps = {{.max_messages = 2, .days = 400}};
  playbook_.steps = {MakeStep("a", absl::ZeroDuration()), MakeStep("b", kDay * 10),
                     MakeStep("c", kDay * 399), MakeStep("d", kDay * 399)};
  Start(1);
  const absl::Time start = now();
  const auto claim_on_day = [&](int day) {
    world_.clock().Advance(start + kDay * day - now());
    const auto leased = world_.Claim();
    for (const LeasedMessage& message : leased) EXPECT_TRUE(world_.Ack(message).ok());
    return Ids(leased);
  };
  EXPECT_THAT(claim_on_day(0), ElementsAre("p:c0000:c0000:a"));
  EXPECT_THAT(claim_on_day(10), ElementsAre("p:c0000:c0000:b"));
  EXPECT_THAT(claim_on_day(399), IsEmpty()) << "two on the 400 days up to this one";
  EXPECT_THAT(claim_on_day(400), ElementsAre("p:c0000:c0000:c"));
  EXPECT_THAT(claim_on_day(409), IsEmpty());
  EXPECT_THAT(claim_on_day(410), ElementsAre("p:c0000:c0000:d"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ClaimTest, ManyMessagesOfOneContactShareACap) {
  playbook_.caps = {{.max_messages = 3, .days = 7}};
  playbook_.steps.clear();
  for (int i = 0; i < 50; ++i) {
    playbook_.steps.push_back(
        MakeStep(absl::StrCat("s", absl::Dec(i, absl::kZeroPad2)), absl::Seconds(0)));
  }
  Start(2);
  for (int week = 0; week < 10; ++week) {
    const auto leased = world_.Claim();
    EXPECT_EQ(leased.size(), 6u) << week;
    for (const LeasedMessage& message : leased) ASSERT_TRUE(world_.Ack(message).ok());
    EXPECT_THAT(world_.Claim(), IsEmpty());
    world_.clock().Advance(kDay * 7);
  }
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ClaimTest, ExplanationNamesEveryReason) {
  playbook_.quiet_hours = QuietHours{22 * 60, 6 * 60};
  playbook_.caps = {{.max_messages = 1, .days = 7}};
  playbook_.steps = {MakeStep("one", absl::ZeroDuration()), MakeStep("two", absl::Hours(1)),
                     MakeStep("three", absl::Hours(13))};
  Start(1);
  ASSERT_TRUE(world_.Ack(world_.Claim(1).at(0)).ok());
  const ContactExplanation soon = world_.Explain("c0000", now());
  ASSERT_EQ(soon.messages.size(), 3u);
  EXPECT_EQ(soon.zone_source, "utc");
  EXPECT_EQ(soon.messages[0].verdict.checks.back().explanation,
            "sent at 2026-05-01 10:00:00 +00:00");
  const Verdict two = soon.messages[1].verdict;
  EXPECT_FALSE(two.would_send());
  EXPECT_EQ(two.checks[1].explanation, "due at 2026-05-01 10:59:59 +00:00");
  EXPECT_EQ(two.checks[5].explanation,
            "1 handed out, at most 1 message in 7 days; waits until "
            "2026-05-08 10:59:59 +00:00");
  EXPECT_EQ(soon.messages[2].message.due_time, At("2026-05-02T06:00:00Z"));
  const ContactExplanation later = world_.Explain("c0000", now() + 7 * kDay);
  EXPECT_TRUE(later.messages[1].verdict.would_send());
  EXPECT_FALSE(later.messages[2].verdict.would_send()) << "the one before uses up the cap";
  EXPECT_EQ(later.messages[2].verdict.due_time, At("2026-05-15T06:00:00Z"));
}

INSTANTIATE_TEST_SUITE_P(Backends, ClaimTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
