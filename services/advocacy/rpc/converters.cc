#include "services/advocacy/rpc/converters.h"

#include "common/base/error.h"

namespace kith::advocacy::rpc {
namespace {

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

void ToProto(absl::Time time, google::protobuf::Timestamp& out) {
  out.set_seconds(absl::ToUnixSeconds(time));
  const absl::Duration rest = time - absl::FromUnixSeconds(out.seconds());
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

v1::Segment ToProto(domain::Segment segment) {
  switch (segment) {
    case domain::Segment::kDormant:
      return v1::SEGMENT_DORMANT;
    case domain::Segment::kContributor:
      return v1::SEGMENT_CONTRIBUTOR;
    case domain::Segment::kChampion:
      return v1::SEGMENT_CHAMPION;
  }
  return v1::SEGMENT_UNSPECIFIED;
}

std::optional<domain::Segment> FromProto(v1::Segment segment) {
  switch (segment) {
    case v1::SEGMENT_DORMANT:
      return domain::Segment::kDormant;
    case v1::SEGMENT_CONTRIBUTOR:
      return domain::Segment::kContributor;
    case v1::SEGMENT_CHAMPION:
      return domain::Segment::kChampion;
    default:
      return std::nullopt;
  }
}

void ToProto(const domain::Activity& activity, v1::Activity& out) {
  out.set_activity_id(activity.activity_id);
  out.set_advocate_id(activity.advocate_id);
  out.set_behaviour(activity.behaviour);
  ToProto(activity.time, *out.mutable_activity_time());
  out.set_points(activity.counted ? activity.worth : 0);
  out.set_capped(!activity.counted);
  out.set_reversed(activity.reversal_time.has_value());
}

void ToProto(const ItemError& error, type::v1::ItemError& out) {
  out.set_reason(error.reason);
  out.set_field(error.field);
  out.set_message(error.message);
}

void ToProto(const domain::ScoringPolicy& policy, v1::ScoringPolicy& out) {
  for (const domain::Behaviour& behaviour : policy.behaviours) {
    v1::Behaviour& to = *out.add_behaviours();
    to.set_name(behaviour.name);
    to.set_points(behaviour.points);
    if (behaviour.max_per_period.has_value()) {
      to.set_max_per_period(*behaviour.max_per_period);
    }
    to.set_period_days(behaviour.period_days);
  }
  for (const domain::Tier& tier : policy.tiers) {
    v1::Tier& to = *out.add_tiers();
    to.set_name(tier.name);
    to.set_min_points(tier.min_points);
    for (const std::string& benefit : tier.benefits) to.add_benefits(benefit);
  }
  out.set_referral_points(policy.referral_points);
}

}  // namespace

domain::PolicyDraft FromProto(const v1::ScoringPolicy& policy) {
  domain::PolicyDraft draft;
  for (const v1::Behaviour& from : policy.behaviours()) {
    domain::Behaviour behaviour{from.name(), from.points()};
    if (from.has_max_per_period()) behaviour.max_per_period = from.max_per_period();
    behaviour.period_days = from.period_days();
    draft.behaviours.push_back(std::move(behaviour));
  }
  for (const v1::Tier& from : policy.tiers()) {
    draft.tiers.push_back(
        {from.name(), from.min_points(), {from.benefits().begin(), from.benefits().end()}});
  }
  if (policy.has_referral_points()) draft.referral_points = policy.referral_points();
  return draft;
}

std::vector<domain::NewActivity> FromProto(const v1::RecordActivitiesRequest& request) {
  std::vector<domain::NewActivity> acts;
  acts.reserve(static_cast<size_t>(request.activities_size()));
  for (const v1::NewActivity& from : request.activities()) {
    domain::NewActivity act{from.activity_id(), from.advocate_id(), from.behaviour(),
                            std::nullopt,       from.channel(),     from.url()};
    if (from.has_activity_time()) act.time = FromProto(from.activity_time());
    acts.push_back(std::move(act));
  }
  return acts;
}

app::ListAdvocatesQuery FromProto(const v1::ListAdvocatesRequest& request) {
  return {request.program_id(), request.tier(), FromProto(request.segment()),
          request.page_size(), request.page_token()};
}

void ToProto(const domain::PolicyVersion& version, const std::string& program_id,
             v1::GetScoringPolicyResponse& out) {
  out.mutable_policy()->set_program_id(program_id);
  ToProto(version.policy, *out.mutable_policy());
  out.set_version(version.version);
}

void ToProto(const app::AdvocateView& view, v1::Advocate& out) {
  out.set_advocate_id(view.advocate.advocate_id);
  out.set_points(view.advocate.points);
  out.set_tier(view.tier);
  out.set_next_tier(view.next_tier);
  out.set_points_to_next_tier(view.points_to_next_tier);
  out.set_segment(ToProto(view.segment));
  out.set_successes(view.advocate.successes);
  out.set_activities(view.advocate.activities);
  for (const std::string& benefit : view.benefits) out.add_benefits(benefit);
}

void ToProto(const app::AdvocatePage& page, v1::ListAdvocatesResponse& out) {
  for (const app::AdvocateView& view : page.advocates) ToProto(view, *out.add_advocates());
  out.set_next_page_token(page.next_page_token);
}

void ToProto(const app::SegmentsReport& report, v1::GetSegmentsResponse& out) {
  for (const domain::SegmentSize& size : report.segments) {
    v1::SegmentSummary& to = *out.add_segments();
    to.set_segment(ToProto(size.segment));
    to.set_advocates(size.advocates);
    to.set_min_successes(size.min_successes);
    to.set_max_successes(size.max_successes);
  }
  out.set_goodness_of_variance_fit(report.goodness_of_variance_fit);
  for (const domain::TierSize& size : report.tiers) {
    v1::TierCount& to = *out.add_tiers();
    to.set_tier(size.tier);
    to.set_advocates(size.advocates);
  }
  out.set_points(report.points);
  out.set_activities(report.activities);
}

void ToProto(const app::ConcentrationReport& report, v1::GetConcentrationResponse& out) {
  out.set_advocates(report.advocates);
  out.set_successes(report.successes);
  out.set_gini(report.gini);
  for (const app::TopShare& share : report.top) {
    v1::TopShare& to = *out.add_top();
    to.set_share_of_advocates(static_cast<double>(share.percent) / 100);
    to.set_share_of_successes(share.share_of_successes);
  }
  for (const domain::LorenzPoint& point : report.lorenz) {
    v1::LorenzPoint& to = *out.add_lorenz();
    to.set_share_of_advocates(point.share_of_advocates);
    to.set_share_of_successes(point.share_of_successes);
  }
}

std::string EncodeApplied(const app::ApplyPolicyResult& result) {
  v1::ApplyScoringPolicyResponse response;
  response.set_version(result.version);
  response.set_changed(result.changed);
  for (const domain::PolicyDifference& difference : result.differences) {
    type::v1::Difference& to = *response.add_differences();
    to.set_field(difference.field);
    to.set_old_value(difference.old_value);
    to.set_new_value(difference.new_value);
  }
  return response.SerializeAsString();
}

std::string EncodeRecorded(const app::RecordActivitiesResult& results) {
  v1::RecordActivitiesResponse response;
  for (const absl::StatusOr<domain::Activity>& result : results) {
    v1::RecordActivityResult& to = *response.add_results();
    if (result.ok()) {
      ToProto(*result, *to.mutable_activity());
      to.set_unknown_advocate(result->unknown_advocate);
    } else {
      ToProto(ToItemError(result.status()), *to.mutable_error());
    }
  }
  return response.SerializeAsString();
}

std::string EncodeReversed(const domain::Activity& activity) {
  v1::ReverseActivityResponse response;
  ToProto(activity, *response.mutable_activity());
  return response.SerializeAsString();
}

}  // namespace kith::advocacy::rpc
