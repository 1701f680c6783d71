// Conditions over what is known of a referral: any of several lists of tests, each list of
// which must hold as a whole (OR of ANDs).
//
// Fields are named by a prefix and a name:
//   lead.*      attributes of the lead
//   customer.*  attributes of the customer; customer.channel, customer.plan
//   order.*     attributes of the conversion; order.event, order.amount_minor,
//               order.annual_minor, order.plan, order.coupon, and order.line.<name>, the
//               amount of a named line
//   advocate.*  attributes of the advocate; advocate.kind, advocate.tier, advocate.segment,
//               advocate.referrals, advocate.signups, advocate.conversions
//   referral.*  referral.campaign, referral.evidence, referral.origin, referral.lead_state
//   occasion.*  occasion.ordinal (the how-many-th reward of its rule this is for its
//               recipient), occasion.count (of a milestone or Nth success)
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CONDITION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CONDITION_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::referral::domain {

// How a field is compared. Numbers (optionally signed, with at most 18 digits before the point
// and after it) are compared exactly as numbers by the four orders, which do not hold when
// either side is no number. The others compare texts: 9.5 is not equal to 9.50.
enum class Comparison {
  kEquals,
  kNotEquals,
  kIn,
  kNotIn,
  kAtLeast,
  kAtMost,
  kGreater,
  kLess,
  kExists,
  kMissing
};

// One test. A field that is missing fails every test but kNotEquals, kNotIn and kMissing.
struct Test {
  std::string field;
  Comparison comparison = Comparison::kEquals;
  std::vector<std::string>
      values;  // one; several for kIn and kNotIn; none for kExists/kMissing
  friend bool operator==(const Test&, const Test&) = default;
};

// Holds when all tests of at least one list hold. Without lists it always holds.
struct Condition {
  std::vector<std::vector<Test>> any_of;
  friend bool operator==(const Condition&, const Condition&) = default;
  bool always() const { return any_of.empty(); }
};

// Values by full field name ("lead.company_size"). What is not there is missing.
using FieldValues = std::map<std::string, std::string>;

// How one test came out.
struct TestOutcome {
  Test test;
  std::optional<std::string> value;  // of the field; absent: missing
  bool holds = false;
  friend bool operator==(const TestOutcome&, const TestOutcome&) = default;
};

// How a condition came out: all tests of all lists, in order.
struct Evaluation {
  bool holds = true;
  std::vector<TestOutcome> tests;
  friend bool operator==(const Evaluation&, const Evaluation&) = default;
};

bool Holds(const Condition& condition, const FieldValues& values);
Evaluation Evaluate(const Condition& condition, const FieldValues& values);

// What is wrong with a condition, as (path below the condition, what would be right) pairs:
// an unknown prefix or field, a wrong number of values, an order with a value that is no
// number, an empty list. `prefixes` are those that make sense where it stands ("lead", …).
struct ConditionProblem {
  std::string path;
  std::string text;
};
std::vector<ConditionProblem> CheckCondition(const Condition& condition,
                                             const std::vector<absl::string_view>& prefixes);

// One line of text for people and for the store, and the reverse (nullopt when it is none).
// "lead.size at_least 50 and lead.country in DE|FR or lead.vip equals yes"; characters that
// mean something (space, `|`, `%`, control) are written as %XX.
std::string ToText(const Condition& condition);
std::optional<Condition> ParseCondition(absl::string_view text);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CONDITION_H_
