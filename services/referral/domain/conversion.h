// Which referral a conversion counts for, and which conversion of a referral is the live one.
//
// A referral has at most one live conversion, the one that rewards are owed for. Once live,
// a conversion stays live until it is reversed; then the earliest other one takes its place.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CONVERSION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CONVERSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/money.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// A conversion as recorded. An absent time means the time of the call.
struct ConversionReport {
  std::string conversion_id;
  std::string customer_id;  // this or referral_id is needed
  std::string referral_id;
  std::optional<absl::Time> conversion_time;
  std::optional<Money> amount;
  std::string event;
  std::optional<int64_t> annual_minor;
  std::vector<Line> lines;
  Attributes attributes;
  std::string order_id;
};

// Why a conversion counts for no referral.
namespace uncounted {
inline constexpr absl::string_view kUnknownCustomer = "UNKNOWN_CUSTOMER";  // no signup (yet)
inline constexpr absl::string_view kBeforeSignup = "BEFORE_SIGNUP";
inline constexpr absl::string_view kNotAttributed = "NOT_ATTRIBUTED";
}  // namespace uncounted

// What is known about a recorded conversion.
struct ConversionContext {
  const ProgramVersion* version = nullptr;  // in force at its time; nullptr: none
  const Referral* referral = nullptr;       // of report.referral_id, if it exists
  const Customer* customer = nullptr;       // who converted, if signed up
  absl::Time now;
};

// Who converted, as far as is known: the customer given, else the referral's referee.
std::string ConvertedCustomer(const ConversionReport& report, const Referral* referral);

// The customer whom a lead without a referee's id names by mail address: of those who have it,
// the one attributed to the lead, else the first to sign up, then by id. nullptr: nobody.
const Customer* CustomerByAddress(const Referral& lead,
                                  absl::Span<const Customer* const> customers);

// Whether a conversion happened before its customer's signup, by the times of both, whichever
// was told first. It is a payment that no referral has brought, unless it counts for one that
// it names. At one instant the signup was first.
bool IsBeforeSignup(const Conversion& conversion, const Customer& customer);

// Why a conversion without a referral has none. `customer`: who converted, if signed up.
absl::string_view WhyUncounted(const Conversion& conversion, const Customer* customer);

// Whether a conversion is a success by these rules: one that may convert its referral. One
// without an amount counts as 0.
bool IsSuccess(const SuccessRules& rules, const ConversionReport& report);

// Whether `report` is what was stored as `stored` (an absent time equals every time).
bool SameContent(const ConversionReport& report, const Conversion& stored);

// The conversion to store, or why it is refused: TIME_IN_FUTURE, UNKNOWN_REFERRAL,
// BEFORE_REFERRAL (it names a referral that began later), AMOUNT_NEGATIVE, CURRENCY_MISMATCH,
// CUSTOMER_MISMATCH (the referral is another customer's). It counts for the referral of the
// customer, unless it was before the signup; while there is no signup for the referral given,
// if any; else it waits (`referral_id` is empty).
absl::StatusOr<Conversion> JudgeConversion(absl::string_view program_id,
                                           const ConversionReport& report,
                                           const ConversionContext& context);

// When a conversion is reversed: at the time given, else now. TIME_IN_FUTURE,
// BEFORE_CONVERSION.
absl::StatusOr<absl::Time> JudgeReversal(const Conversion& conversion,
                                         std::optional<absl::Time> time, absl::Time now);

// The order of conversions: by time, and then by id.
bool IsEarlier(const Conversion& one, const Conversion& other);
void SortByTime(std::vector<Conversion>& conversions);

// The conversion that becomes live when none is: the earliest success that is not reversed.
// nullptr when there is none.
const Conversion* NextLive(absl::Span<const Conversion* const> conversions);
const Conversion* NextLiveOf(const std::vector<Conversion>& conversions);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CONVERSION_H_
