#include "services/referral/app/attribution.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "services/referral/app/conversion_moves.h"
#include "services/referral/app/counting.h"
#include "services/referral/app/customer_moves.h"
#include "services/referral/app/evidence.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/fraud_facts.h"
#include "services/referral/app/fraud_gate.h"
#include "services/referral/app/fraud_lookups.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/quality.h"
#include "services/referral/app/settlement.h"
#include "services/referral/app/signup_gate.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/reward.h"
#include "services/referral/domain/withdrawal.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Customer;
using domain::Referral;

// Why rewards of a referral are taken back when other evidence wins.
constexpr char kReattributed[] = "reattributed";

const domain::ProgramVersion* VersionFor(const Rules& rules, const Customer& customer,
                                         bool is_new) {
  // A customer who is judged again is judged by the version of the first time.
  return is_new ? rules.InForce(customer.signup_time)
                : rules.Version(customer.program_version);
}

domain::AttributionRules AttributionOf(const domain::ProgramVersion* version) {
  return version == nullptr ? domain::AttributionRules() : version->program.attribution;
}

std::vector<domain::Evidence> GatherEvidence(exec::Unit& unit, const Customer& customer,
                                             const domain::ProgramVersion* version) {
  return EvidenceGatherer(unit, customer, version == nullptr ? nullptr : &version->program,
                          /*anew=*/true)
      .Gather();
}

// The rules have filed a case as rejected at a signup: a lead that it is about tells the same.
void RejectWithCase(exec::Unit& unit, const Rules& rules, const store::IdKey& key,
                    absl::Time now) {
  const auto* stored = unit.Find<store::ReferralTable>(key);
  const auto* filed = unit.Find<store::FraudCaseTable>(key);
  if (stored == nullptr || filed == nullptr) return;
  if (filed->state != domain::FraudCaseState::kRejected ||
      filed->advocate_id != stored->advocate_id ||
      stored->fraud == domain::FraudState::kRejected) {
    return;
  }
  Referral referral = *stored;
  referral.fraud_score = std::max(referral.fraud_score, filed->score);
  RejectReferral(unit, rules, std::move(referral), now);
}

// What the fraud rules said of the lead and of the signup: the graver, unless a person
// decided.
void AddVerdict(Referral& referral, const domain::FraudVerdict& verdict) {
  using domain::FraudState;
  if (referral.fraud == FraudState::kApproved || referral.fraud == FraudState::kRejected) {
    return;
  }
  if (verdict.state != FraudState::kClear) referral.fraud = verdict.state;
  referral.fraud_score = std::max(referral.fraud_score, verdict.score);
}

Referral NewSignupReferral(const Customer& customer, const std::string& campaign) {
  Referral referral;
  referral.program_id = customer.program_id;
  referral.referral_id = customer.judgement.referral_id;
  referral.advocate_id = customer.judgement.advocate_id;
  referral.origin = domain::ReferralOrigin::kSignup;
  referral.campaign = campaign;
  referral.submitted_time = customer.signup_time;
  referral.program_version = customer.program_version;
  return referral;
}

// A lead that named no campaign comes to that of the code that decides.
void AddCampaign(const std::string& campaign, Referral& referral) {
  if (referral.origin != domain::ReferralOrigin::kLead || campaign.empty()) return;
  if (!referral.campaign.empty()) return;
  referral.campaign = campaign;
  referral.campaign_by_code = true;
}

// The customer's referral, with the customer: a stored one or, if it begins with the signup, a
// new one.
Referral JoinedReferral(exec::Unit& unit, const Customer& customer,
                        const std::string& campaign) {
  const Referral* stored =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  Referral referral = stored == nullptr ? NewSignupReferral(customer, campaign) : *stored;
  AddCampaign(campaign, referral);
  referral.customer_id = customer.customer_id;
  referral.signup_time = customer.signup_time;
  referral.evidence = customer.judgement.evidence;
  return referral;
}

// All that follows when a customer has come to a referral.
void Welcome(exec::Unit& unit, const Rules& rules, const Customer& customer, absl::Time now) {
  const auto* referral =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  if (referral == nullptr) return;
  const Referral joined = *referral;
  // A lead is awaited since its submission, unless it comes to a campaign with the customer.
  if (joined.origin == domain::ReferralOrigin::kSignup || joined.campaign_by_code) {
    AwaitConversion(unit, rules, joined, now);
  }
  OnSignedUp(unit, rules, joined, now);
  // What was told of the customer before the signup was judged.
  if (customer.aha_time.has_value()) OnAha(unit, rules, joined, *customer.aha_time, now);
  if (customer.churned_time.has_value()) {
    OnChurned(unit, rules, joined, *customer.churned_time, now);
  }
}

