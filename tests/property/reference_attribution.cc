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

// The smaller, the stronger.
std::tuple<bool, int, bool, int64_t, std::string> RankOf(const model::Evidence& e,
                                                         v1::AttributionModel model) {
  static const std::map<std::string, int> kinds = {
      {"code", 0}, {"lead", 1}, {"self_reported", 2}, {"touch", 3}};
  const bool by_priority = model == v1::ATTRIBUTION_MODEL_PRIORITY_RECENCY;
  const bool latest = e.kind == "touch" && model != v1::ATTRIBUTION_MODEL_FIRST_TOUCH;
  const int64_t time = absl::ToUnixMicros(e.time);
  return {!e.converted, kinds.at(e.kind), by_priority && e.view, latest ? -time : time, e.id};
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
    all.push_back({"touch", code.advocate, id, code.campaign, touch.time, false, touch.no,
                   touch.source});
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

// Whether somebody with the same address was a customer first. Of one instant only one is.
bool Reference::IsExisting(const Customer& customer) const {
  const Step& mine = customer.signup;
  for (const auto& [id, other] : customers_) {
    if (id == mine.customer || mine.email.empty() || other.signup.email != mine.email)
      continue;
    if (other.signup.time < mine.time) return true;
    if (other.signup.time == mine.time && id < mine.customer) return true;
  }
  return false;
}

bool Reference::MayRecommend(size_t version, const std::string& advocate) const {
  const auto& wanted = RulesOf(version).advocate_eligibility();
  if (wanted.any_of().empty()) return true;
  const int64_t signups =
      Count(advocate, [](const Referral& r) { return !r.customer.empty(); });
  return signups <= std::stoi(wanted.any_of(0).all_of(0).values(0));
}

// Whether somebody counts on what the referral has earned.
bool Reference::IsPromised(const Referral& referral) const {
  for (const auto& [id, reward] : rewards_) {
    if (reward.referral != referral.id || !reward.taken.empty()) continue;
    const std::string state = StateOf(reward);
    if (state == "available" || state == "fulfilling" || state == "fulfilled") return true;
  }
  return referral.ever_converted;
}

// What speaks for those who may not recommend, as it was when it was judged first.
void Reference::DropIneligible(Customer& customer, std::vector<Evidence>& evidence) const {
  std::set<std::pair<std::string, std::string>> ineligible;
  std::erase_if(evidence, [&](const Evidence& e) {
    const bool has = !customer.referral.empty() && customer.advocate == e.advocate;
    if (e.kind == "lead" || has) return false;
    const bool was = customer.ineligible.count({e.kind, e.advocate}) > 0;
    if (!was && MayRecommend(customer.version, e.advocate)) return false;
    ineligible.insert({e.kind, e.advocate});
    return true;
  });
  customer.ineligible = ineligible;
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

void Reference::Judge(const std::string& customer_id, bool reported) {
  Customer& customer = customers_.at(customer_id);
  const Customer before = customer;
  // What was paid for is not moved, and what a person decided stays.
  if (!customer.referral.empty() && IsPromised(referrals_.at(customer.referral))) return;
  customer.verdict = {};
  if (customer.decided) return Move(customer_id, before, "", "");
  std::vector<Evidence> evidence = EvidenceFor(customer);
  if (IsExisting(customer)) evidence.clear();
  DropIneligible(customer, evidence);
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
      Suspect suspect = SuspectOf(customer, best.advocate, referral, reported);
      const auto& bought = RulesOf(customer.version).fraud().paid_sources();
      if (std::count(bought.begin(), bought.end(), best.source) > 0) {
        suspect.source = best.source;
      }
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
  std::vector<std::string> own;
  std::string live;
  std::optional<Referral> gone;
  if (moved && !before.referral.empty()) {
    gone = referrals_.at(before.referral);
    live = gone->live;
    own = Leave(before.referral, cause, !customer.referral.empty());
  }
  if (!customer.referral.empty()) Join(customer_id, own, moved, campaign, cause, live);
  if (!gone) return;
  // The advocate may have the success all the same.
  for (const std::string& id : {gone->id, customers_.at(customer_id).referral}) {
    const auto left = referrals_.find(id);
    if (left == referrals_.end() || left->second.advocate != gone->advocate) continue;
    const bool honest = left->second.fraud != "held" && left->second.fraud != "rejected";
    if (honest && !left->second.live.empty()) return;
  }
  TakeBackUnreached(*gone, cause, false);
}

// All that follows when a customer comes to a referral, or stays there.
void Reference::Join(const std::string& customer_id, const std::vector<std::string>& own,
                     bool moved, const std::string& campaign, const std::string& cause,
                     const std::string& live) {
  Customer& customer = customers_.at(customer_id);
  Referral& referral = referrals_[customer.referral];
  if (referral.id.empty()) {
    referral.id = customer.referral;
    referral.lead = false;
    referral.advocate = customer.advocate;
    referral.campaign = campaign;
    referral.submitted = customer.signup.time;
    referral.version = customer.version;
  } else if (referral.lead && referral.campaign.empty() && !campaign.empty()) {
    referral.campaign = campaign;
    referral.campaign_by_code = true;
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
  KeepOrTakeBack(own, referral, live, cause);
  if (moved) OnSignedUp(referral);
  Settle(referral.id, live);
}

// The customer goes: what signup and payments earned is taken back, and the payments wait.
// Payments of others stay with the lead that they named, and so does what they earned its
// advocate. Returns the referee's own rewards, which are undecided if the customer goes to
// another one.
std::vector<std::string> Reference::Leave(const std::string& referral_id,
                                          const std::string& cause, bool for_another) {
  Referral& referral = referrals_.at(referral_id);
  std::set<std::string> staying;
  bool success = false;
  for (const Conversion& c : OpenOf(referral_id)) {
    if (!referral.lead || c.customer == referral.customer) continue;
    staying.insert(c.step.id);
    success = success || c.success;
  }
  const auto stays = [&](const Reward& reward) {
    const auto trigger = reward.rule.trigger();
    const bool of_lead = trigger == v1::TRIGGER_SUBMITTED || trigger == v1::TRIGGER_QUALIFIED;
    // What a lead earned for a referee who was known by the signup only goes with it.
    if (reward.rule.side() == v1::REWARD_SIDE_REFEREE) {
      return of_lead && !referral.referee.empty();
    }
    if (trigger == v1::TRIGGER_CONVERTED) return staying.count(reward.conversion) > 0;
    // What is reached no more goes when all have moved.
    return of_lead || trigger == v1::TRIGGER_MILESTONE || trigger == v1::TRIGGER_NTH_SUCCESS;
  };
  std::vector<std::string> own;
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral_id || stays(reward)) continue;
    const bool undecided = for_another && reward.owed() && reward.taken.empty() &&
                           reward.rule.side() == v1::REWARD_SIDE_REFEREE;
    if (undecided) {
      own.push_back(id);
    } else {
      TakeBack(reward, cause, true);
    }
  }
  for (auto& [id, conversion] : conversions_) {
    const bool goes = conversion.referral == referral_id && staying.count(id) == 0;
    if (goes && !conversion.reversed) conversion.referral.clear();
  }
  retained_due_.erase(referral_id);
  if (!referral.lead) {
    referrals_.erase(referral_id);
    return own;
  }
  if (staying.count(referral.live) == 0) referral.live.clear();
  referral.ever_converted = referral.ever_converted && success;
  referral.customer.clear();
  referral.evidence = "none";
  if (referral.campaign_by_code) referral.campaign.clear();
  referral.campaign_by_code = false;
  // What was released by what goes waits again.
  for (auto& [id, reward] : rewards_) {
    if (model::IsOverCounts(reward.rule)) continue;
    if (reward.referral == referral_id && stays(reward)) ShutOne(reward, referral);
  }
  if (!staying.empty()) Settle(referral_id);
  return own;
}

}  // namespace kith::property
