// Takes an act back, with its points.
#ifndef KITH_SERVICES_ADVOCACY_APP_REVERSE_ACTIVITY_H_
#define KITH_SERVICES_ADVOCACY_APP_REVERSE_ACTIVITY_H_

#include <functional>
#include <string>
#include <utility>

#include "common/executor/executor.h"
#include "services/advocacy/domain/scoring.h"

namespace kith::advocacy::app {

// When the act counted, the earliest act of its period that a cap kept from counting takes
// its place. An act that is reversed already is returned as it is. Errors:
// PROGRAM_NOT_FOUND, ACTIVITY_NOT_FOUND.
class ReverseActivity final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const domain::Activity&)>;
  ReverseActivity(std::string program_id, std::string activity_id, std::string cause,
                  Encoder encode)
      : program_id_(std::move(program_id)),
        activity_id_(std::move(activity_id)),
        cause_(std::move(cause)),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // Lets the next act of the period of `freed` count.
  void CountNext(exec::Unit& unit, const domain::Activity& freed, absl::Time now) const;

  const std::string program_id_;
  const std::string activity_id_;
  const std::string cause_;
  const Encoder encode_;
};

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_REVERSE_ACTIVITY_H_
