// Somebody does not want to be referred, or does so no longer.
#ifndef KITH_SERVICES_REFERRAL_APP_OPT_OUT_H_
#define KITH_SERVICES_REFERRAL_APP_OPT_OUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"

namespace kith::referral::app {

// Opts an address, a number or both out or in. Leads that were accepted before stay; nobody
// has to call whom one of them names until that one opts in again.
// INVALID_FIELD when there is neither.
class OptOut final : public exec::Command {
 public:
  struct Contact {
    std::string email;  // empty: not meant
    std::string phone;
  };
  struct Response {
    int64_t changed = 0;  // how many of the two were not like that before
  };

  // `out`: out, else in again.
  OptOut(std::string program_id, Contact contact, bool out, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // The hashes of the address and of the number: a number may have several.
  std::vector<std::vector<std::string>> Hashes(const Rules& rules, absl::Time now) const;
  void TellLeads(exec::Unit& unit, const std::vector<std::string>& hashes) const;

  const std::string program_id_;
  const Contact contact_;
  const bool out_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_OPT_OUT_H_
