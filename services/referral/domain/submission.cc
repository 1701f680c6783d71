#include "services/referral/domain/submission.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/errors.h"

namespace kith::referral::domain {
namespace {

bool Equal(const std::string& a, const std::string& b) { return !a.empty() && a == b; }
bool Differ(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

// The field that names the referee; the first of those given.
absl::string_view RefereeField(const Lead& lead) {
  if (!lead.referee_id.empty()) return "referee_id";
  return lead.email_hash.empty() ? "referee_phone" : "referee_email";
}

absl::string_view FieldOfCustomer(const Lead& lead, const Customer& customer) {
  if (Equal(lead.referee_id, customer.customer_id)) return "referee_id";
  if (Equal(lead.email_hash, customer.email_hash)) return "referee_email";
  return "referee_phone";
}

absl::string_view FieldOfLead(const Lead& lead, const Referral& earlier) {
  if (Equal(lead.referee_id, earlier.referee_id)) return "referee_id";
  if (Equal(lead.email_hash, earlier.email_hash)) return "referee_email";
  return Equal(lead.phone_hash, earlier.phone_hash) ? "referee_phone" : "referee_name";
}

absl::Status CheckForm(const Lead& lead, absl::Time submitted, absl::Time now) {
  KITH_RETURN_IF_ERROR(CheckNotInFuture(submitted, now, "submitted_time"));
  if (absl::StartsWith(lead.referral_id, SignupReferralId(""))) {
    return MakeFieldError(errors::kReferralIdReused, "referral_id",
                          absl::StrCat("must not begin with ", SignupReferralId("")));
  }
  if (lead.referee_id.empty() && lead.email_hash.empty() && lead.phone_hash.empty()) {
    return MakeFieldError(
        errors::kRefereeMissing, "referee_id",
        "must be given, or else referee_email or a referee_phone of five digits "
        "or more");
  }
  return absl::OkStatus();
}

absl::Status CheckAdvocate(const Lead& lead, const LeadContext& context) {
  const Advocate* advocate = context.advocate;
  if (advocate == nullptr) {
    return MakeFieldError(errors::kUnknownAdvocate, "advocate_id",
                          "must be an enrolled advocate");
  }
  if (advocate->suspended()) {
    return MakeFieldError(errors::kAdvocateSuspended, "advocate_id",
                          "must be an advocate who is not suspended");
  }
  if (context.program != nullptr && !IsEligible(*context.program, *advocate)) {
    return MakeFieldError(errors::kNotEligible, "advocate_id",
                          "must be an advocate whom the program's rules let recommend");
  }
  if (advocate->Is(lead.referee_id, lead.email_hash, lead.phone_hash)) {
    return MakeFieldError(errors::kSelfReferral, RefereeField(lead),
                          "must not be the advocate's own");
  }
  return absl::OkStatus();
}

// What is reported by dates alone has a day's lead and signup at one instant: then the lead
// came first. Who is a customer when a lead is submitted without a time was one before.
bool SignedUpBefore(const Lead& lead, absl::Time submitted, const Customer& customer) {
  const bool at_once = customer.signup_time == submitted && !lead.submitted_time.has_value();
  return customer.signup_time < submitted || at_once;
}

absl::Status CheckReferee(const Lead& lead, absl::Time submitted, const LeadContext& context) {
  if (context.email_opted_out || context.phone_opted_out) {
    return MakeFieldError(errors::kOptedOut,
                          context.email_opted_out ? "referee_email" : "referee_phone",
                          "belongs to somebody who does not want to be referred");
  }
  for (const Customer* customer : context.customers) {
    if (SignedUpBefore(lead, submitted, *customer)) {
      return MakeFieldError(errors::kExistingCustomer, FieldOfCustomer(lead, *customer),
                            "was a customer when the lead was submitted");
    }
  }
  for (const Referral* other : context.leads) {
    if (other->referral_id != lead.referral_id && NamesTheSame(lead, *other) &&
        Keeps(*other, lead.advocate_id, submitted, context.program)) {
      return MakeFieldError(errors::kAlreadyReferred, FieldOfLead(lead, *other),
                            other->submitted_time < submitted
                                ? "is named by an earlier lead"
                                : "is named by a lead that was told before");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNotInFuture(absl::Time time, absl::Time now, absl::string_view field) {
  if (time <= now + absl::Hours(24)) return absl::OkStatus();
  return MakeFieldError(errors::kTimeInFuture, field,
                        absl::StrCat("must be at most a day after ", absl::FormatTime(now)));
}

bool SameContent(const Lead& lead, const Referral& stored) {
  const std::string named = stored.campaign_by_code ? std::string() : stored.campaign;
  return stored.origin == ReferralOrigin::kLead && lead.advocate_id == stored.advocate_id &&
         lead.referee_id == stored.referee_id && lead.email_hash == stored.email_hash &&
         lead.campaign == named && lead.phone_hash == stored.phone_hash &&
         lead.name_hash == stored.name_hash && lead.sealed_note == stored.sealed_note &&
         lead.expectations == stored.expectations && lead.attributes == stored.attributes &&
         lead.submitted_time.value_or(stored.submitted_time) == stored.submitted_time;
}

std::vector<std::string> WarningsOf(const Referral& referral, const Program* program) {
  const bool unknown = program != nullptr && !referral.campaign.empty() &&
                       FindCampaign(*program, referral.campaign) == nullptr;
  if (!unknown) return {};
  return {std::string(kUnknownCampaign)};
}

bool NamesTheSame(const Lead& lead, const Referral& earlier) {
  if (Equal(lead.referee_id, earlier.referee_id) ||
      Equal(lead.email_hash, earlier.email_hash) ||
      Equal(lead.phone_hash, earlier.phone_hash)) {
    return true;
  }
  return lead.advocate_id == earlier.advocate_id && Equal(lead.name_hash, earlier.name_hash) &&
         !Differ(lead.referee_id, earlier.referee_id) &&
         !Differ(lead.email_hash, earlier.email_hash) &&
         !Differ(lead.phone_hash, earlier.phone_hash);
}

bool Keeps(const Referral& earlier, absl::string_view advocate_id, absl::Time submitted,
           const Program* program) {
  if (earlier.fraud == FraudState::kRejected) return earlier.advocate_id == advocate_id;
  if (!earlier.customer_id.empty() || earlier.ever_converted) return true;
  const AttributionRules rules =
      program == nullptr ? AttributionRules() : program->attribution;
  return submitted - earlier.submitted_time <= rules.lead_window;
}

absl::Status JudgeLead(const Lead& lead, const LeadContext& context) {
  const absl::Time submitted = lead.submitted_time.value_or(context.now);
  KITH_RETURN_IF_ERROR(CheckForm(lead, submitted, context.now));
  KITH_RETURN_IF_ERROR(CheckAdvocate(lead, context));
  KITH_RETURN_IF_ERROR(CheckReferee(lead, submitted, context));
  if (context.program == nullptr || lead.campaign.empty()) return absl::OkStatus();
  return CheckCampaign(*context.program, lead.campaign, *context.advocate, submitted);
}

}  // namespace kith::referral::domain
