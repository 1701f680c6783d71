#include "services/retention/app/record_events.h"

#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/retention/app/save_customer.h"
#include "services/retention/domain/errors.h"
#include "services/retention/store/counters.h"

namespace kith::retention::app {
namespace {

using store::ProgramRevenue;

constexpr int64_t kMaxTurnover = 9'000'000'000'000'000'000;

// `plan and time`: in what two events of one id differ.
std::string WhatDiffers(const Event& one, const Event& other) {
  std::vector<absl::string_view> names;
  const auto compare = [&](absl::string_view name, bool same) {
    if (!same) names.push_back(name);
  };
  compare("customer", one.customer_id == other.customer_id);
  compare("kind", one.kind == other.kind);
  compare("time", one.time == other.time);
  compare("name", one.name == other.name);
  compare("amount", one.amount == other.amount);
  compare("channel", one.channel == other.channel);
  compare("plan", one.plan == other.plan);
  return absl::StrJoin(names, " and ");
}

absl::Status IdReused(const Event& event, const Event& known) {
  return MakeFieldError(kEventIdReused, "event_id",
                        absl::StrCat(event.event_id, " was recorded before with another ",
                                     WhatDiffers(event, known)));
}

}  // namespace

// Takes the events of one run one by one, then writes what they add up to, so that a
// customer with many events in a batch is written once.
class RecordEvents::Recorder {
 public:
  Recorder(exec::Unit& unit, const store::Program& program, absl::Time now, size_t customers)
      : unit_(unit), program_(program), now_(now), drafts_(customers) {}

  EventResult Record(const NewEvent& item, const store::EventTable::Key& key,
                     size_t customer) {
    const absl::StatusOr<bool> duplicate = TryRecord(item, key, customer);
    if (!duplicate.ok()) return {false, ToItemError(duplicate.status())};
    return {*duplicate, std::nullopt};
  }

  // Whether a signup of the customer is known, by itself or by an attribution, with what was
  // recorded so far.
  bool HasSignup(const store::CustomerTable::Key& key, size_t customer) {
    const Draft& draft = drafts_[customer];
    const Customer* known =
        draft.changed ? &draft.after : unit_.Find<store::CustomerTable>(key);
    return known != nullptr && (known->signup.has_value() || known->attribution.has_value());
  }

  void Finish() {
    for (Draft& draft : drafts_) {
      if (draft.changed) SaveCustomer(unit_, draft.before, std::move(draft.after));
    }
    for (auto& [currency, revenue] : revenues_) {
      unit_.Put<store::ProgramRevenueTable>(std::move(revenue));
    }
    if (recorded_ > 0) {
      const CounterKey events{Measure::kEvents, "", 0};
      unit_.Count<store::ProgramCounter>({program_.program_id, events}, recorded_);
    }
  }

 private:
  struct Draft {
    const Customer* before = nullptr;
    Customer after;
    bool changed = false;
  };

  // Whether the event was there already.
  absl::StatusOr<bool> TryRecord(const NewEvent& item, const store::EventTable::Key& key,
                                 size_t customer) {
    Event event = item.event;
    if (!item.has_time) event.time = now_;
    KITH_RETURN_IF_ERROR(Validate(event, now_));
    if (const Event* known = unit_.Find<store::EventTable>(key)) {
      if (!item.has_time) event.time = known->time;
      if (event == *known) return true;
      return IdReused(event, *known);
    }
    KITH_RETURN_IF_ERROR(AddRevenue(event));
    Draft& draft = Open(event, drafts_[customer]);
    unit_.Put<store::EventTable>(event);
    Apply(event, program_.eras, ChurnsFor(event), draft.after);
    ++recorded_;
    return false;
  }

  Draft& Open(const Event& event, Draft& draft) {
    if (draft.changed) return draft;
    draft.changed = true;
    draft.before = unit_.Find<store::CustomerTable>({event.program_id, event.customer_id});
    if (draft.before != nullptr) {
      draft.after = *draft.before;
    } else {
      draft.after.program_id = event.program_id;
      draft.after.customer_id = event.customer_id;
    }
    return draft;
  }

