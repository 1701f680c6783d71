// Records lifecycle events.
#ifndef KITH_SERVICES_RETENTION_APP_RECORD_EVENTS_H_
#define KITH_SERVICES_RETENTION_APP_RECORD_EVENTS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/executor/executor.h"
#include "services/retention/domain/event.h"
#include "services/retention/store/tables.h"

namespace kith::retention::app {

// An event as it was sent.
struct NewEvent {
  Event event;
  bool has_time = true;  // false: happens when it is recorded
};

// What became of one event.
struct EventResult {
  bool duplicate = false;
  std::optional<ItemError> error;
  bool unknown_customer = false;  // nothing told of a signup, as yet
};

// The command. Each event stands or falls on its own: NAME_MISSING, AMOUNT_MISSING,
// AMOUNT_TOO_LARGE, TIME_IN_FUTURE, EVENT_ID_REUSED. An event that is there already with the
// same content is a duplicate and changes nothing (one sent without a time equals any time).
// Error of the whole: PROGRAM_NOT_FOUND.
class RecordEvents final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const std::vector<EventResult>&)>;
  // The events' program_id must be `program_id`.
  RecordEvents(std::string program_id, std::vector<NewEvent> events, Encoder encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  class Recorder;

  const std::string program_id_;
  std::vector<NewEvent> events_;
  const Encoder encode_;
  // Made once, because prefetching asks for them several times.
  std::vector<store::EventTable::Key> event_keys_;
  std::vector<store::CustomerTable::Key> customer_keys_;       // each once
  std::vector<size_t> customer_of_;                            // by event: which of those
  std::vector<store::ProgramRevenueTable::Key> revenue_keys_;  // each once
  std::vector<store::ChurnsByCustomer::Key> churn_keys_;       // who is reactivated
};

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_RECORD_EVENTS_H_
