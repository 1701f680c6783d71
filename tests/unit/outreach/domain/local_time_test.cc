#include "services/outreach/domain/local_time.h"

#include "gtest/gtest.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

constexpr QuietHours kNight{22 * 60, 6 * 60};

absl::TimeZone Load(absl::string_view name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

absl::Time Awake(absl::string_view time, const QuietHours& quiet, absl::string_view zone) {
  return AfterQuietHours(At(time), quiet, Load(zone));
}

TEST(QuietHours, CrossMidnight) {
  // Berlin is at +01:00 in winter.
  EXPECT_EQ(Awake("2026-01-15T20:59:59Z", kNight, "Europe/Berlin"),
            At("2026-01-15T20:59:59Z"));
  EXPECT_EQ(Awake("2026-01-15T21:00:00Z", kNight, "Europe/Berlin"),
            At("2026-01-16T05:00:00Z"));
  EXPECT_EQ(Awake("2026-01-15T23:30:00Z", kNight, "Europe/Berlin"),
            At("2026-01-16T05:00:00Z"));
  EXPECT_EQ(Awake("2026-01-16T04:59:59Z", kNight, "Europe/Berlin"),
            At("2026-01-16T05:00:00Z"));
  EXPECT_EQ(Awake("2026-01-16T05:00:00Z", kNight, "Europe/Berlin"),
            At("2026-01-16T05:00:00Z"));
}

TEST(QuietHours, WithinOneDay) {
  const QuietHours siesta{12 * 60, 15 * 60};
  EXPECT_EQ(Awake("2026-01-15T10:59:00Z", siesta, "Europe/Berlin"),
            At("2026-01-15T10:59:00Z"));
  EXPECT_EQ(Awake("2026-01-15T12:00:00Z", siesta, "Europe/Berlin"),
            At("2026-01-15T14:00:00Z"));
  EXPECT_EQ(Awake("2026-01-15T14:00:00Z", siesta, "Europe/Berlin"),
            At("2026-01-15T14:00:00Z"));
}

TEST(QuietHours, SameStartAndEndIsNeverQuiet) {
  EXPECT_EQ(Awake("2026-01-15T12:00:00Z", {600, 600}, "UTC"), At("2026-01-15T12:00:00Z"));
  EXPECT_EQ(QuietUntil(At("2026-01-15T12:00:00Z"), std::nullopt, absl::UTCTimeZone()),
            std::nullopt);
}

TEST(QuietHours, HalfHourZone) {
  // India is at +05:30: 16:30Z is 22:00, 00:30Z is 06:00.
  EXPECT_EQ(Awake("2026-07-01T16:29:00Z", kNight, "Asia/Kolkata"), At("2026-07-01T16:29:00Z"));
  EXPECT_EQ(Awake("2026-07-01T16:30:00Z", kNight, "Asia/Kolkata"), At("2026-07-02T00:30:00Z"));
}

// The mistake: today's offset applied to a later date.
TEST(QuietHours, OffsetIsThatOfTheDateInQuestion) {
  EXPECT_EQ(Awake("2026-03-28T23:00:00Z", kNight, "Europe/Berlin"),
            At("2026-03-29T04:00:00Z"));
  EXPECT_EQ(Awake("2026-03-27T23:00:00Z", kNight, "Europe/Berlin"),
            At("2026-03-28T05:00:00Z"));
  EXPECT_EQ(Awake("2026-11-01T03:00:00Z", kNight, "America/New_York"),
            At("2026-11-01T11:00:00Z"));
  EXPECT_EQ(Awake("2026-10-31T03:00:00Z", kNight, "America/New_York"),
            At("2026-10-31T10:00:00Z"));
}

// The mistake: one offset for all contacts, or the UTC date for the local one.
TEST(QuietHours, SameInstantDiffersByZone) {
  const absl::string_view time = "2026-06-10T22:30:00Z";
  EXPECT_EQ(Awake(time, kNight, "Europe/Berlin"), At("2026-06-11T04:00:00Z"));     // 00:30
  EXPECT_EQ(Awake(time, kNight, "America/New_York"), At("2026-06-10T22:30:00Z"));  // 18:30
  EXPECT_EQ(Awake(time, kNight, "Asia/Kolkata"), At("2026-06-11T00:30:00Z"));      // 04:00
}

TEST(LocalTime, SkippedHourMovesToTheNextValidInstant) {
  EXPECT_EQ(ToInstant(absl::CivilSecond(2026, 3, 29, 2, 30), Load("Europe/Berlin")),
            At("2026-03-29T01:00:00Z"));
  EXPECT_EQ(ToInstant(absl::CivilSecond(2026, 3, 8, 2, 15), Load("America/New_York")),
            At("2026-03-08T07:00:00Z"));
}

TEST(LocalTime, RepeatedHourIsUsedOnce) {
  EXPECT_EQ(ToInstant(absl::CivilSecond(2026, 10, 25, 2, 30), Load("Europe/Berlin")),
            At("2026-10-25T00:30:00Z"));
  EXPECT_EQ(ToInstant(absl::CivilSecond(2026, 11, 1, 1, 30), Load("America/New_York")),
            At("2026-11-01T05:30:00Z"));
}

TEST(QuietHours, EndInTheSkippedHour) {
  const QuietHours quiet{22 * 60, 2 * 60 + 30};
  EXPECT_EQ(Awake("2026-03-29T00:30:00Z", quiet, "Europe/Berlin"), At("2026-03-29T01:00:00Z"));
  EXPECT_EQ(Awake("2026-03-29T01:00:00Z", quiet, "Europe/Berlin"), At("2026-03-29T01:00:00Z"));
}

TEST(QuietHours, EndInTheRepeatedHourEndsTheNightOnce) {
  const QuietHours quiet{22 * 60, 2 * 60 + 30};
  EXPECT_EQ(Awake("2026-10-25T00:10:00Z", quiet, "Europe/Berlin"), At("2026-10-25T00:30:00Z"));
  // The clocks show 02:10 again, but the night is over.
  EXPECT_EQ(Awake("2026-10-25T01:10:00Z", quiet, "Europe/Berlin"), At("2026-10-25T01:10:00Z"));
}

TEST(QuietHours, StartInTheRepeatedHourStaysQuiet) {
  const QuietHours quiet{2 * 60 + 30, 6 * 60};
  EXPECT_EQ(Awake("2026-10-25T00:10:00Z", quiet, "Europe/Berlin"), At("2026-10-25T00:10:00Z"));
  EXPECT_EQ(Awake("2026-10-25T00:40:00Z", quiet, "Europe/Berlin"), At("2026-10-25T05:00:00Z"));
  EXPECT_EQ(Awake("2026-10-25T01:10:00Z", quiet, "Europe/Berlin"), At("2026-10-25T05:00:00Z"));
}

TEST(QuietHours, WakingMinutesInTheSkippedHourJoinTwoNights) {
  const QuietHours quiet{2 * 60 + 50, 2 * 60 + 10};  // awake from 02:10 to 02:50 only
  EXPECT_EQ(Awake("2026-03-28T23:00:00Z", quiet, "Europe/Berlin"), At("2026-03-30T00:10:00Z"));
}

TEST(LocalTime, SamoaHadNoThirtiethOfDecember) {
  const absl::TimeZone apia = Load("Pacific/Apia");
  EXPECT_TRUE(DayExists(absl::CivilDay(2011, 12, 29), apia));
  EXPECT_FALSE(DayExists(absl::CivilDay(2011, 12, 30), apia));
  EXPECT_TRUE(DayExists(absl::CivilDay(2011, 12, 31), apia));
  // 22:30 on the 29th (-10:00); the clocks go on with the 31st at 10:00Z.
  EXPECT_EQ(Awake("2011-12-30T08:30:00Z", kNight, "Pacific/Apia"), At("2011-12-30T16:00:00Z"));
  EXPECT_EQ(FormatLocal(At("2011-12-30T16:00:00Z"), apia), "2011-12-31 06:00:00 +14:00");
}

TEST(Zone, FallsBackFromContactToPlaybookToUtc) {
  EXPECT_EQ(ZoneFor("Asia/Kolkata", "Europe/Berlin").source, ZoneSource::kContact);
  EXPECT_EQ(ZoneFor("", "Europe/Berlin").source, ZoneSource::kPlaybook);
  EXPECT_EQ(ZoneFor("", "Europe/Berlin").zone.name(), "Europe/Berlin");
  EXPECT_EQ(ZoneFor("", "").source, ZoneSource::kUtc);
  EXPECT_EQ(ZoneFor("Mars/Olympus", "Europe/Berlin").source, ZoneSource::kPlaybook);
  EXPECT_EQ(Name(ZoneFor("Mars/Olympus", "Mars/Olympus").source), "utc");
}

// Over every zone change of a year in four zones: the result is never in the past, never
// quiet, and the same when asked again.
TEST(QuietHours, ResultIsAwakeStableAndNotEarlier) {
  for (absl::string_view name :
       {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"}) {
    const absl::TimeZone zone = Load(name);
    for (const QuietHours& quiet : {kNight, QuietHours{130, 175}, QuietHours{175, 130}}) {
      for (absl::Time time = At("2011-01-01T00:00:00Z"); time < At("2012-02-01T00:00:00Z");
           time += absl::Minutes(97)) {
        const absl::Time awake = AfterQuietHours(time, quiet, zone);
        ASSERT_GE(awake, time);
        ASSERT_LE(awake - time, absl::Hours(49));
        ASSERT_EQ(AfterQuietHours(awake, quiet, zone), awake) << FormatLocal(time, zone);
      }
    }
  }
}

}  // namespace
}  // namespace kith::outreach
