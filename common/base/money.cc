#include "common/base/money.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kith {
namespace {

__extension__ using Int128 = __int128;

// The currencies of ISO 4217, in order, with those that have gone since 2020, in which older
// payments are. Without metals, baskets and the codes for tests and for none.
constexpr absl::string_view kCurrencies[] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
    "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG",
    "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
    "ZWL"};

// Those whose minor unit is not a hundredth.
constexpr absl::string_view kNoDigits[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                           "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                           "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr absl::string_view kThreeDigits[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr absl::string_view kFourDigits[] = {"CLF", "UYW"};

bool Contains(absl::Span<const absl::string_view> list, absl::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

absl::Status BadAmount(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not a decimal amount"));
}

// Appends a digit to `value`; false on overflow.
bool PushDigit(int64_t& value, int digit) {
  return !__builtin_mul_overflow(value, 10, &value) &&
         !__builtin_add_overflow(value, digit, &value);
}

}  // namespace

bool IsCurrency(absl::string_view code) {
  return std::binary_search(std::begin(kCurrencies), std::end(kCurrencies), code);
}

int MinorUnitDigits(absl::string_view currency) {
  if (Contains(kNoDigits, currency)) return 0;
  if (Contains(kFourDigits, currency)) return 4;
  return Contains(kThreeDigits, currency) ? 3 : 2;
}

absl::StatusOr<Money> ParseMajorUnits(absl::string_view text, absl::string_view currency) {
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  const size_t point = std::min(rest.find('.'), rest.size());
  const absl::string_view whole = rest.substr(0, point);
  const absl::string_view fraction = point < rest.size() ? rest.substr(point + 1) : "";
  const int digits = MinorUnitDigits(currency);
  if (whole.empty() || (point < rest.size() && fraction.empty())) return BadAmount(text);
  if (fraction.size() > static_cast<size_t>(digits)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' has more than ", digits, " digits after the point"));
  }
  int64_t minor = 0;
  const std::string all =
      absl::StrCat(whole, fraction, std::string(digits - fraction.size(), '0'));
  for (const char c : all) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return BadAmount(text);
    if (!PushDigit(minor, c - '0')) {
      return absl::InvalidArgumentError(absl::StrCat("'", text, "' is too large"));
    }
  }
  return Money{negative ? -minor : minor, std::string(currency)};
}

std::string FormatMajorUnits(const Money& money) {
  const int digits = MinorUnitDigits(money.currency);
  const bool negative = money.minor < 0;
  // The negation is done unsigned: the least int64 has no positive counterpart.
  const uint64_t size =
      negative ? 0 - static_cast<uint64_t>(money.minor) : static_cast<uint64_t>(money.minor);
  uint64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  std::string out = absl::StrCat(negative ? "-" : "", size / unit);
  if (digits > 0) absl::StrAppendFormat(&out, ".%0*d", digits, size % unit);
  return out;
}

int64_t PercentOf(int64_t minor, int64_t basis_points) {
  const Int128 product = static_cast<Int128>(minor) * basis_points;
  Int128 quotient = product / 10000;
  const Int128 remainder = product % 10000;
  const Int128 size = remainder < 0 ? -remainder : remainder;
  if (size > 5000 || (size == 5000 && quotient % 2 != 0)) quotient += product < 0 ? -1 : 1;
  return static_cast<int64_t>(quotient);
}

std::vector<int64_t> SplitByLargestRemainder(int64_t minor,
                                             absl::Span<const int64_t> weights) {
  Int128 sum = 0;
  for (const int64_t weight : weights) sum += weight;
  std::vector<int64_t> shares(weights.size());
  std::vector<Int128> remainders(weights.size());
  int64_t given = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Int128 product = static_cast<Int128>(minor) * weights[i];
    shares[i] = static_cast<int64_t>(product / sum);
    remainders[i] = product % sum;
    given += shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; given < minor; ++i, ++given) ++shares[order[i]];
  return shares;
}

}  // namespace kith
