#include "services/referral/domain/attribution.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "services/referral/domain/campaign.h"

namespace kith::referral::domain {
namespace {

bool IsCustomerThemselves(const Customer& customer, const Advocate& advocate) {
  return advocate.Is(customer.customer_id, customer.email_hash, customer.identity.phone_hash);
}

bool WasIneligible(const Customer& customer, const Evidence& evidence) {
  const RejectedEvidence then = {evidence.kind, evidence.advocate_id,
                                 std::string(rejections::kNotEligible)};
  const std::vector<RejectedEvidence>& rejected = customer.judgement.rejected;
  return std::find(rejected.begin(), rejected.end(), then) != rejected.end();
}

bool InWindow(const Customer& customer, const Evidence& evidence,
              const AttributionRules& rules) {
  const absl::Duration age = customer.signup_time - evidence.time;
  switch (evidence.kind) {
    case EvidenceKind::kLead:
      return evidence.converted || (age >= absl::ZeroDuration() && age <= rules.lead_window);
    case EvidenceKind::kTouch:
      return age >= absl::ZeroDuration() && age <= rules.touch_window;
    default:
      return true;
  }
}

bool SuspendedBy(const Advocate& advocate, absl::Time time) {
  return advocate.suspended() && *advocate.suspended_time <= time;
}

// Why this evidence cannot count at all; empty if it can.
std::string Refusal(const Customer& customer, const Evidence& evidence,
                    const AttributionRules& rules) {
  if (evidence.advocate == nullptr) {
    return std::string(evidence.kind == EvidenceKind::kCode ? rejections::kUnknownCode
                                                            : rejections::kUnknownAdvocate);
  }
  const Advocate& advocate = *evidence.advocate;
  if (IsCustomerThemselves(customer, advocate)) return std::string(rejections::kSelfReferral);
  if (!InWindow(customer, evidence, rules)) return std::string(rejections::kOutOfWindow);
  // A lead was accepted before the suspension, or it would not be there.
  if (evidence.kind != EvidenceKind::kLead && SuspendedBy(advocate, customer.signup_time)) {
    return std::string(rejections::kAdvocateSuspended);
  }
  return evidence.refusal;
}

// A total order, strongest first.
class Strength {
 public:
  explicit Strength(AttributionModel model) : model_(model) {}
  bool operator()(const Evidence& a, const Evidence& b) const { return Key(a) < Key(b); }

 private:
  std::tuple<bool, EvidenceKind, bool, int64_t, absl::string_view> Key(
      const Evidence& e) const {
    const int64_t time = absl::ToUnixMicros(e.time);
    const bool latest_first =
        e.kind == EvidenceKind::kTouch && model_ != AttributionModel::kFirstTouch;
    const bool behind_clicks = model_ == AttributionModel::kPriorityRecency && e.view;
    return {!e.converted, e.kind, behind_clicks, latest_first ? -time : time, e.id};
  }
  const AttributionModel model_;
};

std::vector<Candidate> InOrder(const Customer& customer, absl::Span<const Evidence> evidence,
                               const AttributionRules& rules) {
  std::vector<Evidence> sorted(evidence.begin(), evidence.end());
  std::sort(sorted.begin(), sorted.end(), Strength(rules.model));
  std::vector<Candidate> candidates;
  for (Evidence& item : sorted) {
    std::string refusal = Refusal(customer, item, rules);
    candidates.push_back({std::move(item), std::move(refusal)});
  }
  return candidates;
}

// The strongest that still counts, or nullptr.
const Candidate* Leader(const std::vector<Candidate>& candidates) {
  const auto it = std::find_if(candidates.begin(), candidates.end(),
                               [](const Candidate& c) { return c.rejection.empty(); });
  return it == candidates.end() ? nullptr : &*it;
}

// The candidates are in order of strength, and with it the leads are in order of preference.
std::string ReferralOf(const Customer& customer, absl::string_view advocate_id,
                       const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates) {
    if (candidate.rejection.empty() && candidate.evidence.kind == EvidenceKind::kLead &&
        candidate.evidence.advocate_id == advocate_id) {
      return candidate.evidence.id;
    }
  }
  return SignupReferralId(customer.customer_id);
}

// Gives what counts, for or against the advocate, this reason instead.
void Reject(std::vector<Candidate>& candidates, absl::string_view advocate_id, bool of_others,
            absl::string_view reason) {
  for (Candidate& candidate : candidates) {
    const bool own = candidate.evidence.advocate_id == advocate_id;
    if (candidate.rejection.empty() && own != of_others) {
      candidate.rejection = std::string(reason);
    }
  }
}

std::vector<RejectedEvidence> RejectedOf(const std::vector<Candidate>& candidates) {
  std::vector<RejectedEvidence> rejected;
  const auto add = [&](const Candidate& candidate) {
    RejectedEvidence item{candidate.evidence.kind, candidate.evidence.advocate_id,
                          candidate.rejection};
    if (std::find(rejected.begin(), rejected.end(), item) == rejected.end()) {
      rejected.push_back(std::move(item));
    }
  };
  // What could have decided comes after what could not.
  const auto counted = [](const Candidate& candidate) {
    return candidate.rejection == rejections::kOutranked ||
           candidate.rejection == rejections::kOverridden;
  };
  for (const Candidate& candidate : candidates) {
    if (!candidate.rejection.empty() && !counted(candidate)) add(candidate);
  }
  for (const Candidate& candidate : candidates) {
    if (counted(candidate)) add(candidate);
  }
  return rejected;
}

// A lead that was rejected as fraud, whenever it was, is not let in by its advocate's other
// evidence.
void RejectWithLeads(std::vector<Candidate>& candidates) {
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].evidence.kind == EvidenceKind::kLead &&
        candidates[i].rejection == rejections::kFraudRejected) {
      Reject(candidates, candidates[i].evidence.advocate_id, false,
             rejections::kFraudRejected);
    }
  }
}