// Whether its advocate has the success of a referral that its customer has left all the same,
// in the same campaign: by others who named the lead, or by the advocate's referral that the
// customer came to.
bool StillCounts(exec::Unit& unit, const Referral& left, const domain::Judgement& after) {
  const auto counts = [&](const std::string& referral_id) {
    const auto* now = unit.Find<store::ReferralTable>({left.program_id, referral_id});
    return now != nullptr && now->advocate_id == left.advocate_id &&
           now->campaign == left.campaign && now->cleared() && !now->conversion_id.empty();
  };
  return counts(left.referral_id) || (!after.referral_id.empty() && counts(after.referral_id));
}

// Makes the new judgement of a customer so: leaves the referral of the judgement before, joins
// that of the new one, and stores both.
void Move(exec::Unit& unit, const Rules& rules, Customer customer,
          const domain::Judgement& before, const Parting& parting, const std::string& campaign,
          const std::optional<domain::FraudVerdict>& verdict) {
  const absl::Time now = parting.now;
  const domain::Judgement& after = customer.judgement;
  const bool moved =
      before.advocate_id != after.advocate_id || before.referral_id != after.referral_id;
  const store::IdKey old_key = {customer.program_id, before.referral_id};
  Luggage luggage;
  std::optional<Referral> left;
  if (moved && !before.referral_id.empty()) {
    if (const auto* stored = unit.Find<store::ReferralTable>(old_key)) left = *stored;
    luggage = LeaveReferral(unit, rules, old_key, customer.attributed(), parting);
  }
  if (customer.attributed()) {
    Referral referral = JoinedReferral(unit, customer, campaign);
    if (verdict.has_value()) AddVerdict(referral, *verdict);
    domain::SetWithdrawn(referral.fraud == domain::FraudState::kRejected, customer.judgement);
    unit.Put<store::ReferralTable>(std::move(referral));
  }
  customer.open_conversions = AdoptConversions(unit, customer);
  unit.Put<store::CustomerTable>(customer);
  PublishSignupAttributed(unit, customer);
  KeepOrTakeBack(unit, rules, customer, luggage, parting);
  if (moved && customer.attributed()) Welcome(unit, rules, customer, now);
  SettleConversions(unit, rules, customer, now, luggage.live);
  if (!left.has_value() || StillCounts(unit, *left, after)) return;
  TakeBackUnreached(unit, rules, *left,
                    {.cause = parting.cause,
                     .by = domain::kByAttribution,
                     .of_leads = false,
                     .reversal_time = std::nullopt},
                    now);
}

// A referral that is made anew under the same id keeps its open case, which a person decides.
std::optional<domain::FraudVerdict> OpenVerdict(exec::Unit& unit,
                                                const std::string& program_id,
                                                const domain::Judgement& before,
                                                const std::string& referral_id) {
  if (before.referral_id != referral_id || referral_id.empty()) return std::nullopt;
  const Referral* stored = unit.Find<store::ReferralTable>({program_id, referral_id});
  if (stored == nullptr || stored->fraud != domain::FraudState::kHeld) return std::nullopt;
  return domain::FraudVerdict{domain::FraudState::kHeld, stored->fraud_score, {}};
}

// What the case about this referral and advocate says: a person who credits them does not
// decide it, unless it was only the rules that rejected them, which then gives way.
std::optional<domain::FraudVerdict> CaseVerdict(exec::Unit& unit, const Rules& rules,
                                                const Customer& customer,
                                                const std::string& decided_by,
                                                absl::Time now) {
  const domain::Judgement& judged = customer.judgement;
  const FraudSubject subject =
      SignupSubject(customer, judged.advocate_id, judged.referral_id, "");
  if (judged.referral_id.empty() || FraudVersion(rules, subject) == nullptr) {
    return std::nullopt;
  }
  const store::IdKey key = {customer.program_id, judged.referral_id};
  const auto* stored = unit.Find<store::FraudCaseTable>(key);
  if (stored == nullptr || stored->advocate_id != judged.advocate_id) return std::nullopt;
  domain::FraudCase known = *stored;
  if (known.state == domain::FraudCaseState::kRejected && !known.decided_by_person()) {
    known.state = domain::FraudCaseState::kApproved;
    known.resolved_time = now;
    known.decided_by = decided_by;
    unit.Put<store::FraudCaseTable>(known);
    PublishFraudCaseResolved(unit, known);
    if (const auto* lead = unit.Find<store::ReferralTable>(key)) {
      ApproveReferral(unit, rules, Referral(*lead), now);
      ResumeFollowUp(unit, Referral(*unit.Find<store::ReferralTable>(key)));
    }
  }
  return domain::FraudVerdict{domain::StateBy(known.state), known.score, known.evidence};
}

