#include "services/retention/app/facts.h"

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"

namespace kith::retention::app {
namespace {

void SetTime(absl::Time time, google::protobuf::Timestamp& out) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

events::v1::Fact ToFact(const Customer& customer, const Transition& transition) {
  events::v1::Fact fact;
  switch (transition.kind) {
    case Transition::Kind::kOnboarded:
      fact.mutable_customer_onboarded()->set_customer_id(customer.customer_id);
      SetTime(transition.time, *fact.mutable_customer_onboarded()->mutable_onboarded_time());
      break;
    case Transition::Kind::kAhaReached:
      fact.mutable_aha_reached()->set_customer_id(customer.customer_id);
      SetTime(transition.time, *fact.mutable_aha_reached()->mutable_aha_time());
      break;
    case Transition::Kind::kChurned:
      fact.mutable_customer_churned()->set_customer_id(customer.customer_id);
      SetTime(transition.time, *fact.mutable_customer_churned()->mutable_churn_time());
      break;
    case Transition::Kind::kReactivated:
      fact.mutable_customer_reactivated()->set_customer_id(customer.customer_id);
      SetTime(transition.time,
              *fact.mutable_customer_reactivated()->mutable_reactivation_time());
      break;
  }
  return fact;
}

}  // namespace

void EmitTransition(exec::Unit& unit, const Customer& customer, const Transition& transition) {
  feed::Emit(unit, customer.program_id, ToFact(customer, transition));
}

}  // namespace kith::retention::app
