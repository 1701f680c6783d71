#include "services/outreach/store/playbook_codec.h"

#include "gtest/gtest.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

Playbook FullPlaybook() {
  Playbook playbook = MakePlaybook();
  playbook.steps.push_back(
      MakeStep("two", absl::Microseconds(1234567), StepKind::kHumanTask, Channel::kTask));
  playbook.steps[1].cap_policy = CapPolicy::kSkip;
  playbook.steps[1].ignores_caps = true;
  playbook.steps[1].counts_towards_caps = true;
  playbook.quiet_hours = QuietHours{0, 1439};
  playbook.caps = {{0, 1}, {1000, 400, StepKind::kNotice, Channel::kWebhook}};
  playbook.time_zone = "America/Argentina/ComodRivadavia";
  playbook.exit_on_conversion = true;
  playbook.exit_on_churn = true;
  playbook.max_lateness = absl::ZeroDuration();
  playbook.max_attempts = 100;
  return playbook;
}

Playbook RoundTrip(const Playbook& playbook) {
  Playbook read = DecodeRules(EncodeRules(playbook));
  read.program_id = playbook.program_id;
  read.playbook_id = playbook.playbook_id;
  return read;
}

TEST(PlaybookCodec, KeepsEverything) {
  EXPECT_EQ(RoundTrip(FullPlaybook()), FullPlaybook());
  EXPECT_EQ(RoundTrip(MakePlaybook()), MakePlaybook());
}

TEST(PlaybookCodec, KeepsTheDifferenceBetweenAbsentAndSet) {
  Playbook playbook = MakePlaybook();
  for (std::optional<bool> counts :
       {std::optional<bool>(), std::optional(true), std::optional(false)}) {
    playbook.steps[0].counts_towards_caps = counts;
    EXPECT_EQ(RoundTrip(playbook), playbook);
  }
}

TEST(PlaybookCodec, PassesOverWhatItDoesNotKnow) {
  const std::string newer = EncodeRules(FullPlaybook()) + "holidays DE FR\n";
  EXPECT_EQ(EncodeRules(DecodeRules(newer)), EncodeRules(FullPlaybook()));
  EXPECT_TRUE(DecodeRules("step\ncap\nnonsense").steps.size() == 1);
}

TEST(PlaybookCodec, KeepsSuppressions) {
  Contact contact = MakeContact();
  EXPECT_TRUE(DecodeSuppressions(EncodeSuppressions(contact)).empty());
  contact.suppressions = {{Channel::kAny, "do_not_contact"}, {Channel::kTask, "a.b-c_9"}};
  EXPECT_EQ(EncodeSuppressions(contact), "any:do_not_contact task:a.b-c_9");
  EXPECT_EQ(DecodeSuppressions(EncodeSuppressions(contact)), contact.suppressions);
}

}  // namespace
}  // namespace kith::outreach
