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
  kReverse,       // `id`: that conversion, now or, with `amount`, at `time`
  kSuspend,       // `advocate`
  kReinstate,     // `advocate`
  kAha,           // `customer` reached the success event at `time`
  kChurn,         // `customer` left at `time`
  kReactivate,    // `customer` came back at `time`
  kAdvance,       // the clock goes to `time`, and what is due is done
  kResolve,  // a person approves or (`no`) rejects the case `id`, or the `amount`th open one
  kBlock,    // `email` or `device` is blocked
  kUnblock,  // and is no longer
  kRecalculate,  // what converted in [`time`, `until`) by the version `amount` (0: the newest)
  kFulfil,       // a provider claims `amount` rewards and reports `outcome`
  kReport,       // it reports `outcome` of those that it has not reported
  kRetry,        // a person has the `amount`th reward that failed tried again
  kStock,        // there are `amount` pieces of `id`
  kCrash         // the service ends and is started again
};

// How handing out a reward went.
enum class Outcome { kSuccess, kFailure, kFailureForGood, kNoReport };

struct Step {
  Act act = Act::kAdvance;
  std::string id, advocate, customer, referral, email, code, visitor, campaign;
  std::string referrer;  // whom a signup names
  std::string event, plan, seats;
  std::string order;               // of a conversion
  std::string device, ip, source;  // of a lead: where it was submitted from
  Outcome outcome = Outcome::kSuccess;
  absl::Time time, until;
  std::optional<int64_t> amount, annual, fee;
  bool no = false;  // kQualify: a bad fit; kTouch: a view; kResolve: a fraud; kRecalculate:
                    // small pages
  bool joined = false;  // sent in one request with the step before it, which has the same act
  bool again = false;   // sent twice, as clients do that had no answer
  std::optional<kith::referral::v1::Program> program;
};
using History = std::vector<Step>;

// The act in a word.
const char* NameOf(Act act);
// One line for people.
std::string ToText(const Step& step);

// What anybody can see in the end, one line a thing.
using Picture = std::vector<std::string>;

// The personal code that an advocate has from the enrolment on, as steps name it.
std::string FirstCodeOf(const std::string& advocate);

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_STEP_H_
