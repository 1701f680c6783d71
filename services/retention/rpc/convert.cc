#include "services/retention/rpc/convert.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kith::retention {
namespace {

constexpr int kMaxRefusals = 100;

// Whole microseconds, rounded down.
absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

void SetTime(absl::Time time, google::protobuf::Timestamp& out) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void SetDuration(absl::Duration duration, google::protobuf::Duration& out) {
  const int64_t micros = absl::ToInt64Microseconds(duration);
  out.set_seconds(micros / 1000000);
  out.set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
}

void SetMoney(const Money& money, kith::type::v1::Money& out) {
  out.set_amount_minor(money.minor);
  out.set_currency(money.currency);
}

app::NewEvent ToEvent(const std::string& program_id, const v1::LifecycleEvent& message) {
  app::NewEvent item;
  item.has_time = message.has_event_time();
  Event& event = item.event;
  event.program_id = program_id;
  event.event_id = message.event_id();
  event.customer_id = message.customer_id();
  event.kind = static_cast<EventKind>(message.kind());
  if (item.has_time) event.time = ToTime(message.event_time());
  event.name = message.name();
  event.amount = {message.amount().amount_minor(), message.amount().currency()};
  event.channel = message.channel();
  event.plan = message.plan();
  return item;
}

template <class Request>
app::Scope MakeScope(const Request& request) {
  app::Scope scope;
  scope.program_id = request.program_id();
  scope.by_channel = request.split_by() == v1::DIMENSION_CHANNEL;
  if (request.has_as_of_time()) scope.as_of = ToTime(request.as_of_time());
  return scope;
}

void FillGroup(const SurvivalCurve& curve, v1::SurvivalGroup& group) {
  group.set_customers(curve.customers);
  group.set_events(curve.events);
  if (curve.median_days.has_value()) group.set_median_days(*curve.median_days);
  if (curve.median_lower_days.has_value()) {
    group.set_median_lower_days(*curve.median_lower_days);
  }
  if (curve.median_upper_days.has_value()) {
    group.set_median_upper_days(*curve.median_upper_days);
  }
  for (const SurvivalPoint& point : curve.points) {
    v1::SurvivalPoint& out = *group.add_points();
    out.set_day(point.day);
    out.set_at_risk(point.at_risk);
    out.set_events(point.events);
    out.set_survival(point.survival);
    if (point.lower.has_value()) out.set_lower(*point.lower);
    if (point.upper.has_value()) out.set_upper(*point.upper);
  }
}

void FillRatio(const app::ChurnReport& report, v1::RateRatio& out) {
  out.set_numerator(report.referred_channel);
  out.set_denominator(report.baseline_channel);
  const RateRatio& ratio = *report.rate_ratio;
  if (ratio.ratio.has_value()) out.set_ratio(*ratio.ratio);
  if (ratio.lower.has_value()) out.set_lower(*ratio.lower);
  if (ratio.upper.has_value()) out.set_upper(*ratio.upper);
  out.set_numerator_events(ratio.numerator.events);
  out.set_numerator_days(ratio.numerator.person_days);
  out.set_denominator_events(ratio.denominator.events);
  out.set_denominator_days(ratio.denominator.person_days);
}

}  // namespace

Policy ToPolicy(const v1::RetentionPolicy& message) {
  Policy policy;
  if (!message.referred_channel().empty())
    policy.referred_channel = message.referred_channel();
  if (!message.baseline_channel().empty())
    policy.baseline_channel = message.baseline_channel();
  if (!message.has_aha()) return policy;
  const v1::AhaRule& aha = message.aha();
  policy.aha = AhaRule{aha.event_name(), std::max(1, aha.min_count()), std::nullopt};
  if (aha.has_within()) {
    policy.aha->within = absl::Seconds(aha.within().seconds()) +
                         absl::Microseconds(aha.within().nanos() / 1000);
  }
  return policy;
}

std::vector<app::NewEvent> ToEvents(const v1::RecordEventsRequest& request) {
  std::vector<app::NewEvent> events;
  events.reserve(request.events_size());
  for (const v1::LifecycleEvent& event : request.events()) {
    events.push_back(ToEvent(request.program_id(), event));
  }
  return events;
}

app::Scope ToScope(const v1::GetSurvivalRequest& request) { return MakeScope(request); }
app::Scope ToScope(const v1::GetChurnByMonthRequest& request) { return MakeScope(request); }

MonthWindow ToWindow(const v1::GetChurnByMonthRequest& request) {
  MonthWindow window;
  if (request.from_month() > 0) window.from = request.from_month();
  if (request.to_month() > 0) window.to = request.to_month();
  return window;
}

std::string EncodePolicyResult(const app::PolicyResult& result) {
  v1::ApplyRetentionPolicyResponse response;
  response.set_version(result.version);
  response.set_changed(result.changed);
  for (const PolicyDifference& difference : result.differences) {
    kith::type::v1::Difference& out = *response.add_differences();
    out.set_field(difference.field);
    out.set_old_value(difference.old_value);
    out.set_new_value(difference.new_value);
  }
  return response.SerializeAsString();
}

