#include "clients/cli/output/shapes.h"

#include "clients/cli/text/enum_name.h"

namespace kith::cli {
namespace {

template <class Value>
Json OrNull(bool has, Value value) {
  return has ? Json(value) : Json(nullptr);
}

Json PointJson(const retention::v1::SurvivalPoint& point) {
  return {{"day", point.day()},
          {"at_risk", point.at_risk()},
          {"events", point.events()},
          {"survival", point.survival()},
          {"lower", OrNull(point.has_lower(), point.lower())},
          {"upper", OrNull(point.has_upper(), point.upper())}};
}

Json GroupJson(const retention::v1::SurvivalGroup& group) {
  Json points = Json::array();
  for (const auto& point : group.points()) points.push_back(PointJson(point));
  return {{"group", group.group()},
          {"n", group.customers()},
          {"events", group.events()},
          {"median_days", OrNull(group.has_median_days(), group.median_days())},
          {"points", std::move(points)}};
}

// Its members are null when there is nothing to compare, and so are those of the ratio.
Json LogRankJson(const retention::v1::GetSurvivalResponse& response) {
  const bool has = response.has_log_rank();
  const retention::v1::LogRank& test = response.log_rank();
  return {{"chi_square", OrNull(has, test.chi_square())},
          {"degrees_of_freedom", OrNull(has, test.degrees_of_freedom())},
          {"p_value", OrNull(has, test.p_value())}};
}

Json MonthsJson(const retention::v1::ChurnGroup& group) {
  Json months = Json::array();
  for (const auto& month : group.months()) {
    months.push_back(Json{{"month", month.month()},
                          {"at_risk", month.at_risk()},
                          {"events", month.events()},
                          {"hazard", month.hazard()}});
  }
  return months;
}

Json RateRatioJson(const retention::v1::GetChurnByMonthResponse& response) {
  const bool has = response.has_rate_ratio();
  const retention::v1::RateRatio& ratio = response.rate_ratio();
  return {{"numerator", OrNull(has, ratio.numerator())},
          {"denominator", OrNull(has, ratio.denominator())},
          {"ratio", OrNull(ratio.has_ratio(), ratio.ratio())},
          {"lower", OrNull(ratio.has_lower(), ratio.lower())},
          {"upper", OrNull(ratio.has_upper(), ratio.upper())}};
}

}  // namespace

Json SurvivalJson(const retention::v1::GetSurvivalResponse& response) {
  Json groups = Json::array();
  for (const auto& group : response.groups()) groups.push_back(GroupJson(group));
  return {{"groups", std::move(groups)}, {"log_rank", LogRankJson(response)}};
}

Json ChurnJson(const retention::v1::GetChurnByMonthResponse& response) {
  Json groups = Json::array();
  for (const auto& group : response.groups()) {
    groups.push_back(Json{{"group", group.group()}, {"months", MonthsJson(group)}});
  }
  return {{"groups", std::move(groups)}, {"rate_ratio", RateRatioJson(response)}};
}

Json ConcentrationJson(const advocacy::v1::GetConcentrationResponse& concentration,
                       const advocacy::v1::GetSegmentsResponse& segments) {
  Json top = Json::array();
  for (const auto& share : concentration.top()) top.push_back(MessageToJson(share));
  Json list = Json::array();
  for (const auto& segment : segments.segments()) list.push_back(MessageToJson(segment));
  return {{"advocates", concentration.advocates()},
          {"successes", concentration.successes()},
          {"gini", concentration.gini()},
          {"top", std::move(top)},
          {"segments", std::move(list)}};
}

Json AdvocateJson(const advocacy::v1::Advocate& advocate) {
  return {{"advocate_id", advocate.advocate_id()},
          {"points", advocate.points()},
          {"tier", advocate.tier()},
          {"points_to_next_tier", advocate.points_to_next_tier()},
          {"segment", EnumText(advocate.segment())},
          {"successes", advocate.successes()}};
}

Json RewardTotalsJson(
    const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals) {
  Json list = Json::array();
  for (const auto& total : totals) {
    list.push_back(Json{{"currency", total.currency()},
                        {"amount_minor", total.amount_minor()},
                        {"state", EnumText(total.state())}});
  }
  return list;
}

Json RewardsJson(const std::vector<referral::v1::Reward>& rewards,
                 const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals) {
  Json list = Json::array();
  for (const auto& reward : rewards) list.push_back(MessageToJson(reward));
  return {{"rewards", std::move(list)}, {"totals", RewardTotalsJson(totals)}};
}

}  // namespace kith::cli
