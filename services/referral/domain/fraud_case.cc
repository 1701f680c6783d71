#include "services/referral/domain/fraud_case.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/error.h"
#include "services/referral/domain/lead.h"

namespace kith::referral::domain {
namespace {

constexpr size_t kShortHashBytes = 16;

}  // namespace

bool FraudCase::decided_by_person() const {
  return state != FraudCaseState::kOpen && decided_by != kByRules;
}

absl::Status CheckPerson(absl::string_view decided_by) {
  if (decided_by != kByRules && decided_by != kByConversion) return absl::OkStatus();
  return MakeFieldError(kith::errors::kInvalidField, "decided_by",
                        absl::StrCat("must be a person, and not `", decided_by, "`"));
}

FraudState StateBy(FraudCaseState state) {
  switch (state) {
    case FraudCaseState::kOpen:
      return FraudState::kHeld;
    case FraudCaseState::kApproved:
      return FraudState::kApproved;
    case FraudCaseState::kRejected:
      return FraudState::kRejected;
  }
  return FraudState::kHeld;
}

std::string ShortHash(absl::string_view hash) {
  return std::string(hash.substr(0, kShortHashBytes));
}

int64_t LocalDay(absl::Time time, absl::TimeZone zone) {
  return absl::ToCivilDay(time, zone) - absl::CivilDay(1970, 1, 1);
}

}  // namespace kith::referral::domain
