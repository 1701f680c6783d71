#include "tests/property/step.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace kith::property {
const char* NameOf(Act act) {
  switch (act) {
    case Act::kApply:
      return "apply";
    case Act::kEnroll:
      return "enroll";
    case Act::kVanity:
      return "vanity";
    case Act::kCampaignCode:
      return "campaign_code";
    case Act::kRotate:
      return "rotate";
    case Act::kRevoke:
      return "revoke";
    case Act::kTouch:
      return "touch";
    case Act::kLead:
      return "lead";
    case Act::kQualify:
      return "qualify";
    case Act::kSignup:
      return "signup";
    case Act::kOverride:
      return "override";
    case Act::kConvert:
      return "convert";
    case Act::kReverse:
      return "reverse";
    case Act::kSuspend:
      return "suspend";
    case Act::kReinstate:
      return "reinstate";
    case Act::kAha:
      return "aha";
    case Act::kChurn:
      return "churn";
    case Act::kReactivate:
      return "reactivate";
    case Act::kAdvance:
      return "advance";
    case Act::kFulfil:
      return "fulfil";
    case Act::kResolve:
      return "resolve";
    case Act::kBlock:
      return "block";
    case Act::kUnblock:
      return "unblock";
    case Act::kRecalculate:
      return "recalculate";
    case Act::kReport:
      return "report";
    case Act::kRetry:
      return "retry";
    case Act::kStock:
      return "stock";
    case Act::kCrash:
      return "crash";
  }
  return "?";
}

std::string ToText(const Step& step) {
  std::string text = NameOf(step.act);
  for (const auto& [name, value] : {std::pair<const char*, const std::string&>("id", step.id),
                                    {"advocate", step.advocate},
                                    {"customer", step.customer},
                                    {"referral", step.referral},
                                    {"email", step.email},
                                    {"code", step.code},
                                    {"visitor", step.visitor},
                                    {"campaign", step.campaign},
                                    {"referrer", step.referrer},
                                    {"event", step.event},
                                    {"order", step.order},
                                    {"plan", step.plan},
                                    {"seats", step.seats},
                                    {"device", step.device},
                                    {"ip", step.ip},
                                    {"source", step.source}}) {
    if (!value.empty()) absl::StrAppend(&text, " ", name, "=", value);
  }
  if (step.time != absl::Time()) {
    absl::StrAppend(&text, " at ",
                    absl::FormatTime("%Y-%m-%dT%H:%M", step.time, absl::UTCTimeZone()));
  }
  if (step.until != absl::Time()) {
    absl::StrAppend(&text, " until ",
                    absl::FormatTime("%Y-%m-%dT%H:%M", step.until, absl::UTCTimeZone()));
  }
  if (step.outcome != Outcome::kSuccess) {
    absl::StrAppend(&text, " outcome=", static_cast<int>(step.outcome));
  }
  if (step.amount) absl::StrAppend(&text, " amount=", *step.amount);
  if (step.annual) absl::StrAppend(&text, " annual=", *step.annual);
  if (step.fee) absl::StrAppend(&text, " fee=", *step.fee);
  if (step.no) absl::StrAppend(&text, " no");
  if (step.joined) absl::StrAppend(&text, " joined");
  if (step.again) absl::StrAppend(&text, " again");
  if (step.program) absl::StrAppend(&text, " { ", step.program->ShortDebugString(), " }");
  return text;
}

std::string FirstCodeOf(const std::string& advocate) { return absl::StrCat("own:", advocate); }

}  // namespace kith::property
