#include "tests/property/reference.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace kith::property {
namespace {

constexpr char kOk[] = "ok";

// Whether two reports of a thing say the same.
bool Same(const Step& a, const Step& b) {
  return a.id == b.id && a.advocate == b.advocate && a.customer == b.customer &&
         a.referral == b.referral && a.email == b.email && a.code == b.code &&
         a.visitor == b.visitor && a.campaign == b.campaign && a.referrer == b.referrer &&
         a.event == b.event && a.plan == b.plan && a.seats == b.seats && a.time == b.time &&
         a.amount == b.amount && a.annual == b.annual && a.fee == b.fee && a.no == b.no &&
         a.device == b.device && a.ip == b.ip && a.source == b.source;
}

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds());
}

}  // namespace

std::string Reference::Take(const Step& given, const std::vector<std::string>& paid,
                            bool more_of_request) {
  Step step = given;
  if (const auto same = same_code_.find(step.code); same != same_code_.end()) {
    step.code = same->second;
  }
  std::string answer = Dispatch(step, paid);
  if (!more_of_request) DoDue();
  return answer;
}

std::string Reference::Dispatch(const Step& step, const std::vector<std::string>& paid) {
  switch (step.act) {
    case Act::kApply:
      versions_.push_back(
          {versions_.empty() ? std::nullopt : std::optional(now_), *step.program});
      return kOk;
    case Act::kEnroll:
      Enroll(step);
      return kOk;
    case Act::kVanity:
      return AddVanity(step);
    case Act::kCampaignCode:
      return AddCampaignCode(step);
    case Act::kRotate:
      return Rotate(step);
    case Act::kRevoke:
      return Revoke(step);
    case Act::kTouch:
      return AddTouch(step);
    case Act::kLead:
      return AddLead(step);
    case Act::kQualify:
      return Qualify(step);
    case Act::kSignup:
      return SignUp(step);
    case Act::kOverride:
      return Override(step);
    case Act::kConvert:
      return Convert(step);
    case Act::kReverse:
      return Reverse(step);
    case Act::kSuspend:
    case Act::kReinstate:
      return Suspend(step);
    case Act::kAha:
    case Act::kChurn:
    case Act::kReactivate:
      return Live(step);
    case Act::kAdvance:
      now_ = step.time;
      return kOk;
    case Act::kFulfil:
      return Fulfil(step, paid);
    case Act::kResolve:
      return Resolve(step);
    case Act::kBlock:
    case Act::kUnblock:
      return Block(step);
    case Act::kRecalculate:
      return Recalculate(step);
    case Act::kReport:
      return Report(step.outcome);
    case Act::kRetry:
      return Retry(step);
    case Act::kStock:
      return SetStock(step);
    case Act::kCrash:
      return kOk;
  }
  return kOk;
}

void Reference::Enroll(const Step& step) {
  Advocate& advocate = advocates_[step.advocate];
  advocate.email = step.email;
  advocate.company = CompanyOf(step.email, VersionAt(now_));
  advocate.device = step.device;
  advocate.ip = step.ip;
  advocate.code = FirstCodeOf(step.advocate);
  codes_[advocate.code].advocate = step.advocate;
}

std::string Reference::AddVanity(const Step& step) {
  const auto known = codes_.find(step.code);
  if (known == codes_.end()) {
    codes_[step.code].advocate = step.advocate;
    return kOk;
  }
  const bool own = known->second.advocate == step.advocate;
  return own && !known->second.honoured_until ? kOk : "CODE_TAKEN";
}

std::string Reference::AddCampaignCode(const Step& step) {
  const Rules& rules = RulesOf(VersionAt(now_));
  const bool known =
      std::any_of(rules.campaigns().begin(), rules.campaigns().end(),
                  [&](const auto& c) { return c.campaign_id() == step.campaign; });
  if (!known) return "CAMPAIGN_NOT_FOUND";
  // Who asks again gets the same code, as long as it is not retired.
  for (const auto& [name, code] : codes_) {
    const bool same = code.advocate == step.advocate && code.campaign == step.campaign;
    if (!same || code.honoured_until) continue;
    same_code_[step.code] = name;
    return kOk;
  }
  codes_[step.code] = {step.advocate, step.campaign, std::nullopt};
  return kOk;
}

std::string Reference::Rotate(const Step& step) {
  Advocate& advocate = advocates_.at(step.advocate);
  auto& until = codes_.at(advocate.code).honoured_until;
  until = std::min(until.value_or(absl::InfiniteFuture()),
                   now_ + DurationOf(RulesOf(VersionAt(now_)).attribution().code_grace()));
  advocate.code = step.code;
  codes_[step.code].advocate = step.advocate;
  return kOk;
}

