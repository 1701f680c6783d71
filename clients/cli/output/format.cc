#include "clients/cli/output/format.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/money.h"

namespace kith::cli {
namespace {

// Puts a comma before every third digit of the whole part of `number`.
std::string Grouped(std::string number) {
  const size_t first = absl::StartsWith(number, "-") ? 1 : 0;
  size_t end = number.find('.');
  if (end == std::string::npos) end = number.size();
  for (size_t i = end; i > first + 3; i -= 3) number.insert(i - 3, 1, ',');
  return number;
}

}  // namespace

std::string Count(int64_t value) { return Grouped(absl::StrCat(value)); }

std::string Percent(double share) { return absl::StrFormat("%.1f %%", share * 100); }

std::string Decimal(double value, int digits) {
  return absl::StrFormat("%.*f", digits, value);
}

std::string Probability(double p) {
  return p < 0.0001 ? "< 0.0001" : absl::StrFormat("%.4f", p);
}

std::string Interval(std::optional<double> lower, std::optional<double> upper) {
  if (!lower.has_value() || !upper.has_value()) return std::string(kNone);
  return absl::StrFormat("[%.3f, %.3f]", *lower, *upper);
}

std::string Amount(int64_t minor, absl::string_view currency) {
  // Units of what is no money (`mb`, `points`) are in lower case and have no minor unit.
  const bool money = !currency.empty() && absl::ascii_isupper(currency.front());
  if (!money) return absl::StrCat(Count(minor), currency.empty() ? "" : " ", currency);
  return absl::StrCat(Grouped(FormatMajorUnits({minor, std::string(currency)})), " ",
                      currency);
}

}  // namespace kith::cli