// Whether somebody may count on the reward: it can be taken, or was.
bool IsPromised(const domain::Reward& reward, absl::Time now) {
  const domain::RewardState state = reward.state(now);
  const bool payable = state == domain::RewardState::kAvailable ||
                       state == domain::RewardState::kFulfilling ||
                       state == domain::RewardState::kFulfilled;
  return payable && domain::Stands(reward);
}

// Whether the customer's referral converted, or what it earned is payable or paid.
bool IsSettled(exec::Unit& unit, const Customer& customer, absl::Time now) {
  if (!customer.attributed()) return false;
  const store::IdKey key = {customer.program_id, customer.judgement.referral_id};
  const Referral* referral = unit.Find<store::ReferralTable>(key);
  if (referral == nullptr || referral->ever_converted) return referral != nullptr;
  const auto rewards = unit.Select<store::RewardsByReferral>(key);
  return std::any_of(rewards.begin(), rewards.end(),
                     [now](const domain::Reward* reward) { return IsPromised(*reward, now); });
}

// The referral as it would be if the customer came to it.
Referral ExpectedReferral(const Referral* stored, Customer customer,
                          const std::string& advocate_id, const std::string& referral_id,
                          const std::string& campaign) {
  customer.judgement.advocate_id = advocate_id;
  customer.judgement.referral_id = referral_id;
  // Another advocate's referral that began with the signup would be made anew.
  const bool stays = stored != nullptr && stored->advocate_id == advocate_id;
  Referral referral = stays ? *stored : NewSignupReferral(customer, campaign);
  AddCampaign(campaign, referral);
  referral.advocate_id = advocate_id;
  referral.customer_id = customer.customer_id;
  referral.signup_time = customer.signup_time;
  return referral;
}

// Wants what it takes that the customer comes to, or leaves, this referral.
void WantMove(exec::Loader& loader, const Rules& rules, const Customer& customer,
              const std::string& advocate_id, const std::string& referral_id,
              const std::string& campaign) {
  const store::IdKey key = {customer.program_id, referral_id};
  loader.Want<store::ReferralTable>(key);
  loader.WantAll<store::OpenByReferral>(key);
  loader.WantAll<store::RewardsByReferral>(key);
  const Referral* stored = loader.Peek<store::ReferralTable>(key);
  const Referral referral =
      ExpectedReferral(stored, customer, advocate_id, referral_id, campaign);
  WantGrants(loader, rules, referral, customer.customer_id, customer.signup_time);
  WantWelcome(loader, rules, referral, customer.aha_time);
  WantQuality(loader, rules, referral);
  if (stored != nullptr) {
    WantUnreached(loader, rules, *stored);
    WantApproval(loader, rules, *stored);
    WantLeadChange(loader, rules, referral);
    if (!stored->customer_id.empty()) {
      loader.Want<store::CustomerTable>({customer.program_id, stored->customer_id});
    }
  }
  for (const auto* c : loader.PeekAll<store::OpenByReferral>(key)) {
    WantConversion(loader, rules, *c, referral);
  }
  for (const auto* c :
       loader.PeekAll<store::OpenByCustomer>({customer.program_id, customer.customer_id})) {
    WantConversion(loader, rules, *c, referral);
  }
}