std::string Reference::Revoke(const Step& step) {
  const auto code = codes_.find(step.code);
  if (code == codes_.end()) return "CODE_NOT_FOUND";
  auto& until = code->second.honoured_until;
  until = std::min(until.value_or(absl::InfiniteFuture()), now_);
  return kOk;
}

std::string Reference::AddTouch(const Step& step) {
  if (touches_.count(step.id) > 0) return kOk;
  if (InFuture(step)) return "TIME_IN_FUTURE";
  if (codes_.count(step.code) == 0) return "UNKNOWN_CODE";
  touches_[step.id] = step;
  for (const auto& [id, customer] : std::map(customers_)) {
    if (customer.signup.visitor == step.visitor) Judge(id);
  }
  return kOk;
}

// The reasons in the order in which the API states them.
std::string Reference::RefuseLead(const Step& step) const {
  if (InFuture(step)) return "TIME_IN_FUTURE";
  if (step.customer.empty() && step.email.empty()) return "REFEREE_MISSING";
  const auto advocate = advocates_.find(step.advocate);
  if (advocate == advocates_.end()) return "UNKNOWN_ADVOCATE";
  if (advocate->second.suspended) return "ADVOCATE_SUSPENDED";
  if (!MayRecommend(VersionAt(step.time), step.advocate)) return "NOT_ELIGIBLE";
  if (step.customer == step.advocate ||
      (!step.email.empty() && step.email == advocate->second.email)) {
    return "SELF_REFERRAL";
  }
  for (const auto& [id, customer] : customers_) {
    const bool same =
        id == step.customer || (!step.email.empty() && customer.signup.email == step.email);
    if (same && customer.signup.time < step.time) return "EXISTING_CUSTOMER";
  }
  for (const auto& [id, referral] : referrals_) {
    if (!referral.lead || !Named(referral, step.customer, step.email)) continue;
    if (IsTaken(referral, step)) return "ALREADY_REFERRED";
  }
  return CampaignRefusal(RulesOf(VersionAt(step.time)), step.campaign, step.time);
}

// Whether whom a lead names is its advocate's, so that `step` may not name him too.
bool Reference::IsTaken(const Referral& lead, const Step& step) const {
  if (lead.fraud == "rejected") return lead.advocate == step.advocate;
  const bool came = !lead.customer.empty() || lead.ever_converted;
  const auto& rules = RulesOf(VersionAt(step.time)).attribution();
  const absl::Time last = lead.submitted + DurationOf(rules.lead_window());
  return came || !(last < step.time);
}

std::string Reference::AddLead(const Step& step) {
  if (referrals_.count(step.id) > 0) return kOk;
  if (const std::string refusal = RefuseLead(step); !refusal.empty()) return refusal;
  const Verdict verdict = VerdictOn(SuspectOf(step));
  Record(SuspectOf(step), verdict);
  if (verdict.state == "rejected") return "FRAUD_REJECTED";
  Referral& lead = referrals_[step.id];
  lead.id = step.id;
  lead.advocate = step.advocate;
  lead.referee = step.customer;
  lead.email = step.email;
  lead.campaign = step.campaign;
  lead.seats = step.seats;
  lead.submitted = step.time;
  lead.version = VersionAt(step.time);
  lead.qualified = step.time;
  lead.fraud = verdict.state;
  lead.score = verdict.score;
  const size_t version = VersionAt(step.time);
  if (RulesOf(version).leads().has_fit()) {
    lead.fit = !lead.seats.empty() && std::stoi(lead.seats) >= 10;
    lead.fit_by = "rules";
    lead.ever_qualified = *lead.fit;
    if (!*lead.fit) lead.sales = "unqualified";
  }
  GrantAll(lead, {.trigger = kith::referral::v1::TRIGGER_SUBMITTED, .time = step.time},
           version);
  GrantCounts(lead, {.trigger = kith::referral::v1::TRIGGER_MILESTONE, .time = step.time},
              version, kith::referral::v1::MILESTONE_OF_SUBMITTED);
  if (lead.ever_qualified) OnQualified(lead, step.time);
  // Whom the lead names by id comes first: only one can take it up.
  if (customers_.count(step.customer) > 0) Judge(step.customer);
  for (const auto& [id, customer] : std::map(customers_)) {
    if (id != step.customer && Named(lead, "", customer.signup.email)) Judge(id);
  }
  return kOk;
}

void Reference::OnQualified(const Referral& lead, absl::Time time) {
  GrantAll(lead, {.trigger = kith::referral::v1::TRIGGER_QUALIFIED, .time = time},
           VersionAt(time));
  GrantCounts(lead, {.trigger = kith::referral::v1::TRIGGER_MILESTONE, .time = time},
              VersionAt(time), kith::referral::v1::MILESTONE_OF_QUALIFIED);
}

