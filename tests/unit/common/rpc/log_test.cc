#include "common/log/log.h"

#include "gtest/gtest.h"

namespace kith::log {
namespace {

std::string Line(Fields fields) {
  return FormatLine(absl::FromUnixMicros(1772359200123456), Level::kWarn, "referral", "event",
                    fields);
}

TEST(LogTest, OneJsonObject) {
  EXPECT_EQ(Line({{"text", "a"},
                  {"int", 42},
                  {"double", 1.5},
                  {"bool", true},
                  {"time", absl::UnixEpoch()},
                  {"took", absl::Milliseconds(250)}}),
            "{\"time\":\"2026-03-01T10:00:00.123456Z\",\"level\":\"warn\","
            "\"service\":\"referral\",\"event\":\"event\",\"text\":\"a\",\"int\":42,"
            "\"double\":1.5,\"bool\":true,\"time\":\"1970-01-01T00:00:00.000000Z\","
            "\"took\":0.25}");
}

TEST(LogTest, TextIsEscaped) {
  const std::string line = Line({{"text", "a\"b\\c\nd\xff\xc3\xa4"}});
  EXPECT_NE(line.find(R"("text":"a\"b\\c\u000ad\ufffdä"})"), std::string::npos) << line;
}

TEST(LogTest, PersonalDataIsRedacted) {
  const std::string line = Line({{"email", Redacted("ann@example.org")}});
  EXPECT_NE(line.find(R"("email":"redacted")"), std::string::npos) << line;
  EXPECT_EQ(line.find("ann"), std::string::npos) << line;
}

TEST(LogTest, Levels) {
  EXPECT_EQ(ParseLevel("warn"), Level::kWarn);
  EXPECT_EQ(ParseLevel("off"), Level::kOff);
  EXPECT_EQ(ParseLevel("loud"), std::nullopt);
  Configure(Level::kInfo, "test");
  EXPECT_FALSE(Enabled(Level::kDebug));
  EXPECT_TRUE(Enabled(Level::kInfo));
}

}  // namespace
}  // namespace kith::log
