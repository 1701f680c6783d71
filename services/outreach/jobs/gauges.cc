#include "services/outreach/jobs/gauges.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "services/outreach/app/service_totals.h"
#include "services/outreach/domain/names.h"

namespace kith::outreach {

Gauges::Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
               absl::Duration interval)
    : Periodic("gauges", interval),
      database_(database),
      clock_(clock),
      contacts_(registry.GetGauge("kith_outreach_contacts", "Contacts known.")),
      enrollments_(registry.GetGauge("kith_outreach_enrollments", "Playbooks started.")),
      due_lag_(registry.GetGauge("kith_outreach_due_lag_seconds",
                                 "Age of the message that has been due longest.")) {
  for (MessageState state : kMessageStates) {
    const std::string name(Name(state));
    messages_[name] =
        &registry.GetGauge("kith_outreach_messages", "Messages by state.", {{"state", name}});
  }
}

absl::Status Gauges::RunOnce() {
  const absl::Time now = clock_.Now();
  KITH_ASSIGN_OR_RETURN(const ServiceTotals totals, GetServiceTotals(database_, Deadline()));
  contacts_.Set(static_cast<double>(totals.contacts));
  enrollments_.Set(static_cast<double>(totals.enrollments));
  for (const auto& [state, gauge] : messages_) {
    const auto it = totals.messages.find(state);
    gauge->Set(it == totals.messages.end() ? 0 : static_cast<double>(it->second));
  }
  const absl::Duration lag = now - totals.claimable_since.value_or(now);
  due_lag_.Set(absl::ToDoubleSeconds(std::max(absl::ZeroDuration(), lag)));
  return absl::OkStatus();
}

}  // namespace kith::outreach
