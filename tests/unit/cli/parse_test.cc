#include "clients/cli/text/parse.h"

#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using testing::ElementsAre;

TEST(ParseTimeTest, TakesDatesAndRfc3339) {
  EXPECT_EQ(ParseTimeText("1970-01-02").value(), absl::FromUnixSeconds(86400));
  EXPECT_EQ(ParseTimeText("1970-01-01T00:00:01Z").value(), absl::FromUnixSeconds(1));
  EXPECT_EQ(ParseTimeText("1970-01-01T02:00:01+02:00").value(), absl::FromUnixSeconds(1));
  EXPECT_EQ(ParseTimeText("1970-01-01T00:00:00.1234567Z").value(),
            absl::FromUnixMicros(123456));
}

TEST(ParseTimeTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "today", "2024", "2024-1-1", "2024-02-30", "2024-13-01", "2024-01-01 10:00:00",
        "2024-01-01T10:00:00", "2024-01-01T25:00:00Z", " 2024-01-01", "2024-01-01 ",
        "infinite-future", "0000-01-01", "20240-01-01", "2024-01-01x"}) {
    EXPECT_FALSE(ParseTimeText(text).ok()) << text;
  }
}

TEST(ParseDurationTest, TakesUnitsLargestFirst) {
  EXPECT_EQ(ParseDurationText("90d").value(), absl::Hours(24 * 90));
  EXPECT_EQ(ParseDurationText("36h").value(), absl::Hours(36));
  EXPECT_EQ(ParseDurationText("30m").value(), absl::Minutes(30));
  EXPECT_EQ(ParseDurationText("10s").value(), absl::Seconds(10));
  EXPECT_EQ(ParseDurationText("1d12h").value(), absl::Hours(36));
  EXPECT_EQ(ParseDurationText("1d2h3m4s").value(), absl::Seconds(93784));
  EXPECT_EQ(ParseDurationText("0s").value(), absl::ZeroDuration());
}

TEST(ParseDurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "5", "d", "1w", "1.5h", "-1d", "1h1d", "1d1d", "1d ", "1d5",
                           "99999999999999999999d", "315576000001s"}) {
    EXPECT_FALSE(ParseDurationText(text).ok()) << text;
  }
}

TEST(FormatTest, TimesAndDurationsRoundTrip) {
  const absl::Time time = absl::FromUnixMicros(1700000000000001);
  EXPECT_EQ(FormatTimeText(time), "2023-11-14T22:13:20.000001Z");
  EXPECT_EQ(ParseTimeText(FormatTimeText(time)).value(), time);
  EXPECT_EQ(FromTimestamp(ToTimestamp(time)), time);
  EXPECT_EQ(FormatShortTime(absl::FromUnixSeconds(86400)), "1970-01-02 UTC");
  EXPECT_EQ(FormatShortTime(absl::FromUnixSeconds(86401)), "1970-01-02 00:00:01 UTC");
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  EXPECT_EQ(FormatShortTime(absl::FromUnixSeconds(1782856800), berlin),
            "2026-07-01 Europe/Berlin");
  EXPECT_EQ(FormatShortTime(absl::FromUnixSeconds(1782864000), berlin),
            "2026-07-01 02:00:00 Europe/Berlin");
  for (const char* text : {"90d", "1d12h", "30m", "1d2h3m4s", "0s"}) {
    EXPECT_EQ(FormatDurationText(ParseDurationText(text).value()), text);
    EXPECT_EQ(FromDuration(ToDuration(ParseDurationText(text).value())),
              ParseDurationText(text).value());
  }
}

TEST(EnumNameTest, NamesAreShortAndLowerCase) {
  EXPECT_EQ(EnumText(outreach::v1::STEP_KIND_HUMAN_TASK), "human_task");
  EXPECT_EQ(EnumText(referral::v1::REWARD_STATE_HELD), "held");
  const auto& type = *referral::v1::AttributionModel_descriptor();
  EXPECT_THAT(EnumShortNames(type),
              ElementsAre("first_touch", "last_touch", "priority_recency"));
  EXPECT_EQ(FindEnumValue(type, "last_touch")->number(), 2);
  EXPECT_EQ(FindEnumValue(type, "ATTRIBUTION_MODEL_LAST_TOUCH")->number(), 2);
  EXPECT_EQ(FindEnumValue(type, "unspecified"), nullptr);
  EXPECT_EQ(FindEnumValue(type, "LAST_TOUCH"), nullptr);
}

TEST(Utf8Test, KnowsWhatIsWellFormed) {
  for (const char* good : {"", "abc", "é", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsValidUtf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82"}) {
    EXPECT_FALSE(IsValidUtf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace kith::cli
