#include "services/referral/domain/campaign.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;

absl::TimeZone Berlin() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Berlin", &zone));
  return zone;
}

absl::Time Local(int year, int month, int day, int hour = 0) {
  return absl::FromCivil(absl::CivilHour(year, month, day, hour), Berlin());
}

Campaign From(absl::Time start, absl::Time end, Recurrence recurrence = Recurrence::kNone) {
  Campaign campaign;
  campaign.campaign_id = "c";
  campaign.start_time = start;
  campaign.end_time = end;
  campaign.recurrence = recurrence;
  return campaign;
}

TEST(SeasonAtTest, OfOneRunItIsThatRun) {
  const absl::Time start = Local(2025, 6, 1);
  const absl::Time end = Local(2025, 9, 1);
  const Campaign campaign = From(start, end);
  EXPECT_EQ(SeasonAt(campaign, start - absl::Microseconds(1), Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, start, Berlin()), (Season{start, end}));
  EXPECT_EQ(SeasonAt(campaign, end - absl::Microseconds(1), Berlin()), (Season{start, end}));
  EXPECT_EQ(SeasonAt(campaign, end, Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, Local(2026, 7, 1), Berlin()), std::nullopt);
}

TEST(NextStartTest, OfOneRunItIsItsStartUntilThen) {
  const Campaign campaign = From(Local(2025, 6, 1), Local(2025, 9, 1));
  EXPECT_EQ(NextStart(campaign, Local(2024, 1, 1), Berlin()), Local(2025, 6, 1));
  EXPECT_EQ(NextStart(campaign, Local(2025, 6, 1), Berlin()), std::nullopt);
  EXPECT_EQ(NextStart(campaign, Local(2025, 10, 1), Berlin()), std::nullopt);
  EXPECT_EQ(NextStart(Campaign(), Local(2025, 10, 1), Berlin()), std::nullopt);
}

TEST(NextStartTest, AYearlyRunComesAgainOnItsLocalDay) {
  const Campaign campaign =
      From(Local(2024, 2, 29, 8), Local(2024, 3, 6, 20), Recurrence::kYearly);
  EXPECT_EQ(NextStart(campaign, Local(2020, 1, 1), Berlin()), Local(2024, 2, 29, 8));
  EXPECT_EQ(NextStart(campaign, Local(2024, 3, 1), Berlin()), Local(2025, 2, 28, 8));
  EXPECT_EQ(NextStart(campaign, Local(2025, 2, 28, 7), Berlin()), Local(2025, 2, 28, 8));
  EXPECT_EQ(NextStart(campaign, Local(2027, 12, 31, 23), Berlin()), Local(2028, 2, 29, 8));
  // By the year of the zone: in UTC it is still 2025.
  EXPECT_EQ(NextStart(campaign, Local(2026, 1, 1), Berlin()), Local(2026, 2, 28, 8));
}

TEST(SeasonAtTest, WithoutTimesItAlwaysRuns) {
  Campaign campaign;
  EXPECT_EQ(SeasonAt(campaign, absl::UnixEpoch(), Berlin()), Season());
}

TEST(SeasonAtTest, AYearlyRunKeepsLocalDaysAndHoursOverTheNewYear) {
  const Campaign campaign =
      From(Local(2024, 12, 1, 8), Local(2025, 1, 6, 20), Recurrence::kYearly);
  EXPECT_EQ(SeasonAt(campaign, Local(2024, 11, 30), Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, Local(2023, 12, 24), Berlin()), std::nullopt);
  const Season third{Local(2026, 12, 1, 8), Local(2027, 1, 6, 20)};
  EXPECT_EQ(SeasonAt(campaign, Local(2026, 12, 1, 7), Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, Local(2026, 12, 1, 8), Berlin()), third);
  EXPECT_EQ(SeasonAt(campaign, Local(2027, 1, 6, 19), Berlin()), third);
  EXPECT_EQ(SeasonAt(campaign, Local(2027, 1, 6, 20), Berlin()), std::nullopt);
}

TEST(SeasonAtTest, HoursStayLocalAcrossSummerTime) {
  // From the day before the clocks go forward in 2025 until the day after.
  const Campaign campaign =
      From(Local(2025, 3, 29, 10), Local(2025, 3, 31, 10), Recurrence::kYearly);
  // In 2026 both are on summer time.
  EXPECT_EQ(SeasonAt(campaign, Local(2026, 3, 30), Berlin()),
            (Season{Local(2026, 3, 29, 10), Local(2026, 3, 31, 10)}));
}

