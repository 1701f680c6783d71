// What the reference model keeps: one struct a thing, as plain as can be.
#ifndef KITH_TESTS_PROPERTY_MODEL_H_
#define KITH_TESTS_PROPERTY_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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
  std::string company, device, ip;
  std::set<std::string> submitted_from;  // "device …" and "ip …" of leads
  int64_t frauds = 0;
};
struct Code {
  std::string advocate, campaign;
  std::optional<absl::Time> honoured_until;
};
struct Referral {
  std::string id, advocate, referee, email, campaign, seats;
  bool campaign_by_code = false;  // the lead named none
  size_t version = 0;             // when it began
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
  std::string fraud = "clear";
  int64_t score = 0;
  const std::string& whom() const { return customer.empty() ? referee : customer; }
};
// A pair of people that the fraud rules judge.
struct Suspect {
  std::string referral, advocate, customer, email, company, domain, device, ip, source;
  bool signup = false;
  absl::Time time;
  size_t version = 0;
};
struct Verdict {
  std::string customer, source;  // who was judged, and where from
  std::string state = "clear";
  int64_t score = 0;
  std::map<kith::referral::v1::Signal, int64_t> signals;
};
struct Customer {
  Step signup;
  size_t version = 0;
  bool decided = false;  // by a person
  std::string evidence = "none", advocate, referral;
  std::optional<absl::Time> churned, aha;
  std::string company;  // that the address tells
  // Evidence, by kind and advocate, that did not count since they may not recommend.
  std::set<std::pair<std::string, std::string>> ineligible;
  Verdict verdict;  // about the winner
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
  int64_t wanted = 0;   // before caps
  int64_t kept = 0;     // so many were missing when its window kept it
  int64_t ordinal = 1;  // among those of its rule and recipient when it was given
  absl::Time occasion, available;
  std::optional<absl::Time> expiry;
  bool paid = false, released = true;
  bool moved = false;  // taken back because the signup went elsewhere
  // While it is handed out.
  std::string
      handing;        // fulfilling, lapsed, to_retry, failed, succeeded; empty: never claimed
  std::string taken;  // why it is taken back when the provider has reported
  int64_t claims = 0;
  int failures = 0;
  bool stocked = false;  // its pieces were reserved
  absl::Time lease_end;
  std::optional<absl::Time> retry;
  // After a recalculation.
  size_t recalculated = 0;  // to this version, whose caps it counts under
  size_t judged = 0;        // by this version last, whatever that did with it
  std::string supplements;  // the reward that it makes up
  // Not of an advocate who had the customer before.
  bool is_of(const Referral& referral) const {
    return rule.side() != kith::referral::v1::REWARD_SIDE_REFERRER ||
           recipient == referral.advocate;
  }
  bool owed() const {
    return state != "cancelled" && state != "reversed" && state != "expired";
  }
};
// Before a gate, or held.
inline bool NotYetAvailable(const Reward& reward, absl::Time time) {
  return reward.state == "pending" || reward.state == "approved" || time < reward.available;
}
inline bool IsOverCounts(const Rule& rule) {
  return rule.trigger() == kith::referral::v1::TRIGGER_MILESTONE ||
         rule.trigger() == kith::referral::v1::TRIGGER_NTH_SUCCESS;
}
// Whether what the reward is for came before a leaving that takes it back. Whom an advocate
// counts may leave.
inline bool LeftTooEarly(const Reward& reward, const Referral& referral, absl::Time time) {
  if (reward.occasion > time || IsOverCounts(reward.rule)) return false;
  const bool in_window =
      reward.rule.has_churn_clawback_window() &&
      time <= referral.signup + absl::Seconds(reward.rule.churn_clawback_window().seconds());
  return in_window || NotYetAvailable(reward, time);
}
struct Case {
  std::string advocate, state, by;
  int64_t score = 0;
  std::vector<std::pair<kith::referral::v1::Signal, int64_t>> signals;  // as they are told
  size_t version = 0;
  absl::Time opened;
};
struct Evidence {
  std::string kind, advocate, id, campaign;
  absl::Time time;
  bool converted = false, view = false;
  std::string source = "";
};
struct Stock {
  int64_t on_hand = 0, reserved = 0, handed_out = 0;
};
struct RuleInForce {
  const Rule* rule = nullptr;
  std::string campaign;  // empty: the program's
  size_t version = 0;    // of an earlier version, which promised it
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

// Whether a rule over conversions pays this one.
bool Earns(const RuleInForce& rule, const Referral& referral, const Conversion& conversion);

}  // namespace kith::property::model

#endif  // KITH_TESTS_PROPERTY_MODEL_H_
