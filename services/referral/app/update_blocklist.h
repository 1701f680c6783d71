// Blocks identities, and blocks them no longer.
#ifndef KITH_SERVICES_REFERRAL_APP_UPDATE_BLOCKLIST_H_
#define KITH_SERVICES_REFERRAL_APP_UPDATE_BLOCKLIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/app/suspensions.h"
#include "services/referral/domain/fraud_case.h"

namespace kith::referral::app {

// An identity in the clear, or by the hash that it is listed with (hexadecimal).
struct IdentityValue {
  domain::IdentityKind kind = domain::IdentityKind::kEmail;
  std::string value;
  std::string hash;
};

// One that is blocked already is answered as stored; one that identifies nobody (no number in
// it, say) is IDENTITY_INVALID.
class AddToBlocklist final : public exec::Command {
 public:
  using Response = Results<domain::BlockedIdentity>;

  AddToBlocklist(std::string program_id, std::vector<IdentityValue> identities,
                 ConductDecision decision, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::vector<IdentityValue> identities_;
  const ConductDecision decision_;
  const Encoder<Response> encode_;
};

// What is not blocked is passed over.
class RemoveFromBlocklist final : public exec::Command {
 public:
  using Response = int64_t;  // how many are blocked no longer

  RemoveFromBlocklist(std::string program_id, std::vector<IdentityValue> identities,
                      Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::vector<IdentityValue> identities_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_UPDATE_BLOCKLIST_H_