TEST(SeasonAtTest, TheLeapDayIsTheLastOfFebruaryInOtherYears) {
  const Campaign campaign = From(Local(2024, 2, 29), Local(2024, 3, 1), Recurrence::kYearly);
  EXPECT_EQ(SeasonAt(campaign, Local(2025, 2, 28, 12), Berlin()),
            (Season{Local(2025, 2, 28), Local(2025, 3, 1)}));
  EXPECT_EQ(SeasonAt(campaign, Local(2028, 2, 28, 12), Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, Local(2028, 2, 29, 12), Berlin()),
            (Season{Local(2028, 2, 29), Local(2028, 3, 1)}));
}

TEST(SeasonAtTest, ARunUntilTheLeapDayHasAllDaysBeforeItInOtherYears) {
  const Campaign campaign = From(Local(2024, 2, 1), Local(2024, 2, 29), Recurrence::kYearly);
  EXPECT_EQ(SeasonAt(campaign, Local(2025, 2, 28, 12), Berlin()),
            (Season{Local(2025, 2, 1), Local(2025, 3, 1)}));
  EXPECT_EQ(SeasonAt(campaign, Local(2028, 2, 29, 12), Berlin()), std::nullopt);
}

TEST(SeasonAtTest, FractionsOfASecondStay) {
  const absl::Time start = Local(2024, 5, 1) + absl::Microseconds(5);
  const Campaign campaign = From(start, start + absl::Hours(1), Recurrence::kYearly);
  const absl::Time later = Local(2025, 5, 1) + absl::Microseconds(5);
  EXPECT_EQ(SeasonAt(campaign, later - absl::Microseconds(1), Berlin()), std::nullopt);
  EXPECT_EQ(SeasonAt(campaign, later, Berlin()), (Season{later, later + absl::Hours(1)}));
}

TEST(CheckCampaignTest, ChecksSeasonThenAudience) {
  const Program program = FullProgram();
  const absl::Time in = absl::FromUnixSeconds(1765000000);
  Advocate advocate;
  EXPECT_TRUE(CheckCampaign(program, "", advocate, in).ok());
  EXPECT_TRUE(CheckCampaign(program, "a-label", advocate, in).ok());
  EXPECT_TRUE(CheckCampaign(program, "winter", advocate, in).ok());
  EXPECT_TRUE(CheckCampaign(program, "winter", advocate, in + absl::Hours(24 * 365)).ok());
  EXPECT_EQ(
      GetErrorReason(CheckCampaign(program, "winter", advocate, in + absl::Hours(24 * 60))),
      "CAMPAIGN_CLOSED");
  advocate.segment = "dormant";
  EXPECT_EQ(GetErrorReason(CheckCampaign(program, "winter", advocate, in)), "NOT_IN_AUDIENCE");
}

std::vector<std::string> Keys(const Program& program, absl::string_view campaign_id) {
  std::vector<std::string> keys;
  for (const RuleInForce& rule : RulesFor(program, campaign_id)) keys.push_back(RuleKey(rule));
  return keys;
}

TEST(RulesForTest, ACampaignAddsOrReplaces) {
  Program program = FullProgram();
  EXPECT_THAT(Keys(program, ""), ElementsAre("thanks", "share", "stays"));
  EXPECT_THAT(Keys(program, "a-label"), ElementsAre("thanks", "share", "stays"));
  EXPECT_THAT(Keys(program, "winter"), ElementsAre("winter/gift", "winter/entry"));
  program.campaigns[0].replaces_rewards = false;
  EXPECT_THAT(Keys(program, "winter"),
              ElementsAre("thanks", "share", "stays", "winter/gift", "winter/entry"));
}

TEST(ZoneOfTest, AnUnknownZoneIsUtc) {
  Program program;
  program.time_zone = "Europe/Berlin";
  EXPECT_EQ(ZoneOf(program), Berlin());
  program.time_zone = "Nowhere/Atall";
  EXPECT_EQ(ZoneOf(program), absl::UTCTimeZone());
}

TEST(AddFieldsTest, WhatIsKnownHidesAttributesOfItsName) {
  Advocate advocate;
  advocate.kind = "partner";
  advocate.attributes = {{"score", "9"}, {"tier", "faked"}, {"conversions", "faked"}};
  advocate.conversions = 2;
  FieldValues values;
  AddFields(advocate, values);
  EXPECT_EQ(values, (FieldValues{{"advocate.kind", "partner"},
                                 {"advocate.score", "9"},
                                 {"advocate.referrals", "0"},
                                 {"advocate.signups", "0"},
                                 {"advocate.conversions", "2"},
                                 {"advocate.qualified", "0"}}));
}

}  // namespace
}  // namespace kith::referral::domain
