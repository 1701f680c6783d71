#include "services/outreach/domain/enrollment.h"

#include "gtest/gtest.h"
#include "services/outreach/domain/reasons.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

const absl::Time kStart = At("2026-05-01T10:00:00Z");

TEST(LifeEndedAt, CountsLivesByTheReturnThatBeganThem) {
  EXPECT_EQ(LifeEndedAt(kStart, std::nullopt), 0);
  EXPECT_EQ(LifeEndedAt(kStart, kStart), absl::ToUnixMicros(kStart));
  EXPECT_EQ(LifeEndedAt(kStart + absl::Hours(1), kStart), absl::ToUnixMicros(kStart));
  EXPECT_EQ(LifeEndedAt(kStart - absl::Microseconds(1), kStart), std::nullopt);
}

TEST(MessageId, LivesDiffer) {
  EXPECT_EQ(MessageId("p", "c", "s", "step", 7), "p:c:s:step:7");
  EXPECT_EQ(MessageId("p", "c", "s", "step", 0), "p:c:s:step");
  const std::string long_id(128, ':'), name(64, 'n');
  const int64_t life = absl::ToUnixMicros(kStart);
  EXPECT_LE(MessageId(name, long_id, long_id, name, life).size(), 400u);
  EXPECT_NE(MessageId(name, long_id, long_id, name, life),
            MessageId(name, long_id, long_id, name));
}

class ReversedTest : public ::testing::Test {
 protected:
  ReversedTest() {
    playbook_.trigger = Trigger::kReferralConverted;
    const Started started =
        StartPlaybook({playbook_, 1, kStart, true}, MakeContact(),
                      {Trigger::kReferralConverted, "ada", "r1", "r1", kStart, "c1"});
    enrollment_ = started.enrollment;
    message_ = started.messages.front();
  }
  Message Again(const Message& message) {
    return Restarted(message, playbook_, MakeContact(), fact_);
  }
  const TriggerFact fact_{Trigger::kReferralConverted, "ada", "r1", "r1",
                          kStart + absl::Hours(5),     "c2"};
  Playbook playbook_ = MakePlaybook();
  Enrollment enrollment_;
  Message message_;
};

TEST_F(ReversedTest, EndsWhatItStarted) {
  EXPECT_EQ(enrollment_.conversion_id, "c1");
  EXPECT_TRUE(IsReversible(enrollment_));
  EXPECT_EQ(EndedBy(enrollment_, {.reversed = true}), reasons::kConversionReversed);
  enrollment_.ended_by = std::string(reasons::kConversionReversed);
  EXPECT_FALSE(IsReversible(enrollment_));
  enrollment_.conversion_id.clear();
  enrollment_.ended_by.clear();
  EXPECT_FALSE(IsReversible(enrollment_)) << "another trigger";
}

TEST_F(ReversedTest, StandsAboveChurnWhicheverCameFirst) {
  enrollment_.exit_on_churn = true;
  EXPECT_EQ(EndedBy(enrollment_, {.churn_time = kStart, .reversed = true}),
            reasons::kConversionReversed);
  const Message churned = Exited(message_, reasons::kChurned, kStart);
  const Message reversed = Exited(message_, reasons::kConversionReversed, kStart);
  EXPECT_EQ(Exited(churned, reasons::kConversionReversed, kStart), reversed);
  EXPECT_EQ(Exited(reversed, reasons::kChurned, kStart), reversed);
}

TEST_F(ReversedTest, OnlyWhatTheReversalTookBackStartsAgain) {
  const Message again = Again(Exited(message_, reasons::kConversionReversed, kStart));
  EXPECT_EQ(again.state, MessageState::kScheduled);
  EXPECT_EQ(again.planned_time, fact_.time);
  EXPECT_EQ(again.due_time, fact_.time);
  EXPECT_EQ(again.on_time, fact_.time);
  EXPECT_EQ(again.reason, "");
  const Message leased = Leased(message_, {"t", kStart, kStart + absl::Minutes(1), "w"});
  const Message sent = *Acked(leased, "t", kStart);
  EXPECT_EQ(Again(sent), sent);
  const Message dead = *Nacked(leased, {"t", "no", true}, playbook_, "", kStart);
  EXPECT_EQ(Again(dead), dead);
  const Message late = Settled(message_, {Outcome::kSkip, kStart, "late", "", {}}, kStart);
  EXPECT_EQ(Again(late), late);
  EXPECT_EQ(Again(Exited(leased, reasons::kConversionReversed, kStart)), leased)
      << "its sender goes on";
}

TEST_F(ReversedTest, UsedUpAttemptsDoNotStartAgain) {
  playbook_.max_attempts = 1;
  Message message = Leased(message_, {"t", kStart, kStart + absl::Minutes(1), "w"});
  message = Exited(message, reasons::kConversionReversed, kStart);
  message = *Nacked(message, {"t", "busy", false}, playbook_, "", kStart);
  EXPECT_EQ(message.reason, reasons::kConversionReversed);
  EXPECT_EQ(Again(message).state, MessageState::kSkipped);
}

TEST(Withdrawn, OnlyWhatAnAttributionStartedUntilItConverts) {
  TriggerFact fact{Trigger::kSignupAttributed, "ada", "ada", "r1", kStart};
  Enrollment enrollment =
      StartPlaybook({MakePlaybook(), 1, kStart, true}, MakeContact(), fact).enrollment;
  EXPECT_TRUE(IsWithdrawable(enrollment));
  enrollment.ended_by = std::string(reasons::kChurned);
  EXPECT_TRUE(IsWithdrawable(enrollment));
  enrollment.ended_by = std::string(reasons::kConverted);
  EXPECT_FALSE(IsWithdrawable(enrollment));
  fact.trigger = Trigger::kCustomerOnboarded;
  EXPECT_FALSE(IsWithdrawable(
      StartPlaybook({MakePlaybook(), 1, kStart, true}, MakeContact(), fact).enrollment));
}

TEST(Withdrawn, StaysSoUntilAnotherAttributionOrAConversion) {
  const TriggerFact fact{Trigger::kSignupAttributed, "ada", "ada", "r2", kStart};
  Playbook playbook = MakePlaybook();
  playbook.exit_on_conversion = playbook.exit_on_churn = true;
  Started started = StartPlaybook({playbook, 1, kStart, true}, MakeContact(), fact);
  Enrollment& enrollment = started.enrollment;
  enrollment.referral_id.clear();
  enrollment.ended_by = std::string(reasons::kUnattributed);
  EXPECT_FALSE(IsWithdrawable(enrollment));
  EXPECT_TRUE(IsTakenBack(enrollment));
  EXPECT_EQ(EndedBy(enrollment, {}), reasons::kUnattributed);
  EXPECT_EQ(EndedBy(enrollment, {.churn_time = kStart}), reasons::kUnattributed);
  EXPECT_EQ(EndedBy(enrollment, {.converted = true}), reasons::kConverted);
  const Enrollment again = Restarted(enrollment, fact);
  EXPECT_EQ(again.referral_id, "r2");
  EXPECT_EQ(EndedBy(again, {}), std::nullopt);
  const Message& message = started.messages.front();
  const Message skipped = Exited(message, reasons::kUnattributed, kStart);
  EXPECT_EQ(skipped.state, MessageState::kSkipped);
  EXPECT_EQ(Restarted(skipped, playbook, MakeContact(), fact), message);
}

}  // namespace
}  // namespace kith::outreach