  std::vector<absl::Time> ChurnsFor(const Event& event) {
    std::vector<absl::Time> times;
    if (event.kind != EventKind::kReactivation) return times;
    for (const Event* churn :
         unit_.Select<store::ChurnsByCustomer>({event.program_id, event.customer_id})) {
      times.push_back(churn->time);
    }
    return times;
  }

  absl::Status AddRevenue(const Event& event) {
    const int64_t amount = RevenueOf(event);
    if (amount == 0) return absl::OkStatus();
    const std::string& currency = event.amount.currency;
    ProgramRevenue& revenue = RevenueIn(currency);
    if (revenue.turnover_minor > kMaxTurnover - event.amount.minor) {
      return MakeFieldError(kAmountTooLarge, "amount", "is more than can be summed up");
    }
    revenue.turnover_minor += event.amount.minor;
    revenue.amount_minor += amount;
    unit_.Count<store::CustomerRevenueCounter>({event.program_id, event.customer_id, currency},
                                               amount);
    return absl::OkStatus();
  }

  ProgramRevenue& RevenueIn(const std::string& currency) {
    const auto [it, fresh] = revenues_.try_emplace(currency);
    if (!fresh) return it->second;
    const ProgramRevenue* known =
        unit_.Find<store::ProgramRevenueTable>({program_.program_id, currency});
    it->second = known != nullptr ? *known : ProgramRevenue{program_.program_id, currency};
    return it->second;
  }

  exec::Unit& unit_;
  const store::Program& program_;
  const absl::Time now_;
  std::vector<Draft> drafts_;
  std::map<std::string, ProgramRevenue> revenues_;
  int64_t recorded_ = 0;
};

RecordEvents::RecordEvents(std::string program_id, std::vector<NewEvent> events,
                           Encoder encode)
    : program_id_(std::move(program_id)),
      events_(std::move(events)),
      encode_(std::move(encode)) {
  absl::flat_hash_map<absl::string_view, size_t> customers;
  std::set<std::string> currencies;
  for (NewEvent& item : events_) {
    Event& event = item.event;
    Normalize(event);
    event_keys_.emplace_back(program_id_, event.event_id);
    const auto [it, fresh] = customers.try_emplace(event.customer_id, customers.size());
    if (fresh) customer_keys_.emplace_back(program_id_, event.customer_id);
    customer_of_.push_back(it->second);
    if (RevenueOf(event) != 0) currencies.insert(event.amount.currency);
    if (event.kind == EventKind::kReactivation) {
      churn_keys_.emplace_back(program_id_, event.customer_id);
    }
  }
  for (const std::string& currency : currencies) {
    revenue_keys_.emplace_back(program_id_, currency);
  }
}

void RecordEvents::Prefetch(exec::Loader& loader) const {
  loader.Want<store::ProgramTable>(program_id_);
  for (const auto& key : event_keys_) loader.Want<store::EventTable>(key);
  for (const auto& key : customer_keys_) loader.Want<store::CustomerTable>(key);
  for (const auto& key : revenue_keys_) loader.Want<store::ProgramRevenueTable>(key);
  for (const auto& key : churn_keys_) loader.WantAll<store::ChurnsByCustomer>(key);
}

absl::StatusOr<std::string> RecordEvents::Decide(exec::Unit& unit, absl::Time now) const {
  const store::Program* program = unit.Find<store::ProgramTable>(program_id_);
  if (program == nullptr) return ProgramNotFound(program_id_);
  Recorder recorder(unit, *program, now, customer_keys_.size());
  std::vector<EventResult> results;
  results.reserve(events_.size());
  for (size_t i = 0; i < events_.size(); ++i) {
    results.push_back(recorder.Record(events_[i], event_keys_[i], customer_of_[i]));
  }
  // A signup may come behind what the customer did.
  for (size_t i = 0; i < results.size(); ++i) {
    const size_t customer = customer_of_[i];
    results[i].unknown_customer = !results[i].error.has_value() &&
                                  !recorder.HasSignup(customer_keys_[customer], customer);
  }
  recorder.Finish();
  return encode_(results);
}

}  // namespace kith::retention::app
