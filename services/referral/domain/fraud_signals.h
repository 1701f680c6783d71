// The signals that speak against a referral: each a function of what is known, which returns
// its evidence, or nothing when it does not apply. Evidence names ids of the program's own,
// never an address, a number or a hash.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_SIGNALS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_SIGNALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/fraud.h"
#include "services/referral/domain/fraud_rules.h"
#include "services/referral/domain/identity.h"
#include "services/referral/domain/model.h"

namespace kith::referral::domain {

// How many there were before on that day.
struct DayCount {
  VelocityDimension dimension = VelocityDimension::kAdvocate;
  int64_t before = 0;
};

// A referral and what is known around it. The device and the network address of a lead are
// those of who submitted it, so that they say nothing about the referee.
struct SignalInput {
  std::string advocate_id;
  std::string customer_id;   // the referee, when known as a customer
  Identity referee;          // as far as it is known
  std::string email_domain;  // of the referee; empty: not known
  std::string source;        // of the traffic
  bool signup = false;
  absl::Time time;

  const Advocate* advocate = nullptr;              // nullptr: not enrolled
  const Customer* advocate_as_customer = nullptr;  // nullptr: is none
  bool advocate_device = false;  // the advocate submitted leads from this device
  bool advocate_ip = false;      // or from this network address
  // The customers with the referee's address, and so on.
  std::vector<const Customer*> same_email, same_phone, same_device, same_payment;
  // Who brought the advocate, who brought them, and so on.
  std::vector<std::string> chain;
  std::vector<DayCount> counts;
  std::vector<IdentityKind> blocked;           // the referee's identities on the blocklist
  std::vector<IdentityKind> advocate_blocked;  // and those of the advocate, also as a customer
};

// The two ends share an id, address, number, device, payment or network address.
std::string SelfReferral(const SignalInput& input);
// Both have addresses of one company; the advocate as such, or as a customer.
std::string SameDomain(const SignalInput& input);
// The referee's address is a throw-away.
std::string DisposableDomain(const SignalInput& input, const FraudRules& rules);
// Another customer, who signed up before, has the referee's address or number.
std::string ExistingCustomer(const SignalInput& input);
// Another account, which signed up before, has the referee's device or means of payment.
std::string DuplicateAccount(const SignalInput& input);
// The referee brought the advocate, directly or through others.
std::string CircularChain(const SignalInput& input);
// With this one there are more on the day than is ordinary.
std::string Velocity(const SignalInput& input, const FraudRules& rules);
// Whether traffic from there is bought.
bool IsBought(absl::string_view source, const FraudRules& rules);
// The traffic was bought.
std::string PaidSearch(const SignalInput& input, const FraudRules& rules);
// An identity of the referee, or of the advocate, is on the blocklist.
std::string Blocklist(const SignalInput& input);
std::string AdvocateOnBlocklist(const SignalInput& input);

// All signals that apply, without weights. kBlocklist has a line for each end.
std::vector<SignalEvidence> FindSignals(const SignalInput& input, const FraudRules& rules);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_SIGNALS_H_
