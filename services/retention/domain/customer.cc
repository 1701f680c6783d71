#include "services/retention/domain/customer.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace kith::retention {
namespace {

using Times = std::vector<absl::Time>;

void KeepEarliest(absl::Time time, std::optional<absl::Time>& kept) {
  if (!kept.has_value() || time < *kept) kept = time;
}

// The times that count: those from the signup on, or all while it is unknown.
Times::const_iterator FirstThatCounts(const std::optional<absl::Time>& signup,
                                      const Times& times) {
  if (!signup.has_value()) return times.begin();
  return std::lower_bound(times.begin(), times.end(), *signup);
}

// A signup event only ever gives way to an earlier one. What comes after it and is more than
// the rule needs is therefore never missed; what comes before it may count one day.
void Trim(const AhaRule& rule, const Customer& customer, Times& times) {
  const ptrdiff_t spare = kSpareAhaTimes;
  const ptrdiff_t before = FirstThatCounts(customer.signup_time, times) - times.cbegin();
  const ptrdiff_t most = before + rule.min_count + (customer.signup.has_value() ? 0 : spare);
  if (std::ssize(times) > most) times.resize(most);
  if (before > spare) times.erase(times.begin(), times.begin() + (before - spare));
}

void ApplyPlan(const Event& event, Customer& customer) {
  if (event.plan.empty()) return;
  Stamp stamp{event.time, event.event_id};
  if (customer.plan_stamp.has_value() && stamp < *customer.plan_stamp) return;
  customer.plan_stamp = std::move(stamp);
  customer.plan = event.plan;
}

void ApplySignup(const Event& event, Customer& customer) {
  ApplyPlan(event, customer);
  Stamp stamp{event.time, event.event_id};
  if (customer.signup.has_value() && *customer.signup < stamp) return;
  customer.signup = std::move(stamp);
  customer.signup_channel = event.channel;
}

void ApplyActivity(const Event& event, const AhaEras& eras, Customer& customer) {
  const AhaEra* era = EraAt(eras, event.time);
  if (era == nullptr || !era->rule.has_value()) return;
  if (era->rule->event_name != event.name) return;
  std::vector<absl::Time>& times = customer.aha_progress[era->version];
  times.insert(std::upper_bound(times.begin(), times.end(), event.time), event.time);
}

void ApplyChurn(absl::Time time, Customer& customer) {
  if (customer.last_reactivation.has_value() && time < *customer.last_reactivation) return;
  KeepEarliest(time, customer.churn_time);
}

void ApplyReactivation(absl::Time time, const std::vector<absl::Time>& churns,
                       Customer& customer) {
  if (customer.last_reactivation.has_value() && time <= *customer.last_reactivation) return;
  customer.last_reactivation = time;
  customer.churn_time.reset();
  for (const absl::Time churn : churns) ApplyChurn(churn, customer);
}

void DeriveSignup(Customer& customer) {
  const std::optional<Attribution>& attribution = customer.attribution;
  const bool attributed = attribution.has_value();
  customer.referrer_id = attributed ? attribution->referrer_id : "";
  if (!customer.referrer_id.empty()) {
    customer.channel = attribution->channel;
  } else if (!customer.signup_channel.empty()) {
    customer.channel = customer.signup_channel;
  } else {
    customer.channel = attributed ? attribution->channel : "";
  }
  if (customer.channel.empty()) customer.channel = std::string(kOrganic);
  customer.signup_time = attributed ? attribution->signup_time : std::nullopt;
  if (customer.signup.has_value()) customer.signup_time = customer.signup->time;
}

void DeriveAha(const AhaEras& eras, Customer& customer) {
  customer.aha_time.reset();
  for (const AhaEra& era : eras) {
    const auto it = customer.aha_progress.find(era.version);
    if (it == customer.aha_progress.end()) continue;
    Trim(*era.rule, customer, it->second);
    const auto first = FirstThatCounts(customer.signup_time, it->second);
    const int32_t needed = era.rule->min_count;
    if (it->second.cend() - first < needed) continue;
    const absl::Time reached = *(first + (needed - 1));
    if (era.rule->within.has_value() &&
        (!customer.signup_time.has_value() ||
         reached > *customer.signup_time + *era.rule->within)) {
      continue;
    }
    KeepEarliest(reached, customer.aha_time);
  }
}

// The success as others may hear of it: before the signup is known, nobody can say whether it
// was after it.
std::optional<absl::Time> ToldAha(const Customer& customer) {
  return customer.signup_time.has_value() ? customer.aha_time : std::nullopt;
}

}  // namespace

void Apply(const Event& event, const AhaEras& eras, const std::vector<absl::Time>& churns,
           Customer& customer) {
  ++customer.events;
  switch (event.kind) {
    case EventKind::kSignup:
      ApplySignup(event, customer);
      DeriveSignup(customer);
      DeriveAha(eras, customer);
      break;
    case EventKind::kOnboardingCompleted:
      KeepEarliest(event.time, customer.onboarded_time);
      break;
    case EventKind::kActivity:
      ApplyActivity(event, eras, customer);
      DeriveAha(eras, customer);
      break;
    case EventKind::kPlanChange:
      ApplyPlan(event, customer);
      break;
    case EventKind::kChurn:
      ApplyChurn(event.time, customer);
      break;
    case EventKind::kReactivation:
      ApplyReactivation(event.time, churns, customer);
      break;
    case EventKind::kPayment:
    case EventKind::kRefund:
    case EventKind::kSupportContact:
      break;
  }
}

void Apply(const Attribution& attribution, const AhaEras& eras, Customer& customer) {
  customer.attribution = attribution;
  DeriveSignup(customer);
  DeriveAha(eras, customer);
}

std::vector<Transition> Transitions(const Customer& before, const Customer& after) {
  using Kind = Transition::Kind;
  std::vector<Transition> transitions;
  const auto tell = [&](Kind kind, const std::optional<absl::Time>& was,
                        const std::optional<absl::Time>& is) {
    if (is.has_value() && is != was) transitions.push_back({kind, *is});
  };
  tell(Kind::kOnboarded, before.onboarded_time, after.onboarded_time);
  tell(Kind::kAhaReached, ToldAha(before), ToldAha(after));
  // Whoever has come back after the churn that was told may have left again since.
  const bool returned_between = after.last_reactivation != before.last_reactivation &&
                                before.churn_time < after.last_reactivation;
  if (before.churn_time.has_value() && (!after.churn_time.has_value() || returned_between)) {
    tell(Kind::kReactivated, std::nullopt, after.last_reactivation);
  }
  tell(Kind::kChurned, before.churn_time, after.churn_time);
  return transitions;
}

}  // namespace kith::retention