// Lets the strongest that is no fraud win.
void Decide(const Customer& customer, const IsFraud& is_fraud, Weighed& weighed) {
  RejectWithLeads(weighed.candidates);
  const Candidate* leader = Leader(weighed.candidates);
  for (; leader != nullptr; leader = Leader(weighed.candidates)) {
    const std::string advocate_id = leader->evidence.advocate_id;
    const std::string referral_id = ReferralOf(customer, advocate_id, weighed.candidates);
    if (!is_fraud(leader->evidence, referral_id)) {
      weighed.judgement = {leader->evidence.kind, advocate_id, referral_id, {}};
      weighed.campaign = leader->evidence.campaign;
      Reject(weighed.candidates, advocate_id, true, rejections::kOutranked);
      return;
    }
    Reject(weighed.candidates, advocate_id, false, rejections::kFraudRejected);
  }
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
  customer.identity = signup.identity;
  customer.source = signup.source;
  customer.attributes = signup.attributes;
  return customer;
}

bool SameContent(const Signup& signup, const Customer& stored) {
  Identity identity = signup.identity;
  identity.domain_hash = stored.identity.domain_hash;
  return signup.signup_time.value_or(stored.signup_time) == stored.signup_time &&
         signup.email_hash == stored.email_hash && signup.code == stored.code &&
         signup.referrer_id == stored.referrer_id && signup.visitor_id == stored.visitor_id &&
         signup.channel == stored.stated_channel && identity == stored.identity &&
         signup.source == stored.source && signup.attributes == stored.attributes;
}

std::string CodeRefusal(const Code& code, const Advocate& advocate, const Program* program,
                        absl::Time time) {
  if (!code.honoured(time)) return std::string(rejections::kCodeRetired);
  if (SuspendedBy(advocate, time)) return std::string(rejections::kAdvocateSuspended);
  if (program == nullptr) return {};
  const absl::Status campaign = CheckCampaign(*program, code.campaign, advocate, time);
  if (!campaign.ok()) return GetErrorReason(campaign);
  return IsEligible(*program, advocate) ? std::string()
                                        : std::string(rejections::kNotEligible);
}

Evidence LeadEvidence(const Referral& lead, const Advocate* advocate) {
  Evidence evidence{.kind = EvidenceKind::kLead,
                    .advocate_id = lead.advocate_id,
                    .advocate = advocate,
                    .time = lead.submitted_time,
                    .id = lead.referral_id,
                    .converted = lead.ever_converted,
                    .campaign = lead.campaign};
  if (lead.fraud == FraudState::kRejected) {
    evidence.refusal = std::string(rejections::kFraudRejected);
  }
  return evidence;
}

