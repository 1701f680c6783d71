// What can happen in a history: plain data, understood by the reference model and by the
// service alike.
#ifndef KITH_TESTS_PROPERTY_STEP_H_
#define KITH_TESTS_PROPERTY_STEP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::property {

enum class Act {
  kApply,         // `program` becomes the newest version
  kEnroll,        // `advocate`, with `email`
  kVanity,        // `advocate` takes the code `code`
  kCampaignCode,  // `advocate` gets a code, known here as `code`, for `campaign`
  kRotate,        // the personal code of `advocate` becomes another, known as `code`
  kRevoke,        // `code`
  kTouch,         // `id`: `visitor` saw or clicked a link with `code` at `time`
  kLead,          // `id`: `advocate` names `customer` and/or `email` at `time`
  kQualify,       // `id`: a person finds the lead a good or (`no`) a bad fit
  kSignup,        // `customer` with `email`, `code`, `referrer`, `visitor` at `time`
  kOverride,      // a person gives `customer` to `advocate` (empty: nobody)
  kConvert,       // `id`: `customer` or `referral` pays `amount` at `time`
  kReverse,       // `id`: that conversion
  kSuspend,       // `advocate`
  kReinstate,     // `advocate`
  kAha,           // `customer` reached the success event at `time`
  kChurn,         // `customer` left at `time`
  kReactivate,    // `customer` came back at `time`
  kAdvance,       // the clock goes to `time`, and what is due is done
  kFulfil,        // a provider claims `amount` rewards and reports success
  kCrash          // the service ends and is started again
};

struct Step {
  Act act = Act::kAdvance;
  std::string id, advocate, customer, referral, email, code, visitor, campaign;
  std::string referrer;  // whom a signup names
  std::string event, plan, seats;
  absl::Time time;
  std::optional<int64_t> amount, annual, fee;
  bool no = false;      // kQualify: a bad fit; kTouch: a view, not a click
  bool joined = false;  // sent in one request with the step before it, which has the same act
  bool again = false;   // sent twice, as clients do that had no answer
  std::optional<kith::referral::v1::Program> program;
};
using History = std::vector<Step>;

// One line for people.
std::string ToText(const Step& step);

// What anybody can see in the end, one line a thing.
using Picture = std::vector<std::string>;

// The personal code that an advocate has from the enrolment on, as steps name it.
std::string FirstCodeOf(const std::string& advocate);

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_STEP_H_
