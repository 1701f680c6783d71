#include "services/referral/domain/conversion.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/submission.h"

namespace kith::referral::domain {
namespace {

// One that states no time is of the time of the call, and so not before what is known then,
// whatever the clocks of the replicas say.
absl::Time TimeOf(const ConversionReport& report, const ConversionContext& context) {
  if (report.conversion_time.has_value()) return *report.conversion_time;
  absl::Time time = context.now;
  if (context.referral != nullptr) time = std::max(time, context.referral->submitted_time);
  if (context.customer != nullptr) time = std::max(time, context.customer->signup_time);
  return time;
}

absl::Status CheckReferral(const ConversionReport& report, const ConversionContext& context) {
  if (report.customer_id.empty() && report.referral_id.empty()) {
    return MakeFieldError(errors::kUnknownReferral, "referral_id",
                          "must be given, or else customer_id");
  }
  if (!report.referral_id.empty() && context.referral == nullptr) {
    return MakeFieldError(errors::kUnknownReferral, "referral_id",
                          "must be an accepted referral");
  }
  if (context.referral != nullptr &&
      TimeOf(report, context) < context.referral->submitted_time) {
    return MakeFieldError(
        errors::kBeforeReferral, "conversion_time",
        absl::StrCat("must not be before the referral, which began at ",
                     absl::FormatTime(absl::RFC3339_full, context.referral->submitted_time,
                                      absl::UTCTimeZone())));
  }
  return absl::OkStatus();
}

absl::Status CheckCustomer(const ConversionReport& report, const ConversionContext& context) {
  if (report.referral_id.empty()) return absl::OkStatus();
  const std::string& referee = context.referral->referee();
  const bool other_referee =
      !report.customer_id.empty() && !referee.empty() && report.customer_id != referee;
  const bool other_referral =
      context.customer != nullptr &&
      context.customer->judgement.referral_id != context.referral->referral_id;
  if (!other_referee && !other_referral) return absl::OkStatus();
  return MakeFieldError(errors::kCustomerMismatch, "referral_id",
                        "must be the referral that the customer is attributed to");
}

absl::Status CheckAmount(const ConversionReport& report, const ConversionContext& context) {
  if (!report.amount.has_value()) return absl::OkStatus();
  if (report.amount->minor < 0) {
    return MakeFieldError(errors::kAmountNegative, "amount.amount_minor",
                          "must be 0 or more; a refund reverses its conversion");
  }
  if (context.version == nullptr) return absl::OkStatus();
  const std::string& currency = context.version->program.currency;
  if (report.amount->currency == currency) return absl::OkStatus();
  return MakeFieldError(errors::kCurrencyMismatch, "amount.currency",
                        absl::StrCat("must be ", currency, ", the program's"));
}

}  // namespace

std::string ConvertedCustomer(const ConversionReport& report, const Referral* referral) {
  if (!report.customer_id.empty() || referral == nullptr) return report.customer_id;
  return referral->referee();
}

const Customer* CustomerByAddress(const Referral& lead,
                                  absl::Span<const Customer* const> customers) {
  const auto rank = [&](const Customer& customer) {
    const bool other = customer.judgement.referral_id != lead.referral_id;
    return std::make_tuple(other, customer.signup_time, customer.customer_id);
  };
  const Customer* found = nullptr;
  for (const Customer* customer : customers) {
    if (found == nullptr || rank(*customer) < rank(*found)) found = customer;
  }
  return found;
}

bool IsBeforeSignup(const Conversion& conversion, const Customer& customer) {
  if (!conversion.referral_id.empty())
    return false;  // also what was so before this was looked at
  const bool named =
      customer.attributed() && conversion.given_referral_id == customer.judgement.referral_id;
  return !named && conversion.conversion_time < customer.signup_time;
}

absl::string_view WhyUncounted(const Conversion& conversion, const Customer* customer) {
  if (customer == nullptr) return uncounted::kUnknownCustomer;
  return IsBeforeSignup(conversion, *customer) ? uncounted::kBeforeSignup
                                               : uncounted::kNotAttributed;
}

bool IsSuccess(const SuccessRules& rules, const ConversionReport& report) {
  const bool named =
      rules.events.empty() ||
      std::find(rules.events.begin(), rules.events.end(), report.event) != rules.events.end();
  const int64_t minor = report.amount.has_value() ? report.amount->minor : 0;
  return named && minor >= rules.min_amount_minor.value_or(0);
}

bool SameContent(const ConversionReport& report, const Conversion& stored) {
  const Money amount = report.amount.value_or(Money());
  return report.customer_id == stored.given_customer_id &&
         report.referral_id == stored.given_referral_id &&
         report.conversion_time.value_or(stored.conversion_time) == stored.conversion_time &&
         report.amount.has_value() == stored.amount_minor.has_value() &&
         amount.minor == stored.amount_minor.value_or(0) &&
         amount.currency == stored.currency && report.event == stored.event &&
         report.annual_minor == stored.annual_minor && report.lines == stored.lines &&
         report.attributes == stored.attributes && report.order_id == stored.order_id;
}

absl::StatusOr<Conversion> JudgeConversion(absl::string_view program_id,
                                           const ConversionReport& report,
                                           const ConversionContext& context) {
  const absl::Time time = TimeOf(report, context);
  KITH_RETURN_IF_ERROR(CheckNotInFuture(report.conversion_time.value_or(context.now),
                                        context.now, "conversion_time"));
  KITH_RETURN_IF_ERROR(CheckReferral(report, context));
  KITH_RETURN_IF_ERROR(CheckCustomer(report, context));
  KITH_RETURN_IF_ERROR(CheckAmount(report, context));
  Conversion conversion;
  conversion.program_id = std::string(program_id);
  conversion.conversion_id = report.conversion_id;
  conversion.given_customer_id = report.customer_id;
  conversion.given_referral_id = report.referral_id;
  conversion.customer_id = context.customer != nullptr
                               ? context.customer->customer_id
                               : ConvertedCustomer(report, context.referral);
  conversion.conversion_time = time;
  conversion.referral_id = report.referral_id;
  if (context.customer != nullptr) {
    const bool early = IsBeforeSignup(conversion, *context.customer);
    conversion.referral_id = early ? "" : context.customer->judgement.referral_id;
  }
  if (report.amount.has_value()) {
    conversion.amount_minor = report.amount->minor;
    conversion.currency = report.amount->currency;
  }
  conversion.event = report.event;
  conversion.annual_minor = report.annual_minor;
  conversion.lines = report.lines;
  conversion.attributes = report.attributes;
  conversion.order_id = report.order_id;
  if (context.version != nullptr) {
    conversion.program_version = context.version->version;
    conversion.success = IsSuccess(context.version->program.success, report);
  }
  return conversion;
}

absl::StatusOr<absl::Time> JudgeReversal(const Conversion& conversion,
                                         std::optional<absl::Time> time, absl::Time now) {
  if (!time.has_value()) return now;
  KITH_RETURN_IF_ERROR(CheckNotInFuture(*time, now, "reversal_time"));
  if (*time >= conversion.conversion_time) return *time;
  return MakeFieldError(
      errors::kBeforeConversion, "reversal_time",
      absl::StrCat("must not be before the conversion, which was at ",
                   absl::FormatTime(absl::RFC3339_full, conversion.conversion_time,
                                    absl::UTCTimeZone())));
}

const Conversion* NextLive(absl::Span<const Conversion* const> conversions) {
  const Conversion* next = nullptr;
  for (const Conversion* candidate : conversions) {
    if (candidate->reversed() || !candidate->success) continue;
    if (next == nullptr || IsEarlier(*candidate, *next)) next = candidate;
  }
  return next;
}

const Conversion* NextLiveOf(const std::vector<Conversion>& conversions) {
  std::vector<const Conversion*> candidates;
  for (const Conversion& conversion : conversions) candidates.push_back(&conversion);
  return NextLive(absl::MakeConstSpan(candidates));
}

bool IsEarlier(const Conversion& one, const Conversion& other) {
  return std::tie(one.conversion_time, one.conversion_id) <
         std::tie(other.conversion_time, other.conversion_id);
}

void SortByTime(std::vector<Conversion>& conversions) {
  std::sort(conversions.begin(), conversions.end(), IsEarlier);
}

}  // namespace kith::referral::domain
