// Rewards by another version of the rules.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

// Tells of a difference.
void Tell(const model::Reward& reward, int64_t before, int64_t after,
          const std::string& outcome, std::vector<std::string>& lines,
          const std::string& supplement = "", size_t by = 0) {
  lines.push_back(absl::StrCat(reward.id, " to ", reward.recipient, " ", before, " to ", after,
                               " ", reward.unit, " ", outcome, " ", supplement, " ", by));
}

// Whether it makes up what a reward lacks, or lacked: what is paid of one that was taken back
// counts for the one that comes after it.
bool MakesUp(const model::Reward& other, const model::Reward& reward) {
  if (other.supplements.empty() || !other.owed()) return false;
  if (other.supplements == reward.id) return true;
  return other.taken.empty() && other.conversion == reward.conversion &&
         other.rule.rule_id() == reward.rule.rule_id() && other.campaign == reward.campaign &&
         other.recipient == reward.recipient && other.unit == reward.unit &&
         other.rule.kind() == reward.rule.kind() && other.rule.side() == reward.rule.side();
}

}  // namespace

std::string Reference::Recalculate(const Step& step) {
  const size_t version = *step.amount == 0 ? versions_.size() : size_t(*step.amount);
  if (version > versions_.size()) return "PROGRAM_VERSION_NOT_FOUND";
  std::vector<std::pair<absl::Time, std::string>> order;
  for (const auto& [id, c] : conversions_) {
    const bool in_time = c.step.time >= step.time && c.step.time < step.until;
    if (in_time && !c.reversed && !c.referral.empty()) order.push_back({c.step.time, id});
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> lines;
  recalculates_ = true;
  for (auto at = order.begin(); at != order.end(); ++at) {
    const Conversion& judged = conversions_.at(at->second);
    const size_t before = lines.size();
    RecalculateOne(judged, version, lines);
    const bool room = std::any_of(lines.begin() + before, lines.end(), [](const auto& line) {
      return line.find(" withdrawn ") != std::string::npos;
    });
    if (!room) continue;
    // One that was judged before may have what is given once.
    for (auto earlier = order.begin(); earlier != at; ++earlier) {
      const Conversion& again = conversions_.at(earlier->second);
      if (again.referral == judged.referral) GiveMissing(again, version, lines);
    }
  }
  recalculates_ = false;
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "; ");
}

// What is owed under a reward's name, with what made it up since.
int64_t Reference::OwedBy(const Reward& reward) const {
  int64_t sum = reward.amount;
  for (const auto& [id, other] : rewards_) {
    if (MakesUp(other, reward)) sum += other.amount;
  }
  return sum;
}

int64_t Reference::MadeUp(const Reward& reward) const {
  return OwedBy(reward) - reward.amount;
}

void Reference::RecalculateOne(const Conversion& conversion, size_t version,
                               std::vector<std::string>& lines) {
  const Referral& referral = referrals_.at(conversion.referral);
  const Occasion occasion = {.trigger = v1::TRIGGER_CONVERTED,
                             .time = conversion.step.time,
                             .conversion = &conversion};
  std::set<std::string> seen;
  for (const RuleInForce& rule : RulesFor(version, referral)) {
    if (rule.rule->trigger() != v1::TRIGGER_CONVERTED) continue;
    if (rule.version != 0) {  // what another version promised
      seen.insert(LastId(IdOf(rule, referral, occasion)));
      continue;
    }
    if (!Earns(rule, referral, conversion)) continue;
    const std::string id = LastId(IdOf(rule, referral, occasion));
    const auto known = rewards_.find(id);
    const bool there =
        known != rewards_.end() && !known->second.moved && known->second.is_of(referral);
    const bool same = there && (known->second.cause == "CAP_REACHED" ||
                                (known->second.rule.side() == rule.rule->side() &&
                                 known->second.rule.kind() == rule.rule->kind()));
    if (same) {
      seen.insert(id);
      Rejudge(known->second, rule, referral, occasion, version, lines);
      continue;
    }
    if (there) {
      seen.insert(id);
      if (!Withdraw(known->second, version, lines)) continue;
    } else if (const Reward* gone = WithdrawnBy(rule, referral, conversion, version)) {
      TellGone(*gone, rule, referral, occasion, version, lines);
      continue;
    }
    if (AnotherHas(referral, rule, conversion.step.id)) continue;
    CreateAnew(rule, referral, occasion, version, lines);
  }
  for (auto& [id, reward] : rewards_) {
    const bool of_it = reward.conversion == conversion.step.id &&
                       reward.referral == referral.id &&
                       reward.rule.trigger() == v1::TRIGGER_CONVERTED;
    if (of_it && reward.supplements.empty() && seen.count(id) == 0) {
      Withdraw(reward, version, lines);
    }
  }
}

