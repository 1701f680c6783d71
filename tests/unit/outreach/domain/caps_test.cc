#include "services/outreach/domain/caps.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/outreach/domain/local_time.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

std::vector<HandedOut> History(std::vector<absl::string_view> times,
                               StepKind kind = StepKind::kAsk,
                               Channel channel = Channel::kEmail) {
  std::vector<HandedOut> history;
  for (absl::string_view time : times) {
    history.push_back({absl::StrCat("m", history.size()), At(time), kind, channel});
  }
  return history;
}

CapVerdict Judge(std::vector<Cap> caps, const std::vector<HandedOut>& history,
                 absl::string_view at, absl::string_view zone_name = "UTC") {
  const Message message = FirstMessage(MakePlaybook(), MakeContact(), At(at));
  const absl::TimeZone zone = ZoneFor(zone_name, "").zone;
  return JudgeCaps(caps, message, history, LocalDay(At(at), zone), zone);
}

// The mistake: a cap of 0 that means "no cap", or no cap that means "block everything".
TEST(Caps, AbsentIsNoCapAndZeroAllowsNone) {
  const auto history = History({"2026-05-01T08:00:00Z", "2026-05-01T09:00:00Z"});
  EXPECT_FALSE(Judge({}, history, "2026-05-01T10:00:00Z").stopped_by.has_value());
  const CapVerdict zero = Judge({{.max_messages = 0, .days = 1}}, {}, "2026-05-01T10:00:00Z");
  EXPECT_TRUE(zero.stopped_by.has_value());
  EXPECT_FALSE(zero.first_day.has_value());
}

TEST(Caps, WindowIncludesTheDayOfSending) {
  const std::vector<Cap> caps{{.max_messages = 2, .days = 7}};
  const auto history = History({"2026-05-01T23:59:59Z", "2026-05-04T00:00:00Z"});
  const CapVerdict full = Judge(caps, history, "2026-05-07T12:00:00Z");
  ASSERT_TRUE(full.stopped_by.has_value());
  EXPECT_EQ(full.handed_out, 2);
  EXPECT_EQ(full.first_day, absl::CivilDay(2026, 5, 8));
  EXPECT_FALSE(Judge(caps, history, "2026-05-08T00:00:00Z").stopped_by.has_value());
  EXPECT_EQ(Judge(caps, history, "2026-05-08T00:00:00Z").tightest, 1);
}

// The mistake: the UTC day compared with the local one.
TEST(Caps, DaysAreThoseOfTheContactsZone) {
  const std::vector<Cap> caps{{.max_messages = 1, .days = 1}};
  // 23:30 and 00:30 in New York are two days, though one day in UTC.
  const auto history = History({"2026-06-11T03:30:00Z"});
  EXPECT_FALSE(
      Judge(caps, history, "2026-06-11T04:30:00Z", "America/New_York").stopped_by.has_value());
  EXPECT_TRUE(Judge(caps, history, "2026-06-11T04:30:00Z", "UTC").stopped_by.has_value());
  // 01:00 and 23:00 in Kolkata are one day, though two in UTC.
  const auto early = History({"2026-06-10T19:30:00Z"});
  EXPECT_TRUE(
      Judge(caps, early, "2026-06-11T17:30:00Z", "Asia/Kolkata").stopped_by.has_value());
  EXPECT_FALSE(Judge(caps, early, "2026-06-11T17:30:00Z", "UTC").stopped_by.has_value());
}

TEST(Caps, KindAndChannelSelect) {
  const auto values = History({"2026-05-01T08:00:00Z"}, StepKind::kValue, Channel::kSms);
  const absl::string_view at = "2026-05-01T10:00:00Z";
  EXPECT_FALSE(Judge({{1, 1, StepKind::kAsk}}, values, at).stopped_by.has_value());
  EXPECT_FALSE(Judge({{1, 1, StepKind::kValue}}, values, at).stopped_by.has_value())
      << "a cap on another kind does not concern an ask";
  EXPECT_FALSE(
      Judge({{1, 1, StepKind::kAny, Channel::kEmail}}, values, at).stopped_by.has_value());
  EXPECT_TRUE(Judge({{1, 1}}, values, at).stopped_by.has_value());
}

TEST(Caps, AllHoldAndTheLatestDayWins) {
  const auto history = History({"2026-05-01T08:00:00Z"});
  const CapVerdict verdict =
      Judge({{1, 3}, {1, 30, StepKind::kAsk}, {5, 365}}, history, "2026-05-02T08:00:00Z");
  ASSERT_TRUE(verdict.stopped_by.has_value());
  EXPECT_EQ(verdict.stopped_by->days, 3) << "the first cap that stops it is named";
  EXPECT_EQ(verdict.first_day, absl::CivilDay(2026, 5, 31));
  EXPECT_EQ(verdict.tightest, 0);
}

TEST(Caps, OneThatNeverEndsIsNamedBeforeOthers) {
  const auto history = History({"2026-05-01T08:00:00Z"});
  for (const std::vector<Cap>& caps : {std::vector<Cap>{{1, 3}, {0, 7}, {1, 30}},
                                       std::vector<Cap>{{0, 7}, {1, 3}, {0, 30}}}) {
    const CapVerdict verdict = Judge(caps, history, "2026-05-02T08:00:00Z");
    EXPECT_EQ(verdict.stopped_by, (Cap{0, 7}));
    EXPECT_EQ(verdict.first_day, std::nullopt);
  }
}

TEST(Caps, AMessageDoesNotCountAgainstItself) {
  std::vector<HandedOut> history = History({"2026-05-01T08:00:00Z"});
  history[0].message_id =
      FirstMessage(MakePlaybook(), MakeContact(), At("2026-05-01T08:00:00Z")).message_id;
  EXPECT_FALSE(Judge({{1, 1}}, history, "2026-05-01T10:00:00Z").stopped_by.has_value());
}

TEST(Caps, ReadWell) {
  EXPECT_EQ(Describe({1, 7, StepKind::kAsk}), "1 ask message in 7 days");
  EXPECT_EQ(Describe({3, 1, StepKind::kAny, Channel::kSms}), "3 messages in 1 day on sms");
}

}  // namespace
}  // namespace kith::outreach