Evidence TouchEvidence(const Touch& touch, const Code* code, const Advocate* advocate,
                       const Program* program) {
  Evidence evidence{.kind = EvidenceKind::kTouch,
                    .advocate_id = touch.advocate_id,
                    .advocate = advocate,
                    .time = touch.touch_time,
                    .id = touch.touch_id,
                    .view = touch.kind == TouchKind::kView,
                    .campaign = touch.campaign,
                    .source = touch.source};
  if (code != nullptr && advocate != nullptr) {
    evidence.refusal = CodeRefusal(*code, *advocate, program, touch.touch_time);
  }
  return evidence;
}

Evidence CodeEvidence(const Customer& customer, const Code* code, const Advocate* advocate,
                      const Program* program) {
  Evidence evidence{.kind = EvidenceKind::kCode,
                    .advocate_id = advocate == nullptr ? "" : advocate->advocate_id,
                    .advocate = advocate,
                    .id = customer.code};
  if (code != nullptr && advocate != nullptr) {
    evidence.campaign = code->campaign;
    evidence.refusal = CodeRefusal(*code, *advocate, program, customer.signup_time);
  }
  return evidence;
}

Evidence SelfReportedEvidence(absl::string_view advocate_id, const Advocate* advocate) {
  return {.kind = EvidenceKind::kSelfReported,
          .advocate_id = std::string(advocate_id),
          .advocate = advocate};
}

bool CameBefore(const Customer& other, const Customer& customer) {
  return std::tie(other.signup_time, other.customer_id) <
         std::tie(customer.signup_time, customer.customer_id);
}

const Customer* FirstUntilNow(const Customer& customer,
                              absl::Span<const Customer* const> alike) {
  const Customer* first = nullptr;
  for (const Customer* other : alike) {
    if (CameBefore(*other, customer)) return nullptr;
    const bool after = CameBefore(customer, *other);
    if (after && (first == nullptr || CameBefore(*other, *first))) first = other;
  }
  return first;
}

void RefuseByStanding(const Customer& customer, absl::Span<const Customer* const> alike,
                      const Program* program, std::vector<Evidence>& evidence) {
  const bool existing = std::any_of(alike.begin(), alike.end(), [&](const Customer* other) {
    return CameBefore(*other, customer);
  });
  for (Evidence& item : evidence) {
    if (existing) item.refusal = std::string(rejections::kExistingCustomer);
    if (existing || item.kind == EvidenceKind::kLead || item.advocate == nullptr) continue;
    const bool has_customer =
        customer.attributed() && customer.judgement.advocate_id == item.advocate_id;
    if (has_customer) {
      if (item.refusal == rejections::kNotEligible) item.refusal.clear();
    } else if (item.refusal.empty() &&
               (WasIneligible(customer, item) ||
                (program != nullptr && !IsEligible(*program, *item.advocate)))) {
      item.refusal = std::string(rejections::kNotEligible);
    }
  }
}

Weighed WeighEvidence(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules, const IsFraud& is_fraud) {
  Weighed weighed;
  weighed.candidates = InOrder(customer, evidence, rules);
  if (customer.judgement.evidence == EvidenceKind::kOverride) {
    weighed.judgement = customer.judgement;
    Reject(weighed.candidates, customer.judgement.advocate_id, true, rejections::kOverridden);
  } else {
    Decide(customer, is_fraud, weighed);
  }
  weighed.judgement.rejected = RejectedOf(weighed.candidates);
  return weighed;
}

Judgement JudgeSignup(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules) {
  const IsFraud never = [](const Evidence&, const std::string&) { return false; };
  return WeighEvidence(customer, evidence, rules, never).judgement;
}

std::string ReferralOfDecision(const Customer& customer, absl::string_view advocate_id,
                               absl::Span<const Evidence> evidence) {
  if (customer.attributed() && customer.judgement.advocate_id == advocate_id) {
    return customer.judgement.referral_id;
  }
  const Evidence* best = nullptr;
  const Strength stronger(AttributionModel::kFirstTouch);
  for (const Evidence& item : evidence) {
    if (item.kind != EvidenceKind::kLead || item.advocate_id != advocate_id) continue;
    if (best == nullptr || stronger(item, *best)) best = &item;
  }
  return best == nullptr ? SignupReferralId(customer.customer_id) : best->id;
}

}  // namespace kith::referral::domain