void Reference::GiveMissing(const Conversion& conversion, size_t version,
                            std::vector<std::string>& lines) {
  const Referral& referral = referrals_.at(conversion.referral);
  const Occasion occasion = {.trigger = v1::TRIGGER_CONVERTED,
                             .time = conversion.step.time,
                             .conversion = &conversion};
  for (const RuleInForce& rule : RulesFor(version, referral)) {
    if (rule.rule->trigger() != v1::TRIGGER_CONVERTED || rule.version != 0) continue;
    if (!Earns(rule, referral, conversion)) continue;
    const auto known = rewards_.find(LastId(IdOf(rule, referral, occasion)));
    if (known != rewards_.end() && !known->second.moved && known->second.is_of(referral)) {
      continue;
    }
    if (const Reward* gone = WithdrawnBy(rule, referral, conversion, version)) {
      TellGone(*gone, rule, referral, occasion, version, lines);
    } else if (!AnotherHas(referral, rule, conversion.step.id)) {
      CreateAnew(rule, referral, occasion, version, lines);
    }
  }
}

void Reference::CreateAnew(const RuleInForce& rule, const Referral& referral,
                           const Occasion& occasion, size_t version,
                           std::vector<std::string>& lines) {
  Reward whole;
  if (!Propose(whole, referral, rule, occasion, version)) return;
  whole.id = IdOf(rule, referral, occasion);
  const int64_t made_up = MadeUp(whole);
  if (made_up > 0 && whole.wanted <= made_up) {
    if (whole.wanted < made_up) Tell(whole, made_up, whole.wanted, "paid", lines);
    return;
  }
  const std::string id = FreeId(whole.id, referral);
  Grant(referral, rule, occasion, version, /*missed=*/false, made_up);
  const auto made = rewards_.find(id);
  if (id.empty() || made == rewards_.end()) return;
  const bool capped = made->second.amount == 0;
  Tell(made->second, made_up, made_up + made->second.amount, capped ? "capped" : "created",
       lines);
}

// The newest version that has granted or judged a reward.
size_t Reference::LastJudge(const Reward& reward) const {
  size_t last = std::max({reward.version, reward.judged, reward.recalculated});
  for (const auto& [id, other] : rewards_) {
    if (other.supplements == reward.id) last = std::max(last, other.recalculated);
  }
  return last;
}

// What a newer version has withdrawn of the rule's; nullptr: nothing.
const model::Reward* Reference::WithdrawnBy(const RuleInForce& rule, const Referral& referral,
                                            const Conversion& conversion,
                                            size_t version) const {
  const Reward* newest = nullptr;
  for (const auto& [id, reward] : rewards_) {
    const bool of_it = reward.conversion == conversion.step.id &&
                       reward.referral == referral.id && reward.is_of(referral) &&
                       reward.rule.trigger() == v1::TRIGGER_CONVERTED &&
                       reward.rule.rule_id() == rule.rule->rule_id() &&
                       reward.campaign == rule.campaign && reward.supplements.empty();
    const bool withdrawn = !reward.owed() && reward.cause == "recalculation";
    if (!of_it || !withdrawn || LastJudge(reward) <= version) continue;
    if (newest == nullptr || LastJudge(reward) > LastJudge(*newest)) newest = &reward;
  }
  return newest;
}

// Of a reward that by a newer version is not owed: what this one would give.
void Reference::TellGone(const Reward& gone, const RuleInForce& rule, const Referral& referral,
                         const Occasion& occasion, size_t version,
                         std::vector<std::string>& lines) {
  Reward anew;
  if (AnotherHas(referral, rule, occasion.conversion->step.id)) return;
  if (!Propose(anew, referral, rule, occasion, version) || anew.amount == 0) return;
  Tell(gone, 0, anew.amount, "superseded", lines, "", LastJudge(gone));
}

