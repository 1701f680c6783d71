#include "services/referral/domain/attribution.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace kith::referral::domain {
namespace {

// Why this evidence cannot count at all; empty if it can.
absl::string_view Refusal(const Customer& customer, const Evidence& evidence,
                          const AttributionRules& rules) {
  if (evidence.advocate == nullptr) {
    return evidence.kind == EvidenceKind::kCode ? rejections::kUnknownCode
                                                : rejections::kUnknownAdvocate;
  }
  const Advocate& advocate = *evidence.advocate;
  const bool same_address =
      !customer.email_hash.empty() && customer.email_hash == advocate.email_hash;
  if (same_address || customer.customer_id == advocate.advocate_id) {
    return rejections::kSelfReferral;
  }
  const absl::Duration age = customer.signup_time - evidence.time;
  const bool in_window =
      evidence.kind == EvidenceKind::kLead
          ? evidence.converted || (age > absl::ZeroDuration() && age <= rules.lead_window)
      : evidence.kind == EvidenceKind::kTouch
          ? age >= absl::ZeroDuration() && age <= rules.touch_window
          : true;
  return in_window ? absl::string_view() : rejections::kOutOfWindow;
}

// A total order, strongest first.
class Strength {
 public:
  explicit Strength(AttributionModel model) : model_(model) {}
  bool operator()(const Evidence& a, const Evidence& b) const { return Key(a) < Key(b); }

 private:
  std::tuple<bool, EvidenceKind, int64_t, absl::string_view> Key(const Evidence& e) const {
    const int64_t time = absl::ToUnixMicros(e.time);
    const bool latest_first =
        e.kind == EvidenceKind::kTouch && model_ == AttributionModel::kLastTouch;
    return {!e.converted, e.kind, latest_first ? -time : time, e.id};
  }
  const AttributionModel model_;
};

void AddOnce(std::vector<RejectedEvidence>& list, const Evidence& evidence,
             absl::string_view reason) {
  RejectedEvidence item{evidence.kind, evidence.advocate_id, std::string(reason)};
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(std::move(item));
}

// `accepted` is in order of strength, and with it the leads are in order of preference.
std::string ReferralOf(const Customer& customer, absl::string_view advocate_id,
                       absl::Span<const Evidence> accepted) {
  for (const Evidence& evidence : accepted) {
    if (evidence.kind == EvidenceKind::kLead && evidence.advocate_id == advocate_id) {
      return evidence.id;
    }
  }
  return SignupReferralId(customer.customer_id);
}

}  // namespace

Customer ToCustomer(absl::string_view program_id, const Signup& signup, absl::Time now) {
  Customer customer;
  customer.program_id = std::string(program_id);
  customer.customer_id = signup.customer_id;
  customer.signup_time = signup.signup_time.value_or(now);
  customer.email_hash = signup.email_hash;
  customer.code = signup.code;
  customer.referrer_id = signup.referrer_id;
  customer.visitor_id = signup.visitor_id;
  customer.stated_channel = signup.channel;
  return customer;
}

bool SameContent(const Signup& signup, const Customer& stored) {
  return signup.signup_time.value_or(stored.signup_time) == stored.signup_time &&
         signup.email_hash == stored.email_hash && signup.code == stored.code &&
         signup.referrer_id == stored.referrer_id && signup.visitor_id == stored.visitor_id &&
         signup.channel == stored.stated_channel;
}

Evidence LeadEvidence(const Referral& lead, const Advocate* advocate) {
  return {.kind = EvidenceKind::kLead,
          .advocate_id = lead.advocate_id,
          .advocate = advocate,
          .time = lead.submitted_time,
          .id = lead.referral_id,
          .converted = lead.ever_converted};
}

Evidence TouchEvidence(const Touch& touch, const Advocate* advocate) {
  return {.kind = EvidenceKind::kTouch,
          .advocate_id = touch.advocate_id,
          .advocate = advocate,
          .time = touch.touch_time,
          .id = touch.touch_id};
}

Evidence CodeEvidence(const Advocate* advocate) {
  return {.kind = EvidenceKind::kCode,
          .advocate_id = advocate == nullptr ? "" : advocate->advocate_id,
          .advocate = advocate};
}

Evidence SelfReportedEvidence(absl::string_view advocate_id, const Advocate* advocate) {
  return {.kind = EvidenceKind::kSelfReported,
          .advocate_id = std::string(advocate_id),
          .advocate = advocate};
}

Judgement JudgeSignup(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules) {
  std::vector<Evidence> sorted(evidence.begin(), evidence.end());
  std::sort(sorted.begin(), sorted.end(), Strength(rules.model));
  Judgement judgement;
  std::vector<Evidence> accepted;
  for (Evidence& item : sorted) {
    const absl::string_view reason = Refusal(customer, item, rules);
    if (reason.empty()) {
      accepted.push_back(std::move(item));
    } else {
      AddOnce(judgement.rejected, item, reason);
    }
  }
  if (accepted.empty()) return judgement;
  const Evidence& winner = accepted.front();
  judgement.evidence = winner.kind;
  judgement.advocate_id = winner.advocate_id;
  judgement.referral_id = ReferralOf(customer, winner.advocate_id, accepted);
  for (const Evidence& item : accepted) {
    if (item.advocate_id != winner.advocate_id) {
      AddOnce(judgement.rejected, item, rejections::kOutranked);
    }
  }
  return judgement;
}

}  // namespace kith::referral::domain
