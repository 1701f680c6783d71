#include "clients/cli/output/shapes.h"

#include "gtest/gtest.h"

namespace kith::cli {
namespace {

TEST(ShapesTest, Survival) {
  retention::v1::GetSurvivalResponse response;
  auto* group = response.add_groups();
  group->set_group("referral");
  group->set_customers(11);
  group->set_events(7);
  group->set_median_days(31);
  group->set_median_lower_days(18);
  auto* point = group->add_points();
  point->set_day(9);
  point->set_at_risk(11);
  point->set_events(1);
  point->set_survival(0.5);
  point->set_lower(0.25);
  point->set_upper(0.75);
  auto* last = group->add_points();
  last->set_day(48);
  last->set_at_risk(1);
  last->set_events(1);
  response.add_groups()->set_group("organic");
  response.mutable_log_rank()->set_chi_square(3.5);
  response.mutable_log_rank()->set_degrees_of_freedom(1);
  response.mutable_log_rank()->set_p_value(0.0625);
  response.mutable_as_of_time()->set_seconds(1);
  EXPECT_EQ(SurvivalJson(response).dump(),
            R"({"groups":[{"group":"referral","n":11,"events":7,"median_days":31,)"
            R"("points":[{"day":9,"at_risk":11,"events":1,"survival":0.5,"lower":0.25,)"
            R"("upper":0.75},{"day":48,"at_risk":1,"events":1,"survival":0.0,"lower":null,)"
            R"("upper":null}]},{"group":"organic","n":0,"events":0,"median_days":null,)"
            R"("points":[]}],)"
            R"("log_rank":{"chi_square":3.5,"degrees_of_freedom":1,"p_value":0.0625}})");
}

TEST(ShapesTest, SurvivalOfOneGroupHasNoTest) {
  EXPECT_EQ(SurvivalJson({}).dump(), R"({"groups":[],"log_rank":{"chi_square":null,)"
                                     R"("degrees_of_freedom":null,"p_value":null}})");
}

TEST(ShapesTest, Churn) {
  retention::v1::GetChurnByMonthResponse response;
  auto* group = response.add_groups();
  group->set_group("organic");
  auto* month = group->add_months();
  month->set_month(1);
  month->set_at_risk(100);
  month->set_events(25);
  month->set_hazard(0.25);
  response.mutable_rate_ratio()->set_numerator("referral");
  response.mutable_rate_ratio()->set_denominator("organic");
  response.mutable_rate_ratio()->set_ratio(1.5);
  EXPECT_EQ(ChurnJson(response).dump(),
            R"({"groups":[{"group":"organic","months":[{"month":1,"at_risk":100,)"
            R"("events":25,"hazard":0.25}]}],"rate_ratio":{"numerator":"referral",)"
            R"("denominator":"organic","ratio":1.5,"lower":null,"upper":null}})");
  response.clear_rate_ratio();
  response.clear_groups();
  EXPECT_EQ(ChurnJson(response).dump(),
            R"({"groups":[],"rate_ratio":{"numerator":null,"denominator":null,)"
            R"("ratio":null,"lower":null,"upper":null}})");
}

TEST(ShapesTest, Concentration) {
  advocacy::v1::GetConcentrationResponse concentration;
  concentration.set_advocates(200);
  concentration.set_successes(250);
  concentration.set_gini(0.875);
  auto* top = concentration.add_top();
  top->set_share_of_advocates(0.0625);
  top->set_share_of_successes(0.75);
  concentration.add_lorenz();
  advocacy::v1::GetSegmentsResponse segments;
  auto* segment = segments.add_segments();
  segment->set_segment(advocacy::v1::SEGMENT_CHAMPION);
  segment->set_advocates(12);
  segment->set_min_successes(8);
  segment->set_max_successes(25);
  EXPECT_EQ(ConcentrationJson(concentration, segments).dump(),
            R"({"advocates":200,"successes":250,"gini":0.875,)"
            R"("top":[{"share_of_advocates":0.0625,"share_of_successes":0.75}],)"
            R"("segments":[{"segment":"champion","advocates":12,"min_successes":8,)"
            R"("max_successes":25}]})");
}

TEST(ShapesTest, Advocate) {
  advocacy::v1::Advocate advocate;
  advocate.set_advocate_id("a");
  advocate.set_points(275);
  advocate.set_tier("defender");
  advocate.set_next_tier("champion");
  advocate.set_points_to_next_tier(225);
  advocate.set_segment(advocacy::v1::SEGMENT_CONTRIBUTOR);
  advocate.set_successes(1);
  EXPECT_EQ(AdvocateJson(advocate).dump(),
            R"({"advocate_id":"a","points":275,"tier":"defender","points_to_next_tier":225,)"
            R"("segment":"contributor","successes":1})");
}

TEST(ShapesTest, Rewards) {
  referral::v1::ListRewardsResponse page;
  auto* total = page.add_totals();
  total->set_currency("USD");
  total->set_state(referral::v1::REWARD_STATE_AVAILABLE);
  total->set_amount_minor(5000);
  total->set_count(1);
  referral::v1::Reward reward;
  reward.set_reward_id("r1");
  const Json json = RewardsJson({reward}, page.totals());
  EXPECT_EQ(json.size(), 2U);
  EXPECT_EQ(json["rewards"][0]["reward_id"], "r1");
  EXPECT_EQ(json["totals"].dump(),
            R"([{"currency":"USD","amount_minor":5000,"state":"available"}])");
}

}  // namespace
}  // namespace kith::cli