// A reward that the version does not give. Whether it is gone.
bool Reference::Withdraw(Reward& reward, size_t version, std::vector<std::string>& lines) {
  if (!reward.owed() || !reward.taken.empty()) return true;
  const int64_t before = OwedBy(reward);
  if (LastJudge(reward) > version) {
    Tell(reward, before, 0, "superseded", lines, "", LastJudge(reward));
    return false;
  }
  reward.judged = version;
  if (reward.version == version || reward.recalculated == version) return false;
  if (reward.paid || reward.state == "fulfilling") {
    Tell(reward, before, 0, "paid", lines);
    return false;
  }
  Tell(reward, before, 0, "withdrawn", lines);
  TakeSupplementsBack(reward);
  TakeBack(reward, "recalculation", /*moved=*/true);
  return true;
}

// Of a reward that is unpaid again. What of it is paid, and stays.
int64_t Reference::TakeSupplementsBack(const Reward& reward) {
  int64_t paid = 0;
  for (auto& [id, other] : rewards_) {
    if (!MakesUp(other, reward)) continue;
    if (other.paid || other.state == "fulfilling") {
      paid += other.amount;
    } else {
      TakeBack(other, "recalculation", /*moved=*/true);
    }
  }
  return paid;
}

void Reference::Rejudge(Reward& reward, const RuleInForce& rule, const Referral& referral,
                        const Occasion& occasion, size_t version,
                        std::vector<std::string>& lines) {
  const bool refused = reward.cause == "CAP_REACHED";
  if ((!reward.owed() && !refused) || !reward.taken.empty()) return;
  const size_t last = LastJudge(reward);
  const bool told = reward.judged >= version;
  if (refused && last > version) {
    return TellGone(reward, rule, referral, occasion, version, lines);
  }
  if (last <= version) {
    const bool own = reward.version == version || reward.recalculated == version;
    if (own || !refused) reward.judged = version;
    if (own) return;
    if (refused && AnotherHas(referral, rule, occasion.conversion->step.id)) return;
  }
  const int64_t before = OwedBy(reward);
  // As if there were none of it: `reward` is gone until all are back.
  const std::string id = reward.id;
  const std::map<std::string, Reward> all = rewards_;
  std::erase_if(rewards_, [&](const auto& entry) {
    return entry.first == id || MakesUp(entry.second, all.at(id));
  });
  Reward anew;
  const bool given = Propose(anew, referral, rule, occasion, version,
                             refused ? std::nullopt : std::optional(all.at(id).ordinal));
  rewards_ = all;
  Reward& now = rewards_.at(id);
  if (!given) {
    if (!refused) Withdraw(now, version, lines);
    return;
  }
  if (refused) {
    anew.id = id;
    anew.judged = anew.recalculated = version;
    if (anew.amount == 0) {
      now.judged = version;
      if (!told) Tell(anew, 0, 0, "capped", lines);
      return;
    }
    Tell(anew, 0, anew.amount, "created", lines);
    Book(anew, "expense:rewards", "liability:rewards");
    now = anew;
    TakeBackIfLeft(now, referral);
    return;
  }
  if (anew.amount == before) {
    const bool kept = anew.wanted > before && last <= version;
    if (kept && !told) Tell(now, before, before, "capped", lines);
    return;
  }
  if (last > version) {
    return Tell(now, before, anew.amount, "superseded", lines, "", last);
  }
  if (anew.amount == 0) return Tell(now, before, 0, "capped", lines);
  if (!now.paid && now.state != "fulfilling") {
    Tell(now, before, anew.amount, "adjusted", lines);
    const int64_t own = anew.amount - TakeSupplementsBack(now);
    if (own <= 0) return TakeBack(now, "recalculation", /*moved=*/true);
    Reward change = now;
    change.amount = own - now.amount;
    Book(change, "expense:rewards", "liability:rewards");
    now.amount = own;
    now.wanted = anew.wanted;
    now.recalculated = version;
    return;
  }
  if (anew.amount < before) return Tell(now, before, anew.amount, "paid", lines);
  Reward more = now;
  more.id = absl::StrCat(id, "@v", version);
  more.supplements = id;
  more.amount = anew.amount - before;
  more.available = anew.available;
  more.expiry = anew.expiry;
  more.recalculated = version;
  more.judged = 0;
  more.released = true;
  more.paid = false;
  more.state = referral.fraud == "held" ? "pending" : "held";
  more.handing.clear();
  more.claims = more.failures = 0;
  more.stocked = false;
  more.retry.reset();
  if (rewards_.count(more.id) > 0) return;  // it was made up once
  Tell(now, before, anew.amount, "supplemented", lines, more.id);
  Book(more, "expense:rewards", "liability:rewards");
  rewards_[more.id] = more;
}

}  // namespace kith::property
