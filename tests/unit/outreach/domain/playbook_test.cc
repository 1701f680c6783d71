#include "services/outreach/domain/playbook.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/domain/reasons.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kStart = At("2026-05-01T10:00:00Z");

std::vector<std::string> WrongFields(const Playbook& playbook) {
  std::vector<std::string> fields;
  const absl::Status status = Validate(playbook);
  if (status.ok()) return fields;
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  for (const FieldViolation& wrong : details->fields) {
    fields.push_back(wrong.field);
  }
  return fields;
}

TEST(Playbook, ValidationNamesEveryWrongField) {
  EXPECT_THAT(WrongFields(MakePlaybook()), IsEmpty());
  Playbook playbook = MakePlaybook();
  playbook.steps.push_back(MakeStep("hello", -absl::Seconds(1)));
  playbook.time_zone = "Mars/Olympus";
  playbook.max_lateness = -absl::Seconds(1);
  EXPECT_THAT(WrongFields(playbook),
              ElementsAre("playbook.steps[1].step_id", "playbook.steps[1].after",
                          "playbook.time_zone", "playbook.max_lateness"));
}

TEST(Playbook, CannotEndByItsOwnTrigger) {
  Playbook playbook = MakePlaybook();
  playbook.trigger = Trigger::kReferralConverted;
  playbook.exit_on_conversion = true;
  EXPECT_THAT(WrongFields(playbook), ElementsAre("playbook.exit_on_conversion"));
  playbook = MakePlaybook();
  playbook.trigger = Trigger::kCustomerChurned;
  playbook.exit_on_churn = true;
  EXPECT_THAT(WrongFields(playbook), ElementsAre("playbook.exit_on_churn"));
}

TEST(Playbook, DifferencesNameWhatChanges) {
  const Playbook stored = MakePlaybook();
  EXPECT_THAT(Differences(&stored, stored), IsEmpty());
  Playbook applied = stored;
  applied.steps[0].after = absl::Hours(1);
  applied.steps.push_back(MakeStep("again", absl::Hours(48), StepKind::kNotice));
  applied.caps = {{.max_messages = 1, .days = 7}};
  applied.exit_on_churn = true;
  EXPECT_THAT(Differences(&stored, applied),
              ElementsAre(Difference{"steps", "hello", "hello, again"},
                          Difference{"steps[hello].after", "0", "1h"},
                          Difference{"steps[again].after", "", "48h"},
                          Difference{"steps[again].kind", "", "notice"},
                          Difference{"steps[again].channel", "", "email"},
                          Difference{"steps[again].template", "", "again"},
                          Difference{"steps[again].cap_policy", "", "defer"},
                          Difference{"caps[0]", "", "1 message in 7 days"},
                          Difference{"exit_on_churn", "", "true"}));
  EXPECT_EQ(Differences(&applied, stored).back(),
            (Difference{"caps[0]", "1 message in 7 days", ""}));
  EXPECT_EQ(Differences(nullptr, stored).front(),
            (Difference{"trigger", "", "signup_attributed"}));
}

TEST(Enrollment, MakesOneMessageAStep) {
  Playbook playbook = MakePlaybook();
  playbook.steps.push_back(
      MakeStep("call", absl::Hours(48), StepKind::kHumanTask, Channel::kTask));
  playbook.steps[1].counts_towards_caps = false;
  const Started started =
      StartPlaybook({playbook, 3, kStart, true}, MakeContact(),
                    {Trigger::kSignupAttributed, "ada", "ada", "", kStart});
  ASSERT_EQ(started.messages.size(), 2u);
  EXPECT_EQ(started.messages[0].message_id, "welcome:ada:ada:hello");
  EXPECT_EQ(started.messages[0].started_by, "signup_attributed ada");
  EXPECT_EQ(started.messages[1].planned_time, kStart + absl::Hours(48));
  EXPECT_EQ(started.messages[1].playbook_version, 3);
  EXPECT_FALSE(started.messages[1].counts_towards_caps);
  EXPECT_EQ(started.enrollment.playbook_version, 3);
}

TEST(Enrollment, EndsByConversionOrLaterChurn) {
  Enrollment enrollment;
  enrollment.trigger_time = kStart;
  EXPECT_EQ(EndedBy(enrollment, {true, kStart}), std::nullopt) << "it has no exits";
  enrollment.exit_on_conversion = true;
  enrollment.exit_on_churn = true;
  EXPECT_EQ(EndedBy(enrollment, {}), std::nullopt);
  EXPECT_EQ(EndedBy(enrollment, {true, {}}), reasons::kConverted);
  EXPECT_EQ(EndedBy(enrollment, {false, kStart}), reasons::kChurned);
  EXPECT_EQ(EndedBy(enrollment, {false, kStart - absl::Seconds(1)}), std::nullopt)
      << "left before and came back";
}

TEST(Enrollment, ZoneLearntLaterGivesTheSameTimes) {
  Playbook playbook = MakePlaybook();
  playbook.quiet_hours = QuietHours{22 * 60, 6 * 60};
  const absl::Time night = At("2026-05-01T23:00:00Z");
  const Message unknown = FirstMessage(playbook, MakeContact(), night);
  const Message known = FirstMessage(playbook, MakeContact("America/New_York"), night);
  EXPECT_EQ(known.due_time, night);
  EXPECT_EQ(Rezoned(unknown, playbook, "", "America/New_York"), known);
  Message retried = unknown;
  retried.attempt = 1;
  EXPECT_EQ(Rezoned(retried, playbook, "", "America/New_York"), retried);
}

}  // namespace
}  // namespace kith::outreach
