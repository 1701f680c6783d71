// Who brought whom.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds());
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds());
}

}  // namespace

bool Reference::Named(const Referral& lead, const std::string& customer,
                      const std::string& email) const {
  return (!customer.empty() && lead.referee == customer) ||
         (!email.empty() && lead.email == email);
}

// A campaign that the rules do not know is a mere label.
std::string Reference::CampaignRefusal(const Rules& rules, const std::string& campaign,
                                       absl::Time time) const {
  for (const auto& known : rules.campaigns()) {
    if (known.campaign_id() != campaign) continue;
    const bool open = time >= TimeOf(known.start_time()) && time < TimeOf(known.end_time());
    return open ? "" : "CAMPAIGN_CLOSED";
  }
  return "";
}

bool Reference::CodeCounts(const Customer& customer, const std::string& name,
                           absl::Time time) const {
  const Code& code = codes_.at(name);
  if (code.honoured_until && time >= *code.honoured_until) return false;
  return CampaignRefusal(RulesOf(customer.version), code.campaign, time).empty();
}

// Everything that speaks for anybody and counts.
std::vector<Reference::Evidence> Reference::EvidenceFor(const Customer& customer) const {
  const Step& signup = customer.signup;
  std::vector<Evidence> all;
  // A lead that was rejected is not let in by what else speaks for its advocate.
  std::set<std::string> frauds;
  if (codes_.count(signup.code) > 0 && CodeCounts(customer, signup.code, signup.time)) {
    const Code& code = codes_.at(signup.code);
    all.push_back({"code", code.advocate, "", code.campaign, absl::UnixEpoch()});
  }
  for (const auto& [id, lead] : referrals_) {
    const bool taken = !lead.customer.empty() && lead.customer != signup.customer;
    if (!lead.lead || taken || !Named(lead, signup.customer, signup.email)) continue;
    all.push_back(
        {"lead", lead.advocate, id, lead.campaign, lead.submitted, lead.ever_converted});
    const bool counts = Counts(customer, all.back());
    if (counts && lead.fraud == "rejected") frauds.insert(lead.advocate);
  }
  if (!signup.referrer.empty()) {
    all.push_back({"self_reported", signup.referrer, "", "", absl::UnixEpoch()});
  }
  for (const auto& [id, touch] : touches_) {
    if (signup.visitor.empty() || touch.visitor != signup.visitor) continue;
    if (!CodeCounts(customer, touch.code, touch.time)) continue;
    const Code& code = codes_.at(touch.code);
    all.push_back({"touch", code.advocate, id, code.campaign, touch.time, false, touch.no});
  }
  std::erase_if(all, [&](const Evidence& e) {
    return frauds.count(e.advocate) > 0 || !Counts(customer, e);
  });
  return all;
}

bool Reference::Counts(const Customer& customer, const Evidence& evidence) const {
  const Step& signup = customer.signup;
  const auto found = advocates_.find(evidence.advocate);
  if (found == advocates_.end()) return false;
  const Advocate& advocate = found->second;
  if (signup.customer == evidence.advocate) return false;
  if (!signup.email.empty() && signup.email == advocate.email) return false;
  const bool lead = evidence.kind == "lead", touch = evidence.kind == "touch";
  const bool suspended = advocate.suspended && *advocate.suspended <= signup.time;
  if (suspended && !lead) return false;
  const auto& rules = RulesOf(customer.version).attribution();
  const absl::Duration age = signup.time - evidence.time;
  if (lead && !evidence.converted) {
    return age >= absl::ZeroDuration() && age <= DurationOf(rules.lead_window());
  }
  if (touch) return age >= absl::ZeroDuration() && age <= DurationOf(rules.touch_window());
  return true;
}

// The advocate's own lead that a person's decision takes up, else the signup's own referral.
std::string Reference::LeadOf(const Customer& customer, const std::string& advocate) const {
  const Referral* best = nullptr;
  const auto rank = [](const Referral& lead) {
    return std::make_tuple(!lead.ever_converted, lead.submitted, lead.id);
  };
  for (const auto& [id, lead] : referrals_) {
    const bool taken = !lead.customer.empty() && lead.customer != customer.signup.customer;
    if (!lead.lead || taken || lead.advocate != advocate) continue;
    if (!Named(lead, customer.signup.customer, customer.signup.email)) continue;
    if (best == nullptr || rank(lead) < rank(*best)) best = &lead;
  }
  return best != nullptr ? best->id : "signup:" + customer.signup.customer;
}

// The smaller, the stronger.
std::tuple<bool, int, bool, int64_t, std::string> Reference::RankOf(
    const Evidence& e, v1::AttributionModel model) {
  static const std::map<std::string, int> kinds = {
      {"code", 0}, {"lead", 1}, {"self_reported", 2}, {"touch", 3}};
  const bool by_priority = model == v1::ATTRIBUTION_MODEL_PRIORITY_RECENCY;
  const bool latest = e.kind == "touch" && model != v1::ATTRIBUTION_MODEL_FIRST_TOUCH;
  const int64_t time = absl::ToUnixMicros(e.time);
  return {!e.converted, kinds.at(e.kind), by_priority && e.view, latest ? -time : time, e.id};
}