std::string EncodeEventResults(const std::vector<app::EventResult>& results) {
  v1::RecordEventsResponse response;
  for (const app::EventResult& result : results) {
    v1::RecordEventResult& out = *response.add_results();
    out.set_duplicate(result.duplicate);
    out.set_unknown_customer(result.unknown_customer);
    if (!result.error.has_value()) continue;
    out.mutable_error()->set_reason(result.error->reason);
    out.mutable_error()->set_field(result.error->field);
    out.mutable_error()->set_message(result.error->message);
  }
  return response.SerializeAsString();
}

void Fill(const store::StoredPolicy& stored, v1::GetRetentionPolicyResponse& response) {
  response.set_version(stored.version);
  v1::RetentionPolicy& out = *response.mutable_policy();
  out.set_program_id(stored.program_id);
  out.set_referred_channel(stored.policy.referred_channel);
  out.set_baseline_channel(stored.policy.baseline_channel);
  if (!stored.policy.aha.has_value()) return;
  const AhaRule& aha = *stored.policy.aha;
  out.mutable_aha()->set_event_name(aha.event_name);
  out.mutable_aha()->set_min_count(aha.min_count);
  if (aha.within.has_value()) SetDuration(*aha.within, *out.mutable_aha()->mutable_within());
}

void Fill(const store::CustomerWithRevenue& found, v1::GetCustomerResponse& response) {
  const Customer& customer = found.customer;
  v1::Customer& out = *response.mutable_customer();
  out.set_customer_id(customer.customer_id);
  out.set_channel(customer.channel);
  out.set_referrer_id(customer.referrer_id);
  out.set_plan(customer.plan);
  if (customer.signup_time) SetTime(*customer.signup_time, *out.mutable_signup_time());
  if (customer.onboarded_time) {
    SetTime(*customer.onboarded_time, *out.mutable_onboarded_time());
  }
  if (customer.aha_time) SetTime(*customer.aha_time, *out.mutable_aha_time());
  if (customer.churn_time) SetTime(*customer.churn_time, *out.mutable_churn_time());
  for (const Money& money : found.revenue) SetMoney(money, *out.add_revenue());
  out.set_events(customer.events);
}

void Fill(const app::SurvivalReport& report, v1::GetSurvivalResponse& response) {
  SetTime(report.as_of, *response.mutable_as_of_time());
  for (const auto& [name, curve] : report.groups) {
    v1::SurvivalGroup& group = *response.add_groups();
    group.set_group(name);
    FillGroup(curve, group);
  }
  if (!report.log_rank.has_value()) return;
  response.mutable_log_rank()->set_chi_square(report.log_rank->chi_square);
  response.mutable_log_rank()->set_degrees_of_freedom(report.log_rank->degrees_of_freedom);
  response.mutable_log_rank()->set_p_value(report.log_rank->p_value);
}

void Fill(const app::ChurnReport& report, v1::GetChurnByMonthResponse& response) {
  SetTime(report.as_of, *response.mutable_as_of_time());
  for (const auto& [name, months] : report.groups) {
    v1::ChurnGroup& group = *response.add_groups();
    group.set_group(name);
    for (const ChurnMonth& month : months) {
      v1::ChurnMonth& out = *group.add_months();
      out.set_month(month.month);
      out.set_at_risk(month.at_risk);
      out.set_events(month.events);
      out.set_hazard(month.hazard);
    }
  }
  if (report.rate_ratio.has_value()) FillRatio(report, *response.mutable_rate_ratio());
  if (!report.has_referred) response.set_missing_referred_channel(report.referred_channel);
  if (!report.has_baseline) response.set_missing_baseline_channel(report.baseline_channel);
}

void Fill(const app::ProgramSummary& summary, v1::GetProgramSummaryResponse& response) {
  response.set_customers(summary.counts.all.customers);
  response.set_churned(summary.counts.all.churned);
  response.set_events(summary.counts.events);
  response.set_customers_without_signup(summary.counts.without_signup);
  for (const auto& [name, channel] : summary.counts.channels) {
    v1::ChannelSummary& out = *response.add_channels();
    out.set_channel(name);
    out.set_customers(channel.customers);
    out.set_churned(channel.churned);
    out.set_onboarded(channel.onboarded);
    out.set_aha_reached(channel.aha_reached);
    for (const auto& [currency, minor] : channel.revenue) {
      SetMoney({minor, currency}, *out.add_revenue());
    }
  }
  for (const Money& money : summary.revenue) SetMoney(money, *response.add_revenue());
}

void Fold(const v1::RecordEventsRequest& batch, const v1::RecordEventsResponse& results,
          v1::StreamEventsResponse& response) {
  response.set_batches(response.batches() + 1);
  for (int i = 0; i < results.results_size(); ++i) {
    const v1::RecordEventResult& result = results.results(i);
    if (result.has_error()) {
      response.set_refused(response.refused() + 1);
      if (response.refusals_size() >= kMaxRefusals) continue;
      v1::StreamRefusal& refusal = *response.add_refusals();
      refusal.set_event_id(batch.events(i).event_id());
      *refusal.mutable_error() = result.error();
    } else if (result.duplicate()) {
      response.set_duplicates(response.duplicates() + 1);
    } else {
      response.set_recorded(response.recorded() + 1);
    }
  }
}

}  // namespace kith::retention