// Wants what it takes that an advocate wins, or loses, the customer.
void WantCandidacy(exec::Loader& loader, const Rules& rules, const Customer& customer,
                   const std::string& advocate_id, const Candidacy& candidacy,
                   const std::string& email_domain) {
  loader.Want<store::AdvocateTable>({customer.program_id, advocate_id});
  const auto want = [&](const std::string& referral_id, const std::string& campaign) {
    WantFraud(loader, rules, SignupSubject(customer, advocate_id, referral_id, email_domain));
    WantMove(loader, rules, customer, advocate_id, referral_id, campaign);
  };
  const std::string by_signup = domain::SignupReferralId(customer.customer_id);
  want(by_signup, "");
  for (const std::string& lead : candidacy.leads) want(lead, "");
  for (const std::string& campaign : candidacy.campaigns) {
    if (campaign.empty()) continue;
    want(by_signup, campaign);
    for (const std::string& lead : candidacy.leads) want(lead, campaign);
  }
}

}  // namespace

void WantAttribution(exec::Loader& loader, const Rules& rules, const Customer& customer,
                     const std::string& new_advocate_id, const std::string& new_lead_id,
                     const std::string& email_domain) {
  const store::IdKey key = {customer.program_id, customer.customer_id};
  loader.Want<store::CustomerTable>(key);
  loader.WantAll<store::OpenByCustomer>(key);
  loader.Want<store::ReferralTable>(
      {customer.program_id, domain::SignupReferralId(customer.customer_id)});
  Candidacies candidacies = WantEvidence(loader, customer);
  const domain::Judgement& judged = customer.judgement;
  if (!new_advocate_id.empty()) {
    Candidacy& brought = candidacies[new_advocate_id];
    if (!new_lead_id.empty()) brought.leads.insert(new_lead_id);
  }
  if (customer.attributed()) {
    candidacies[judged.advocate_id].leads.insert(judged.referral_id);
  }
  for (const auto& [advocate_id, candidacy] : candidacies) {
    WantCandidacy(loader, rules, customer, advocate_id, candidacy, email_domain);
  }
}

void Attribute(exec::Unit& unit, const Rules& rules, Customer customer, absl::Time now,
               const std::string& email_domain) {
  const bool is_new =
      unit.Find<store::CustomerTable>({customer.program_id, customer.customer_id}) == nullptr;
  if (IsSettled(unit, customer, now)) return;
  const domain::ProgramVersion* version = VersionFor(rules, customer, is_new);
  customer.program_version = version == nullptr ? 0 : version->version;
  SignupGate gate(unit, rules, customer, email_domain, now);
  const domain::Judgement before = customer.judgement;
  const domain::Weighed weighed = domain::WeighEvidence(
      customer, GatherEvidence(unit, customer, version), AttributionOf(version),
      [&gate](const domain::Evidence& leader, const std::string& referral_id) {
        return gate.IsFraud(leader, referral_id);
      });
  for (const std::string& referral_id : gate.rejected()) {
    RejectWithCase(unit, rules, {customer.program_id, referral_id}, now);
  }
  customer.judgement = weighed.judgement;
  const domain::Judgement& after = customer.judgement;
  if (is_new || before.evidence != after.evidence || before.advocate_id != after.advocate_id ||
      before.referral_id != after.referral_id) {
    Move(unit, rules, std::move(customer), before, {kReattributed, "", now}, weighed.campaign,
         gate.verdict());
  } else {
    domain::SetWithdrawn(domain::IsWithdrawn(before), customer.judgement);
    customer.open_conversions = AdoptConversions(unit, customer);
    unit.Put<store::CustomerTable>(customer);
    SettleConversions(unit, rules, customer, now);
  }
}

void AttributeByDecision(exec::Unit& unit, const Rules& rules, Customer customer,
                         const std::string& advocate_id, const std::string& decided_by,
                         absl::string_view cause, absl::Time now) {
  const domain::ProgramVersion* version = VersionFor(rules, customer, false);
  const std::vector<domain::Evidence> evidence = GatherEvidence(unit, customer, version);
  const domain::Judgement before = customer.judgement;
  std::string referral_id;
  if (!advocate_id.empty()) {
    referral_id = domain::ReferralOfDecision(customer, advocate_id, evidence);
  }
  customer.judgement = {domain::EvidenceKind::kOverride, advocate_id, referral_id, {}};
  customer.judgement.rejected =
      domain::JudgeSignup(customer, evidence, AttributionOf(version)).rejected;
  auto verdict = OpenVerdict(unit, customer.program_id, before, referral_id);
  if (!verdict.has_value()) verdict = CaseVerdict(unit, rules, customer, decided_by, now);
  Move(unit, rules, std::move(customer), before, {std::string(cause), decided_by, now}, "",
       verdict);
}

}  // namespace kith::referral::app
