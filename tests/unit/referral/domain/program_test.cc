#include "services/referral/domain/program.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/program_fields.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RewardRule Fixed(std::string rule_id, int64_t minor) {
  RewardRule rule;
  rule.rule_id = std::move(rule_id);
  rule.fixed_minor = minor;
  return rule;
}

Program Sample() {
  Program program;
  program.program_id = "acme";
  program.display_name = "Acme = \n\"friends\"";
  program.currency = "EUR";
  program.time_zone = "Europe/Berlin";
  program.attribution.touch_window = absl::Hours(24 * 7);
  program.attribution.model = AttributionModel::kFirstTouch;
  program.rewards.push_back(Fixed("thanks", 1000));
  RewardRule share;
  share.rule_id = "share.of-all";
  share.side = RewardSide::kReferee;
  share.kind = RewardKind::kCredit;
  share.percent_basis_points = 2000;
  share.holding_period = absl::Hours(24 * 30) + absl::Microseconds(1);
  share.min_conversion_minor = 0;
  share.max_rewards_per_recipient = 0;
  program.rewards.push_back(share);
  return program;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  if (const auto details = GetErrorDetails(status)) {
    for (const auto& violation : details->fields) fields.push_back(violation.field);
  }
  return fields;
}

TEST(ValidateProgramTest, AcceptsTheSample) { EXPECT_TRUE(ValidateProgram(Sample()).ok()); }

TEST(ValidateProgramTest, ReportsEveryViolationByItsPath) {
  Program program = Sample();
  program.attribution.touch_window = absl::Seconds(-1);
  program.attribution.lead_window = absl::Hours(24 * 36501);
  program.rewards[0].percent_basis_points = 1;
  program.rewards[1].rule_id = "thanks";
  program.rewards[1].percent_basis_points.reset();
  program.rewards[1].holding_period = absl::InfiniteDuration();
  const absl::Status status = ValidateProgram(program);
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_THAT(
      FieldsOf(status),
      ElementsAre("program.attribution.touch_window", "program.attribution.lead_window",
                  "program.rewards[0].amount", "program.rewards[1].rule_id",
                  "program.rewards[1].amount", "program.rewards[1].holding_period"));
}

const absl::Time kJune = absl::FromUnixSeconds(1780000000);

TEST(EffectiveTimeTest, TheFirstVersionHoldsSinceEver) {
  EXPECT_EQ(*EffectiveTime(nullptr, std::nullopt, kJune), std::nullopt);
  EXPECT_EQ(*EffectiveTime(nullptr, kJune, kJune), kJune);
}

TEST(EffectiveTimeTest, ALaterVersionHoldsFromNowUnlessItSaysWhen) {
  const ProgramVersion first{Sample(), 1, std::nullopt};
  EXPECT_EQ(*EffectiveTime(&first, std::nullopt, kJune), kJune);
  EXPECT_EQ(*EffectiveTime(&first, kJune - absl::Hours(1), kJune), kJune - absl::Hours(1));
}

TEST(EffectiveTimeTest, DoesNotGoBackBehindTheNewestVersion) {
  const ProgramVersion second{Sample(), 2, kJune};
  EXPECT_EQ(*EffectiveTime(&second, kJune, kJune), kJune);
  const auto refused = EffectiveTime(&second, kJune - absl::Microseconds(1), kJune);
  EXPECT_THAT(FieldsOf(refused.status()), ElementsAre("program.effective_time"));
}

TEST(VersionInForceTest, IsTheNewestThatHolds) {
  const ProgramVersion first{Sample(), 1, kJune};
  const ProgramVersion second{Sample(), 2, kJune + absl::Hours(1)};
  const ProgramVersion third{Sample(), 3, kJune + absl::Hours(1)};
  const std::vector<const ProgramVersion*> all = {&first, &second, &third};
  EXPECT_EQ(VersionInForce(all, kJune - absl::Microseconds(1)), nullptr);
  EXPECT_EQ(VersionInForce(all, kJune), &first);
  EXPECT_EQ(VersionInForce(all, kJune + absl::Hours(1) - absl::Microseconds(1)), &first);
  EXPECT_EQ(VersionInForce(all, kJune + absl::Hours(1)), &third);
}

TEST(ProgramFieldsTest, HoldTheWholeProgram) {
  EXPECT_EQ(*FromFields("acme", ToFields(Sample())), Sample());
  Program empty;
  empty.program_id = "p";
  empty.currency = "USD";
  EXPECT_EQ(*FromFields("p", ToFields(empty)), empty);
}

TEST(ProgramFieldsTest, UnknownFieldsAreDamage) {
  EXPECT_FALSE(FromFields("p", {{"nonsense", "1"}}).ok());
  EXPECT_FALSE(FromFields("p", {{"rewards[a", "1"}}).ok());
  EXPECT_FALSE(FromFields("p", {{"rewards[a].fixed_minor", "x"}}).ok());
  EXPECT_FALSE(FromFields("p", {{"attribution.model", "best"}}).ok());
}

TEST(DifferencesTest, NameFieldsAndValues) {
  const Program before = Sample();
  Program changed = before;
  changed.rewards[0].fixed_minor = 1500;
  changed.rewards[1].max_rewards_per_recipient.reset();
  changed.attribution.lead_window = absl::Hours(24);
  EXPECT_THAT(
      Differences(&before, changed),
      ElementsAre(FieldChange{"attribution.lead_window", "2160h", "24h"},
                  FieldChange{"rewards[share.of-all].max_rewards_per_recipient", "0", ""},
                  FieldChange{"rewards[thanks].fixed_minor", "1000", "1500"}));
}

TEST(DifferencesTest, TheOrderOfRulesIsNone) {
  const Program before = Sample();
  Program swapped = before;
  std::swap(swapped.rewards[0], swapped.rewards[1]);
  EXPECT_THAT(Differences(&before, swapped), IsEmpty());
}

TEST(DifferencesTest, OfAFirstVersionAreAllFields) {
  Program program;
  program.currency = "EUR";
  EXPECT_THAT(
      Differences(nullptr, program),
      ElementsAre(FieldChange{"attribution.lead_window", "", "2160h"},
                  FieldChange{"attribution.model", "", "last_touch"},
                  FieldChange{"attribution.touch_window", "", "720h"},
                  FieldChange{"currency", "", "EUR"}, FieldChange{"time_zone", "", "UTC"}));
}

}  // namespace
}  // namespace kith::referral::domain