std::string Reference::Qualify(const Step& step) {
  const auto found = referrals_.find(step.id);
  if (found == referrals_.end()) return "REFERRAL_NOT_FOUND";
  Referral& lead = found->second;
  if (step.no && lead.sales == "won") return "ILLEGAL_LEAD_TRANSITION";
  if (lead.fit == !step.no && lead.fit_by == "judge") return kOk;
  lead.fit = !step.no;
  lead.fit_by = "judge";
  if (step.no) {
    lead.sales = "unqualified";
    return kOk;
  }
  if (lead.sales == "unqualified") lead.sales = "qualified";
  if (lead.ever_qualified) return kOk;
  lead.ever_qualified = true;
  lead.qualified = now_;
  OnQualified(lead, now_);
  return kOk;
}

std::string Reference::SignUp(const Step& step) {
  const auto known = customers_.find(step.customer);
  if (known != customers_.end()) {
    return Same(known->second.signup, step) ? kOk : "CUSTOMER_EXISTS";
  }
  if (InFuture(step)) return "TIME_IN_FUTURE";
  Customer& customer = customers_[step.customer];
  customer.signup = step;
  customer.version = VersionAt(step.time);
  customer.company = CompanyOf(step.email, customer.version);
  // What was told of the customer before.
  if (const auto early = early_.find(step.customer); early != early_.end()) {
    customer.aha = early->second.aha;
    customer.churned = early->second.churned;
  }
  // Whoever came later with the same address is found to be no new customer, and leaves what
  // was the older one's.
  for (const auto& [id, other] : std::map(customers_)) {
    const bool alike = !step.email.empty() && other.signup.email == step.email;
    const bool later = std::tie(other.signup.time, id) > std::tie(step.time, step.customer);
    if (alike && later) Judge(id);
  }
  Judge(step.customer, /*reported=*/true);
  return kOk;
}

std::string Reference::Override(const Step& step) {
  const auto known = customers_.find(step.customer);
  if (known == customers_.end()) return "CUSTOMER_NOT_FOUND";
  Customer& customer = known->second;
  if (!step.advocate.empty()) {
    const std::string& email = customer.signup.email;
    if (step.advocate == step.customer) return "SELF_REFERRAL";
    if (!email.empty() && email == advocates_.at(step.advocate).email) return "SELF_REFERRAL";
  }
  const Customer before = customer;
  customer.decided = true;
  customer.evidence = "override";
  if (before.advocate != step.advocate) {
    customer.advocate = step.advocate;
    customer.referral = step.advocate.empty() ? "" : LeadOf(customer, step.advocate);
  }
  customer.verdict = VerdictByCase(customer, before);
  Move(step.customer, before, "", "override");
  return kOk;
}

std::string Reference::Suspend(const Step& step) {
  Advocate& advocate = advocates_.at(step.advocate);
  if (step.act == Act::kReinstate) {
    advocate.suspended.reset();
  } else if (!advocate.suspended) {
    advocate.suspended = now_;
  }
  return kOk;
}

// A day's difference of clocks is forgiven.
bool Reference::InFuture(const Step& step) const { return step.time > now_ + absl::Hours(24); }

int64_t Memory::Count(const std::string& advocate, bool (*holds)(const Referral&)) const {
  return std::count_if(referrals_.begin(), referrals_.end(), [&](const auto& entry) {
    return entry.second.advocate == advocate && holds(entry.second);
  });
}

Picture Reference::Look() const {
  Picture picture;
  for (const auto& [id, r] : referrals_) {
    picture.push_back(absl::StrCat(
        "referral ", id, " by ", r.advocate, " evidence ", r.evidence, " whom ", r.whom(),
        " joined ", r.customer.empty() ? 0 : 1, " live ", r.live, " sales ",
        r.lead ? r.sales : "unspecified", " fraud ", r.fraud, " ", r.score));
  }
  for (const auto& [id, r] : rewards_) {
    picture.push_back(absl::StrCat("reward ", id, " to ", r.recipient, " ", r.amount, " ",
                                   r.unit, " ", StateOf(r), " ", r.cause));
  }
  for (const auto& [key, balance] : balances_) {
    if (balance == 0) continue;
    picture.push_back(absl::StrCat("balance ", key.first, " ", key.second, " ", balance));
  }
  for (const auto& [id, advocate] : advocates_) {
    picture.push_back(absl::StrCat(
        "advocate ", id, " referrals ", Count(id, [](const Referral&) { return true; }),
        " signups ", Count(id, [](const Referral& r) { return !r.customer.empty(); }),
        " conversions ", Count(id, [](const Referral& r) { return !r.live.empty(); }),
        " qualified ", Count(id, [](const Referral& r) { return r.ever_qualified; }),
        " frauds ", advocate.frauds, advocate.suspended ? " suspended" : ""));
  }
  LookAtCases(picture);
  LookAtStock(picture);
  return picture;
}

}  // namespace kith::property