void Reference::Judge(const std::string& customer_id, bool reported) {
  Customer& customer = customers_.at(customer_id);
  const Customer before = customer;
  // What was paid for is not moved, and what a person decided stays.
  if (!customer.referral.empty() && referrals_.at(customer.referral).ever_converted) return;
  customer.verdict = {};
  if (customer.decided) return Move(customer_id, before, "", "");
  std::vector<Evidence> evidence = EvidenceFor(customer);
  const auto model = RulesOf(customer.version).attribution().model();
  std::sort(evidence.begin(), evidence.end(), [&](const Evidence& a, const Evidence& b) {
    return RankOf(a, model) < RankOf(b, model);
  });
  customer.evidence = "none";
  customer.advocate = customer.referral = "";
  std::string campaign;
  while (!evidence.empty()) {
    const Evidence best = evidence[0];
    // The winner's own lead, if one counts.
    const auto lead = std::find_if(evidence.begin(), evidence.end(), [&](const Evidence& e) {
      return e.kind == "lead" && e.advocate == best.advocate;
    });
    const std::string referral = lead != evidence.end() ? lead->id : "signup:" + customer_id;
    // Who has the customer already was judged then; a person may have decided since.
    Verdict verdict;
    if (before.advocate == best.advocate && before.referral == referral) {
      if (referrals_.at(referral).fraud == "rejected") verdict.state = "rejected";
    } else {
      const Suspect suspect = SuspectOf(customer, best.advocate, referral, reported);
      verdict = VerdictOn(suspect);
      Record(suspect, verdict);
    }
    if (verdict.state == "rejected") {
      std::erase_if(evidence, [&](const Evidence& e) { return e.advocate == best.advocate; });
      continue;
    }
    customer.evidence = best.kind;
    customer.advocate = best.advocate;
    customer.referral = referral;
    customer.verdict = verdict;
    campaign = best.campaign;
    break;
  }
  Move(customer_id, before, campaign, "reattributed");
}

void Reference::Move(const std::string& customer_id, const Customer& before,
                     const std::string& campaign, const std::string& cause) {
  Customer& customer = customers_.at(customer_id);
  const bool moved =
      before.advocate != customer.advocate || before.referral != customer.referral;
  if (moved && !before.referral.empty()) Leave(before.referral, cause);
  if (customer.referral.empty()) return;
  Referral& referral = referrals_[customer.referral];
  if (referral.id.empty()) {
    referral.id = customer.referral;
    referral.lead = false;
    referral.advocate = customer.advocate;
    referral.campaign = campaign;
    referral.submitted = customer.signup.time;
  }
  // What was decided about the two stays so; else the graver counts.
  if (referral.fraud != "approved" && referral.fraud != "rejected") {
    if (customer.verdict.state != "clear") referral.fraud = customer.verdict.state;
    referral.score = std::max(referral.score, customer.verdict.score);
  }
  referral.customer = customer_id;
  referral.signup = customer.signup.time;
  referral.evidence = customer.evidence;
  for (auto& [id, conversion] : conversions_) {
    if (conversion.reversed) continue;
    if (conversion.customer == customer_id && conversion.referral.empty()) {
      if (!BeforeSignup(conversion, customer)) conversion.referral = referral.id;
    } else if (conversion.customer.empty() && conversion.referral == referral.id) {
      conversion.customer = customer_id;
    }
  }
  if (moved) OnSignedUp(referral);
  Settle(referral.id);
}

// The customer goes: what signup and payments earned is taken back, and the payments wait.
void Reference::Leave(const std::string& referral_id, const std::string& cause) {
  Referral& referral = referrals_.at(referral_id);
  for (auto& [id, reward] : rewards_) {
    const auto trigger = reward.rule.trigger();
    const bool of_lead = trigger == kith::referral::v1::TRIGGER_SUBMITTED ||
                         trigger == kith::referral::v1::TRIGGER_QUALIFIED ||
                         trigger == kith::referral::v1::TRIGGER_MILESTONE;
    // What a lead earned for a referee who was known by the signup only goes with it.
    const bool by_signup = reward.rule.side() == kith::referral::v1::REWARD_SIDE_REFEREE &&
                           referral.referee.empty();
    const bool goes = !of_lead || by_signup;
    if (reward.referral == referral_id && goes) TakeBack(reward, cause, true);
  }
  for (auto& [id, conversion] : conversions_) {
    if (conversion.referral == referral_id && !conversion.reversed)
      conversion.referral.clear();
  }
  retained_due_.erase(referral_id);
  if (!referral.lead) {
    referrals_.erase(referral_id);
    return;
  }
  referral.live.clear();
  referral.ever_converted = false;
  referral.customer.clear();
  referral.evidence = "none";
}

}  // namespace kith::property
