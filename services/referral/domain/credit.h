// How a report divides the credit for a customer among all who led up to the signup. Rewards
// are never divided: they go to the one referrer.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CREDIT_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CREDIT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/name_table.h"

namespace kith::referral::domain {

enum class CreditModel {
  kLinear,   // 1/n to each point
  kUShaped,  // 40 % to the first, 40 % to the last, 20 % to those between; n = 1: all, 2: half
  kTimeDecay  // in proportion to 2^(-age / half-life)
};

template <>
struct Names<CreditModel> {
  static constexpr std::pair<CreditModel, absl::string_view> kAll[] = {
      {CreditModel::kLinear, "linear"},
      {CreditModel::kUShaped, "u_shaped"},
      {CreditModel::kTimeDecay, "time_decay"}};
};

// A lead or touch that counts.
struct CreditPoint {
  std::string advocate_id;
  absl::Time time;
  friend bool operator==(const CreditPoint&, const CreditPoint&) = default;
};

struct CreditShare {
  std::string advocate_id;
  int64_t basis_points = 0;
  int64_t amount_minor = 0;
  int64_t points = 0;
  friend bool operator==(const CreditShare&, const CreditShare&) = default;
};

// The points of a judged customer, in order of time: the leads and touches that could have
// won. Where a person decided, or none of them speaks for the winner: one point of the winner
// (of nobody, or of one whose referral was rejected as a fraud: none).
std::vector<CreditPoint> CreditPoints(const Customer& customer, const Weighed& weighed);

// Divides 10000 basis points and `amount_minor` >= 0 among the advocates of `points` (in order
// of time), each exactly, by largest remainder; of equal remainders the one who came first.
// `half_life` > 0. Largest share first, then who came first.
std::vector<CreditShare> DivideCredit(absl::Span<const CreditPoint> points, CreditModel model,
                                      absl::Duration half_life, int64_t amount_minor);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CREDIT_H_
