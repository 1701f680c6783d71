// Exact money: whole minor units and an ISO 4217 code; never floating point.
#ifndef KITH_COMMON_BASE_MONEY_H_
#define KITH_COMMON_BASE_MONEY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kith {

// An amount. The two halves of every operation must have the same currency.
struct Money {
  int64_t minor = 0;
  std::string currency;
  friend bool operator==(const Money&, const Money&) = default;
};

// Whether it is the ISO 4217 code of a currency, in upper case.
bool IsCurrency(absl::string_view code);

// Digits after the point of the currency's major unit (2 for USD, 0 for JPY, 3 for KWD).
int MinorUnitDigits(absl::string_view currency);

// Parses a decimal in the major unit ("12.50" USD is 1250). INVALID_ARGUMENT when it is
// not a decimal, has more digits than the currency, or overflows.
absl::StatusOr<Money> ParseMajorUnits(absl::string_view text, absl::string_view currency);
// The reverse: "12.50".
std::string FormatMajorUnits(const Money& money);

// `minor * basis_points / 10000`, rounded half to even, exact for every int64 amount
// whose result fits (|basis_points| <= 1000000).
int64_t PercentOf(int64_t minor, int64_t basis_points);

// Splits `minor` >= 0 in proportion to `weights` (>= 0, sum > 0) by largest remainder;
// ties go to the earlier share. The shares sum to `minor` exactly.
std::vector<int64_t> SplitByLargestRemainder(int64_t minor, absl::Span<const int64_t> weights);

}  // namespace kith

#endif  // KITH_COMMON_BASE_MONEY_H_
