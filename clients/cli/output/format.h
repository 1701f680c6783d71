// Numbers as people read them.
#ifndef KITH_CLIENTS_CLI_OUTPUT_FORMAT_H_
#define KITH_CLIENTS_CLI_OUTPUT_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::cli {

// What stands for a value that is not defined.
inline constexpr absl::string_view kNone = "-";

// `12,345`.
std::string Count(int64_t value);
// `12.3 %` of a share in [0, 1].
std::string Percent(double share);
// With `digits` after the point.
std::string Decimal(double value, int digits);
// A probability: `0.0131`, or `< 0.0001`.
std::string Probability(double p);
// `[lower, upper]` with three digits each, or kNone when a limit is not defined.
std::string Interval(std::optional<double> lower, std::optional<double> upper);
// `1,234.50 USD` of an amount in minor units; `250 mb` of what is no money.
std::string Amount(int64_t minor, absl::string_view currency);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_FORMAT_H_
