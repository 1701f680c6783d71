// Records acts, each on its own.
#ifndef KITH_SERVICES_ADVOCACY_APP_RECORD_ACTIVITIES_H_
#define KITH_SERVICES_ADVOCACY_APP_RECORD_ACTIVITIES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/advocacy/app/program_rules.h"
#include "services/advocacy/domain/scoring.h"

namespace kith::advocacy::app {

// Each act as stored, or a named error: UNKNOWN_BEHAVIOUR, ACTIVITY_ID_REUSED,
// TIME_IN_FUTURE.
using RecordActivitiesResult = std::vector<absl::StatusOr<domain::Activity>>;

// An act that was recorded before, with the same content, is returned as stored. Under a cap
// an act counts when fewer than the cap of its own period count already, so that the points
// of a period do not depend on the order in which its acts arrive, if all are worth the same:
// of acts on both sides of a change of the policy the first to arrive count. A changed length
// makes other periods, in which what counted in the old ones does not. Error:
// PROGRAM_NOT_FOUND.
//
// `received` serves only to foresee the periods of acts without a time.
class RecordActivities final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const RecordActivitiesResult&)>;
  RecordActivities(std::string program_id, std::vector<domain::NewActivity> acts,
                   absl::Time received, Encoder encode)
      : program_id_(std::move(program_id)),
        acts_(std::move(acts)),
        received_(received),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<domain::Activity> Record(exec::Unit& unit, const domain::NewActivity& act,
                                          const Versions& versions, absl::Time now) const;

  const std::string program_id_;
  const std::vector<domain::NewActivity> acts_;
  const absl::Time received_;
  const Encoder encode_;
};

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_RECORD_ACTIVITIES_H_
