// What the reference model keeps: one struct a thing, as plain as can be.
#ifndef KITH_TESTS_PROPERTY_MODEL_H_
#define KITH_TESTS_PROPERTY_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/property/step.h"

namespace kith::property::model {

using Rule = kith::referral::v1::RewardRule;
using Rules = kith::referral::v1::Program;

struct Version {
  std::optional<absl::Time> effective;
  Rules rules;
};
struct Advocate {
  std::string email, code;
  std::optional<absl::Time> suspended;
};
struct Code {
  std::string advocate, campaign;
  std::optional<absl::Time> honoured_until;
};
struct Referral {
  std::string id, advocate, referee, email, campaign, seats;
  bool lead = true;
  absl::Time submitted;
  std::string customer;
  absl::Time signup;
  std::string evidence = "none";
  std::string live;  // the conversion
  bool ever_converted = false;
  std::string sales = "submitted";
  std::optional<bool> fit;
  std::string fit_by;
  bool ever_qualified = false;
  absl::Time qualified;  // when
  const std::string& whom() const { return customer.empty() ? referee : customer; }
};
struct Customer {
  Step signup;
  size_t version = 0;
  bool decided = false;  // by a person
  std::string evidence = "none", advocate, referral;
  std::optional<absl::Time> churned, aha;
};
struct Conversion {
  Step step;
  std::string customer, referral;
  size_t version = 0;
  bool reversed = false, success = false;
};
struct Reward {
  std::string id, referral, conversion, campaign, recipient, unit, state = "held", cause;
  Rule rule;
  size_t version = 0;
  int64_t amount = 0;
  absl::Time occasion, available;
  std::optional<absl::Time> expiry;
  bool paid = false, released = true;
  bool moved = false;  // taken back because the signup went elsewhere
  bool owed() const {
    return state != "cancelled" && state != "reversed" && state != "expired";
  }
};
struct Evidence {
  std::string kind, advocate, id, campaign;
  absl::Time time;
  bool converted = false, view = false;
};
struct RuleInForce {
  const Rule* rule = nullptr;
  std::string campaign;  // empty: the program's
  std::string key() const {
    return campaign.empty() ? rule->rule_id() : campaign + "/" + rule->rule_id();
  }
};
// What happened, for a reward.
struct Occasion {
  kith::referral::v1::Trigger trigger;
  absl::Time time;
  const Conversion* conversion = nullptr;
  int64_t count = 0;
  bool referee_only = false;
};
// A limit that a reward counts under.
struct CapKey {
  std::string holder, recipient;
  int period = 0;
  absl::Time start;
  auto operator<=>(const CapKey& other) const {
    return std::tie(holder, recipient, period, start) <=>
           std::tie(other.holder, other.recipient, other.period, other.start);
  }
  bool operator==(const CapKey& other) const = default;
};

}  // namespace kith::property::model

#endif  // KITH_TESTS_PROPERTY_MODEL_H_
