// Why a message was skipped or given up: stable words, counted in the summary.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_REASONS_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_REASONS_H_

#include "absl/strings/string_view.h"

namespace kith::outreach::reasons {

// Skipped.
inline constexpr absl::string_view kConverted = "converted";  // exit_on_conversion
inline constexpr absl::string_view kChurned = "churned";      // exit_on_churn
// The customer whose churn started the playbook is back.
inline constexpr absl::string_view kReturned = "returned";
// The conversion that started the playbook was reversed.
inline constexpr absl::string_view kConversionReversed = "conversion_reversed";
// Nobody has referred the customer whose attribution started the playbook.
inline constexpr absl::string_view kUnattributed = "unattributed";
inline constexpr absl::string_view kLate = "late";              // max_lateness
inline constexpr absl::string_view kSuppressed = "suppressed";  // checked when claimed
inline constexpr absl::string_view kCap = "cap";                // with cap_policy skip
inline constexpr absl::string_view kCapZero = "cap_zero";       // no day would ever allow it

// Given up.
inline constexpr absl::string_view kPermanent = "permanent";  // the sender says so
inline constexpr absl::string_view kAttempts = "attempts_exhausted";

}  // namespace kith::outreach::reasons

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_REASONS_H_
