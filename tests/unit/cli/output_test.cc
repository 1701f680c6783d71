#include <sstream>

#include "clients/cli/output/format.h"
#include "clients/cli/output/progress.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;

TEST(AmountTest, WhatIsNoMoneyHasNoMinorUnit) {
  EXPECT_EQ(Amount(1250, "USD"), "12.50 USD");
  EXPECT_EQ(Amount(1250, "mb"), "1,250 mb");
  EXPECT_EQ(Amount(0, ""), "0");
}

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  Table table("names", {{"name"}, {"n", Align::kRight}, {"note"}});
  table.Add({"é", "1", "x"});
  table.Add({"longer", "1,000"});
  std::ostringstream out;
  table.Print(out, /*color=*/false, "  ");
  EXPECT_EQ(out.str(),
            "  name        n  note\n"
            "  é           1  x\n"
            "  longer  1,000\n");
}

TEST(TableTest, CellsCannotDriveTheTerminal) {
  Table table("letters", {{"a"}});
  table.Add({"x\033[2Jy\n"});
  std::ostringstream out;
  table.Print(out, false);
  EXPECT_EQ(out.str(), "a\nx?[2Jy?\n");
}

TEST(TableTest, TheHeaderIsBoldOnlyWithColor) {
  Table table("letters", {{"a"}});
  table.Add({"x"});
  std::ostringstream out;
  table.Print(out, true);
  EXPECT_EQ(out.str(), "\033[1ma\033[0m\nx\n");
}

TEST(TableTest, AnEmptyOneIsASentence) {
  std::ostringstream out;
  Table("letters", {{"a"}}).Print(out, true, "  ");
  EXPECT_EQ(out.str(), "  no letters\n");
}

TEST(FormatTest, NumbersReadWell) {
  EXPECT_EQ(Count(0), "0");
  EXPECT_EQ(Count(999), "999");
  EXPECT_EQ(Count(1234567), "1,234,567");
  EXPECT_EQ(Count(-1234), "-1,234");
  EXPECT_EQ(Count(-123), "-123");
  EXPECT_EQ(Percent(0.06), "6.0 %");
  EXPECT_EQ(Decimal(0.81557, 3), "0.816");
  EXPECT_EQ(Probability(0.00131116), "0.0013");
  EXPECT_EQ(Probability(1e-9), "< 0.0001");
  EXPECT_EQ(Interval(0.5, 0.25), "[0.500, 0.250]");
  EXPECT_EQ(Interval(0.5, std::nullopt), "-");
  EXPECT_EQ(Amount(123456789, "USD"), "1,234,567.89 USD");
  EXPECT_EQ(Amount(5000, "JPY"), "5,000 JPY");
}

TEST(ProtoJsonTest, KeepsTypesAndOrder) {
  referral::v1::Reward reward;
  reward.set_reward_id("r");
  reward.set_side(referral::v1::REWARD_SIDE_REFEREE);
  reward.mutable_amount()->set_amount_minor(9007199254740993);
  reward.mutable_amount()->set_currency("USD");
  reward.set_state(referral::v1::REWARD_STATE_HELD);
  reward.mutable_available_time()->set_seconds(86400);
  const Json json = MessageToJson(reward);
  EXPECT_EQ(json.begin().key(), "reward_id");
  EXPECT_EQ(json["side"], "referee");
  EXPECT_EQ(json["state"], "held");
  EXPECT_EQ(json["amount"].dump(), R"({"amount_minor":9007199254740993,"currency":"USD"})");
  EXPECT_EQ(json["available_time"], "1970-01-02T00:00:00Z");
  EXPECT_TRUE(json["created_time"].is_null());
}

TEST(ProtoJsonTest, DoublesRoundTrip) {
  std::ostringstream out;
  PrintJson(out, Json{{"a", 0.1}, {"b", 1.0 / 3}, {"c", std::nan("")}});
  EXPECT_EQ(out.str(), "{\n  \"a\": 0.1,\n  \"b\": 0.3333333333333333,\n  \"c\": null\n}\n");
}

TEST(ProgressTest, DrawsOnlyOnATerminalAndNotTooOften) {
  ManualClock clock(absl::UnixEpoch());
  std::ostringstream quiet, drawn;
  Progress(quiet, /*terminal=*/false, clock, "f", 100).Update(50, 5);
  EXPECT_EQ(quiet.str(), "");
  Progress progress(drawn, /*terminal=*/true, clock, "f", 100);
  progress.Update(50, 5);
  progress.Update(60, 6);
  EXPECT_THAT(drawn.str(), HasSubstr(" 50 % 5 rows"));
  EXPECT_THAT(drawn.str(), testing::Not(HasSubstr("6 rows")));
  clock.Advance(absl::Seconds(1));
  progress.Update(100, 10);
  EXPECT_THAT(drawn.str(), HasSubstr("[##############################] 100 % 10 rows"));
}

}  // namespace
}  // namespace kith::cli
