// Stores a new version of a program when it differs from the newest one.
#ifndef KITH_SERVICES_REFERRAL_APP_APPLY_PROGRAM_H_
#define KITH_SERVICES_REFERRAL_APP_APPLY_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/program_fields.h"

namespace kith::referral::app {

class ApplyProgram final : public exec::Command {
 public:
  struct Request {
    domain::Program program;
    std::optional<absl::Time> effective_time = std::nullopt;
    bool dry_run = false;
  };
  struct Response {
    int64_t version = 0;
    bool changed = false;
    std::vector<domain::FieldChange> differences;
    // What may not be meant so: domain::kBackdated, of facts of [from, until).
    struct Backdated {
      absl::Time from, until;
    };
    std::optional<Backdated> backdated;
    std::vector<int64_t> withdrawn;  // domain::kPlanWithdrawn, of these versions
  };

  ApplyProgram(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  std::vector<domain::FieldChange> DifferencesFrom(const domain::ProgramVersion* newest) const;
  void Store(exec::Unit& unit, domain::ProgramVersion version) const;

  const Request request_;
  const Encoder<Response> encode_;
  const std::string email_key_;  // random, so made outside of Decide; for the first version
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_APPLY_PROGRAM_H_
