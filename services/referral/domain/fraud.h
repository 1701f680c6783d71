// How signals add up to a decision.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/referral/domain/fraud_rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::domain {

// One signal that applies, and what shows it, without personal data ("same device as advocate
// ann").
struct SignalEvidence {
  Signal signal = Signal::kSelfReferral;
  int64_t weight = 0;
  std::string text;
  friend bool operator==(const SignalEvidence&, const SignalEvidence&) = default;
};

// kClear, kHeld or kRejected by the rules; kApproved or kRejected when a person has decided.
struct FraudVerdict {
  FraudState state = FraudState::kClear;
  int64_t score = 0;
  std::vector<SignalEvidence> evidence;  // each signal once, heaviest first
  friend bool operator==(const FraudVerdict&, const FraudVerdict&) = default;
};

// The weight of a signal that the rules do not name.
int64_t DefaultWeight(Signal signal);
int64_t WeightOf(const FraudRules& rules, Signal signal);

// Adds the weights of `found` (signal and text; a signal that is found twice counts once,
// with both texts), leaving out those of weight 0.
FraudVerdict Decide(const FraudRules& rules, absl::Span<const SignalEvidence> found);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_H_
