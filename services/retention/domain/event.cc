#include "services/retention/domain/event.h"

#include "services/retention/domain/errors.h"

namespace kith::retention {
namespace {

bool HasAmount(EventKind kind) {
  return kind == EventKind::kPayment || kind == EventKind::kRefund;
}

}  // namespace

void Normalize(Event& event) {
  const EventKind kind = event.kind;
  if (kind != EventKind::kActivity) event.name.clear();
  if (!HasAmount(kind)) event.amount = {};
  if (kind != EventKind::kSignup) event.channel.clear();
  if (kind != EventKind::kSignup && kind != EventKind::kPlanChange) event.plan.clear();
}

absl::Status Validate(const Event& event, absl::Time now) {
  if (event.kind == EventKind::kActivity && event.name.empty()) {
    return MakeFieldError(kNameMissing, "name", "say what the customer did");
  }
  if (HasAmount(event.kind) && (event.amount.minor <= 0 || event.amount.currency.empty())) {
    return MakeFieldError(kAmountMissing, "amount", "give a positive amount and a currency");
  }
  if (event.time > now + kMaxAhead) {
    return MakeFieldError(kTimeInFuture, "event_time", "must be at most a day from now");
  }
  return absl::OkStatus();
}

int64_t RevenueOf(const Event& event) {
  if (event.kind == EventKind::kPayment) return event.amount.minor;
  if (event.kind == EventKind::kRefund) return -event.amount.minor;
  return 0;
}

}  // namespace kith::retention
