#include "services/referral/domain/submission.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"

namespace kith::referral::domain {
namespace {

bool IsSelfReferral(const Lead& lead, const Advocate& advocate) {
  return lead.referee_id == advocate.advocate_id ||
         (!lead.email_hash.empty() && lead.email_hash == advocate.email_hash);
}

absl::string_view RefereeField(const Lead& lead) {
  return lead.referee_id.empty() ? "referee_email" : "referee_id";
}

}  // namespace

absl::Status CheckNotInFuture(absl::Time time, absl::Time now, absl::string_view field) {
  if (time <= now + absl::Hours(24)) return absl::OkStatus();
  return MakeFieldError(errors::kTimeInFuture, field,
                        absl::StrCat("must be at most a day after ", absl::FormatTime(now)));
}

bool SameContent(const Lead& lead, const Referral& stored) {
  return stored.origin == ReferralOrigin::kLead && lead.advocate_id == stored.advocate_id &&
         lead.referee_id == stored.referee_id && lead.email_hash == stored.email_hash &&
         lead.campaign == stored.campaign &&
         lead.submitted_time.value_or(stored.submitted_time) == stored.submitted_time;
}

absl::Status JudgeLead(const Lead& lead, const LeadContext& context) {
  const absl::Time submitted = lead.submitted_time.value_or(context.now);
  KITH_RETURN_IF_ERROR(CheckNotInFuture(submitted, context.now, "submitted_time"));
  if (absl::StartsWith(lead.referral_id, SignupReferralId(""))) {
    return MakeFieldError(errors::kReferralIdReused, "referral_id",
                          absl::StrCat("must not begin with ", SignupReferralId("")));
  }
  if (lead.referee_id.empty() && lead.email_hash.empty()) {
    return MakeFieldError(errors::kRefereeMissing, "referee_id",
                          "this or referee_email is needed");
  }
  if (context.advocate == nullptr) {
    return MakeFieldError(errors::kUnknownAdvocate, "advocate_id",
                          "must be an enrolled advocate");
  }
  if (IsSelfReferral(lead, *context.advocate)) {
    return MakeFieldError(errors::kSelfReferral, RefereeField(lead),
                          "must not be the advocate's own");
  }
  for (const Customer* customer : context.customers) {
    if (customer->signup_time <= submitted) {
      return MakeFieldError(errors::kExistingCustomer, RefereeField(lead),
                            "was a customer when the lead was submitted");
    }
  }
  for (const Referral* other : context.leads) {
    if (other->referral_id != lead.referral_id) {
      return MakeFieldError(errors::kAlreadyReferred, RefereeField(lead),
                            "is named by an earlier lead");
    }
  }
  return absl::OkStatus();
}

}  // namespace kith::referral::domain
