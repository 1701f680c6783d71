#include "services/referral/domain/program_fields.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/field_text.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ProgramFieldsTest, HoldTheWholeProgram) {
  EXPECT_EQ(*FromFields("acme", ToFields(FullProgram())), FullProgram());
  Program empty;
  empty.program_id = "p";
  empty.currency = "USD";
  EXPECT_EQ(*FromFields("p", ToFields(empty)), empty);
}

TEST(ProgramFieldsTest, NameElementsByWhatMakesThemUnique) {
  const std::vector<Field> fields = ToFields(FullProgram());
  for (const Field& field :
       std::vector<Field>{{"rewards[share].cases[1].when",
                           "advocate.tier in champion|defender or occasion.ordinal less 3"},
                          {"rewards[share].cases[0].annual_percent_basis_points", "500"},
                          {"rewards[share].caps[recipient/month].max_rewards", "3"},
                          {"rewards[share].occurrence", "every"},
                          {"rewards[share].expires_after", "2160h"},
                          {"campaigns[winter].start_time", "2025-12-01T00:00:00.000005+00:00"},
                          {"campaigns[winter].rewards[entry].repeat", "yes"},
                          {"campaigns[winter].quality.auto_pause", "yes"},
                          {"campaigns[always].kind", "other"},
                          {"fraud.weights[velocity].weight", "0"},
                          {"fraud.velocity[advocate].max_per_day", "0"},
                          {"fraud.paid_sources", "ads%2C paid, 100%25 bought"},
                          {"success.events", "order_paid, renewed"},
                          {"leads.follow_up_sla", "48h"},
                          {"caps[program/year].max_minor", "0"}}) {
    EXPECT_THAT(fields, Contains(field));
  }
}

// What the first release wrote must be read for ever.
TEST(ProgramFieldsTest, ReadWhatWasStoredBefore) {
  const Program program = *FromFields("old", {{"display_name", "Old"},
                                              {"currency", "EUR"},
                                              {"time_zone", "UTC"},
                                              {"attribution.touch_window", "720h"},
                                              {"attribution.lead_window", "2160h"},
                                              {"attribution.model", "first_touch"},
                                              {"rewards[thanks].side", "referrer"},
                                              {"rewards[thanks].kind", "cash"},
                                              {"rewards[thanks].fixed_minor", "1000"},
                                              {"rewards[thanks].holding_period", "0"},
                                              {"rewards[share].side", "referee"},
                                              {"rewards[share].kind", "credit"},
                                              {"rewards[share].percent_basis_points", "2000"},
                                              {"rewards[share].holding_period", "720h"},
                                              {"rewards[share].min_conversion_minor", "0"}});
  Program expected;
  expected.program_id = "old";
  expected.display_name = "Old";
  expected.currency = "EUR";
  expected.attribution.model = AttributionModel::kFirstTouch;
  RewardRule share;
  share.rule_id = "share";
  share.side = RewardSide::kReferee;
  share.kind = RewardKind::kCredit;
  share.amount.percent_basis_points = 2000;
  share.holding_period = absl::Hours(720);
  share.min_conversion_minor = 0;
  expected.rewards = {FixedRule("thanks", 1000), share};
  EXPECT_EQ(program, expected);
}

TEST(ProgramFieldsTest, UnknownFieldsAreDamage) {
  for (const Field& field : std::vector<Field>{{"nonsense", "1"},
                                               {"rewards[a", "1"},
                                               {"rewards[a].fixed_minor", "x"},
                                               {"rewards[a].amount", "1"},
                                               {"rewards[a].cases[x].when", "lead.a exists"},
                                               {"rewards[a].condition", "lead.a"},
                                               {"rewards[a].repeat", "maybe"},
                                               {"attribution.model", "best"},
                                               {"attribution", "1"},
                                               {"caps[program].max_minor", "1"},
                                               {"fraud.weights[luck].weight", "1"},
                                               {"campaigns[c].start_time", "today"}}) {
    EXPECT_FALSE(FromFields("p", {field}).ok()) << field.path;
  }
}

TEST(FieldTextTest, ListsKeepCommas) {
  for (const std::vector<std::string>& list :
       {std::vector<std::string>{"a"}, {"a", "b"}, {"a, b", "c%2Cd"}, {"", "x"}}) {
    std::vector<std::string> read;
    EXPECT_TRUE(ParseField(FieldText(list), read));
    EXPECT_EQ(read, list);
  }
}

TEST(DifferencesTest, NameFieldsAndValues) {
  const Program before = FullProgram();
  Program changed = before;
  changed.rewards[0].amount.fixed_minor = 1500;
  changed.rewards[1].max_rewards_per_recipient.reset();
  changed.rewards[1].cases[0].when = When("order.plan equals silver");
  changed.attribution.lead_window = absl::Hours(24);
  changed.campaigns.pop_back();
  EXPECT_THAT(Differences(&before, changed),
              ElementsAre(FieldChange{"attribution.lead_window", "1440h", "24h"},
                          FieldChange{"campaigns[always].kind", "other", ""},
                          FieldChange{"rewards[share].cases[0].when", "order.plan equals gold",
                                      "order.plan equals silver"},
                          FieldChange{"rewards[share].max_rewards_per_recipient", "0", ""},
                          FieldChange{"rewards[thanks].fixed_minor", "1000", "1500"}));
}

TEST(DifferencesTest, OnlyTheOrderOfCasesMeansSomething) {
  const Program before = FullProgram();
  Program swapped = before;
  std::reverse(swapped.rewards.begin(), swapped.rewards.end());
  std::reverse(swapped.campaigns.begin(), swapped.campaigns.end());
  std::reverse(swapped.fraud.weights.begin(), swapped.fraud.weights.end());
  EXPECT_THAT(Differences(&before, swapped), IsEmpty());
  swapped = before;
  std::reverse(swapped.rewards[1].cases.begin(), swapped.rewards[1].cases.end());
  EXPECT_EQ(Differences(&before, swapped).size(), 6u);
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
