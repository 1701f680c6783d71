#include "services/referral/domain/model.h"

#include "absl/strings/str_cat.h"
#include "services/referral/domain/withdrawal.h"

namespace kith::referral::domain {

std::string SignupReferralId(absl::string_view customer_id) {
  return absl::StrCat("signup:", customer_id);
}

std::string Customer::channel() const {
  if (attributed() && !IsWithdrawn(judgement)) return "referral";
  return stated_channel.empty() ? "organic" : stated_channel;
}

}  // namespace kith::referral::domain
