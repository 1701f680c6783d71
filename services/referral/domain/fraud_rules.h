// How a program judges honesty.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_RULES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith::referral::domain {

// What speaks against a referral.
enum class Signal {
  kSelfReferral,      // the two ends share an id, address, phone, device, payment or IP
  kSameDomain,        // both ends have addresses of one company
  kDisposableDomain,  // the referee's address is a throw-away
  kExistingCustomer,  // the referee is or was a customer under another name
  kDuplicateAccount,  // another account has the same device or payment fingerprint
  kCircularChain,     // the referee's referrals lead back to the advocate
  kVelocity,          // too many in one day
  kPaidSearch,        // the traffic was bought
  kBlocklist          // an identity is on the program's blocklist
};

struct SignalWeight {
  Signal signal = Signal::kSelfReferral;
  int64_t weight = 0;  // 0: off
  friend bool operator==(const SignalWeight&, const SignalWeight&) = default;
};

enum class VelocityDimension { kAdvocate, kIp, kDevice };

struct VelocityLimit {
  VelocityDimension dimension = VelocityDimension::kAdvocate;
  int64_t max_per_day = 0;  // in the program's zone
  friend bool operator==(const VelocityLimit&, const VelocityLimit&) = default;
};

// How honesty is judged. The sum of the weights decides.
struct FraudRules {
  bool enabled = false;               // whether the program states fraud rules at all
  std::vector<SignalWeight> weights;  // of signals not named: see DefaultWeight
  int64_t hold_at = 50;
  int64_t reject_at = 100;
  std::optional<int64_t> suspend_after;  // confirmed frauds of an advocate
  std::vector<VelocityLimit> velocity;
  int64_t chain_depth = 3;                      // 1 to 8
  std::vector<std::string> free_mail_domains;   // besides the usual ones
  std::vector<std::string> disposable_domains;  // besides the usual ones
  std::vector<std::string> paid_sources;        // traffic sources that are bought
  friend bool operator==(const FraudRules&, const FraudRules&) = default;
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_RULES_H_
