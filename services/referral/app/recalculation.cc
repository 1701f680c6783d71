#include "services/referral/app/recalculation.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/release.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/app/settlement.h"
#include "services/referral/app/supplements.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Referral;
using domain::Reward;
using domain::RewardState;
using Outcome = RecalculationOutcome;
using Scope = RecalculationScope;

// One conversion under other rules.
class Recalculation {
 public:
  Recalculation(exec::Unit& unit, const Rules& rules, const domain::ProgramVersion& version,
                const Referral& referral, const Conversion& conversion, absl::Time now)
      : unit_(unit),
        referral_(referral),
        conversion_(conversion),
        judging_(JudgedBy(rules, &version, referral)),
        occasion_(ConversionOccasion(unit, referral, conversion)),
        now_(now) {
    judging_.recalculates = true;
  }

  std::vector<RecalculatedReward> Run(Scope scope) {
    std::set<std::string> seen;
    for (const domain::RuleInForce& rule : judging_.rules) {
      if (rule.rule->trigger != domain::Trigger::kConverted) continue;
      const std::optional<Reward> stored = Stored(rule);
      if (stored.has_value()) seen.insert(stored->reward_id);
      if (rule.version != nullptr) continue;  // promised by another version
      if (scope == Scope::kAll || !stored.has_value()) Judge(rule, stored);
    }
    if (scope == Scope::kMissing) return std::move(changes_);
    for (const Reward& reward : RewardsOf(unit_, referral_)) {
      if (seen.count(reward.reward_id) == 0) JudgeWithoutRule(reward);
    }
    return std::move(changes_);
  }

 private:
  int64_t version() const { return judging_.version->version; }

  // The reward of this conversion by the rule of the same name, if there is one.
  std::optional<Reward> Stored(const domain::RuleInForce& rule) {
    std::optional<Reward> found;
    for (Reward& reward : RewardsOf(unit_, referral_)) {
      if (IsOfRule(reward, rule) && !domain::MakesWay(reward)) found = std::move(reward);
    }
    return found;
  }
  bool IsOfRule(const Reward& reward, const domain::RuleInForce& rule) const {
    return IsOfConversion(reward) && domain::IsOf(reward, rule, occasion_);
  }
  bool IsOfConversion(const Reward& reward) const {
    return reward.conversion_id == conversion_.conversion_id &&
           reward.trigger == domain::Trigger::kConverted && !domain::IsSupplement(reward);
  }
  // Whether it is as this version gives it.
  bool IsJudged(const Reward& reward) const { return domain::CountedBy(reward) == version(); }
  static int64_t FoundBy(const Reward& reward) {
    return domain::ParseExplanation(reward.explanation).judged_version;
  }
  // The newest version that has granted or judged it.
  int64_t LastJudge(const Reward& stored) {
    int64_t last =
        std::max({stored.program_version, stored.recalculated_version, FoundBy(stored)});
    for (const Reward& reward : RewardsOf(unit_, referral_)) {
      if (IsSupplementOf(reward, stored)) last = std::max(last, reward.recalculated_version);
    }
    return last;
  }
  // Whether a newer version has: that one stands.
  bool IsSuperseded(const Reward& stored) { return LastJudge(stored) > version(); }

  void Judge(const domain::RuleInForce& rule, const std::optional<Reward>& stored) {
    const bool was_refused = stored.has_value() && stored->cause == domain::kCapReached;
    if (stored.has_value() && IsSuperseded(*stored)) return TellSuperseded(rule, *stored);
    if (!stored.has_value() && TellWithdrawn(rule)) return;
    if (stored.has_value() && IsJudged(*stored)) {
      if (was_refused || domain::Stands(*stored)) Mark(stored->reward_id);
      return;
    }
    if (stored.has_value() && !was_refused) {
      if (stored->owed() && !stored->reversal_time.has_value()) Compare(rule, *stored);
      return;
    }
    if (!EarnsAnew(unit_, rule, referral_, conversion_)) return;
    was_refused ? Revive(rule, *stored) : Create(rule);
  }

  // The rules gave nothing so far, or all but what was made up and is paid was taken back.
  void Create(const domain::RuleInForce& rule) {
    const auto whole = ProposeGrant(unit_, judging_, rule, occasion_, now_);
    if (!whole.has_value()) return;
    const int64_t given = MadeUp(unit_, referral_, whole->reward);
    const int64_t wanted = whole->reward.wanted_minor;
    if (given > 0 && wanted <= given) {
      if (wanted < given) Add(whole->reward, given, wanted, Outcome::kPaid);
      return;
    }
    const Reward* reward = Grant(unit_, judging_, rule, occasion_, now_, given);
    if (reward == nullptr) return;
    const bool capped = reward->amount_minor == 0;
    Add(*reward, given, domain::SaturatingAdd(given, reward->amount_minor),
        capped ? Outcome::kCapped : Outcome::kCreated);
  }
  // A cap left nothing so far.
  void Revive(const domain::RuleInForce& rule, const Reward& refused) {
    auto proposal = ProposeGrant(unit_, judging_, rule, occasion_, now_);
    if (!proposal.has_value()) return;
    Reward reward = std::move(proposal->reward);
    reward.reward_id = refused.reward_id;
    if (reward.amount_minor == 0) return TellCapped(reward, FoundBy(refused), 0);
    reward.explanation = domain::ToText(proposal->explanation);
    reward.recalculated_version = version();
    CloseGatesOf(rule, reward);
    Add(reward, 0, reward.amount_minor, Outcome::kCreated);
    AddReward(unit_, std::move(reward), now_);
    TakeBackIfLeft(unit_, referral_, refused.reward_id, now_);
  }
  void CloseGatesOf(const domain::RuleInForce& rule, Reward& reward) {
    domain::CloseGates(reward, referral_.fraud == domain::FraudState::kHeld,
                       ReleasedAt(unit_, *rule.rule, occasion_).has_value());
    domain::MoveExpiry(reward, rule.rule, now_);
  }

  // What the new rules would give for a reward that is owed, after caps, as if it had not been
  // granted yet.
  std::optional<domain::Proposal> Anew(const domain::RuleInForce& rule, const Reward& stored) {
    if (!Earns(unit_, rule, referral_, conversion_)) return std::nullopt;
    const int64_t ordinal =
        std::max<int64_t>(1, domain::ParseExplanation(stored.explanation).ordinal);
    auto proposal = domain::Propose(*judging_.version, rule, occasion_, ordinal - 1, now_);
    if (!proposal.has_value()) return std::nullopt;
    const std::string& recipient = proposal->reward.side == stored.side
                                       ? stored.recipient_id
                                       : proposal->reward.recipient_id;
    domain::ApplyCaps(
        *proposal,
        domain::CapsInForce(judging_.version->program, rule, recipient, stored.occasion_time),
        [&](const domain::CapKey& key) { return CountWithout(key, stored); });
    return proposal;
  }
  // What counts under a key besides a reward and its supplements.
  domain::CapCount CountWithout(const domain::CapKey& key, const Reward& stored) {
    const auto* use =
        unit_.Find<store::CapUseTable>(store::CapUseTable::ToKey(stored.program_id, key));
    domain::CapCount count = use == nullptr ? domain::CapCount() : use->count;
    const auto leave_out = [&](const Reward& reward) {
      const std::vector<domain::CapKey> keys = CapKeysOf(unit_, reward);
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) return;
      if (!domain::IsSupplement(reward)) --count.rewards;
      if (domain::CountsAmount(key, reward.kind)) count.minor -= reward.amount_minor;
    };
    leave_out(stored);
    for (const Reward& supplement : SupplementsOf(unit_, referral_, stored))
      leave_out(supplement);
    return count;
  }

  void Compare(const domain::RuleInForce& rule, const Reward& stored) {
    const auto proposal = Anew(rule, stored);
    if (!proposal.has_value()) return Withdraw(stored);
    const Reward& anew = proposal->reward;
    if (!AreAlike(anew, stored)) {
      Withdraw(stored);
      if (!IsPaid(stored)) Create(rule);
      return;
    }
    const int64_t given = Given(stored);
    const bool less = anew.amount_minor < given;
    if (anew.amount_minor == given && anew.wanted_minor > given) {
      TellCapped(stored, FoundBy(stored), given);
    } else if (anew.amount_minor == given) {
      Mark(stored.reward_id);
    } else if (anew.amount_minor == 0) {
      Leave(stored, given, 0, Outcome::kCapped);
    } else if (!IsPaid(stored)) {
      Adjust(stored, *proposal, given);
    } else if (less) {
      Leave(stored, given, anew.amount_minor, Outcome::kPaid);
    } else {
      Supplement(rule, stored, anew, given);
    }
  }
  // It differs, and stays.
  void Leave(const Reward& stored, int64_t given, int64_t anew, Outcome outcome) {
    Add(stored, given, anew, outcome);
    Mark(stored.reward_id);
  }
  // A cap leaves nothing more: told once, as nothing changes.
  void TellCapped(const Reward& reward, int64_t found_by, int64_t given) {
    if (found_by < version()) Add(reward, given, given, Outcome::kCapped);
    Mark(reward.reward_id);
  }
  // Keeps that this version has looked at a reward.
  void Mark(const std::string& reward_id) {
    const auto* stored = unit_.Find<store::RewardTable>({referral_.program_id, reward_id});
    if (stored == nullptr) return;
    domain::Explanation explanation = domain::ParseExplanation(stored->explanation);
    if (explanation.judged_version >= version()) return;
    explanation.judged_version = version();
    Reward marked = *stored;
    marked.explanation = domain::ToText(explanation);
    unit_.Put<store::RewardTable>(std::move(marked));
  }
  // Rewards of rules that this version has no more.
  void JudgeWithoutRule(const Reward& reward) {
    if (!domain::Stands(reward) || !IsOfConversion(reward)) return;
    if (IsSuperseded(reward)) {
      Add(reward, Given(reward), 0, Outcome::kSuperseded);
    } else if (!IsJudged(reward)) {
      Withdraw(reward);
    } else {
      Mark(reward.reward_id);
    }
  }
  // Nothing changes, and the answer says why, if this version would give something else.
  void TellSuperseded(const domain::RuleInForce& rule, const Reward& stored) {
    if (stored.cause == domain::kCapReached) return TellGone(rule, stored);
    if (!domain::Stands(stored)) return;
    const auto proposal = Anew(rule, stored);
    const bool alike = proposal.has_value() && AreAlike(proposal->reward, stored);
    const int64_t anew = alike ? proposal->reward.amount_minor : 0;
    const int64_t given = Given(stored);
    if (anew != given) Add(stored, given, anew, Outcome::kSuperseded);
  }

  // The same of a reward that is not owed by the newer version.
  void TellGone(const domain::RuleInForce& rule, const Reward& gone) {
    if (!EarnsAnew(unit_, rule, referral_, conversion_)) return;
    const auto proposal = ProposeGrant(unit_, judging_, rule, occasion_, now_);
    if (!proposal.has_value() || proposal->reward.amount_minor == 0) return;
    Add(gone, 0, proposal->reward.amount_minor, Outcome::kSuperseded);
  }
  // The same of one that a newer version has withdrawn, if there is such a one.
  bool TellWithdrawn(const domain::RuleInForce& rule) {
    std::optional<Reward> newest;
    for (Reward& reward : RewardsOf(unit_, referral_)) {
      const bool withdrawn =
          reward.closed_by == domain::kByRecalculation && IsOfRule(reward, rule);
      if (!withdrawn || !IsSuperseded(reward)) continue;
      if (newest.has_value() && LastJudge(reward) <= LastJudge(*newest)) continue;
      newest = std::move(reward);
    }
    if (newest.has_value()) TellGone(rule, *newest);
    return newest.has_value();
  }

  static bool IsPaid(const Reward& reward) {
    return reward.stored_state == RewardState::kFulfilling ||
           reward.stored_state == RewardState::kFulfilled;
  }
  // With what has been made up before.
  int64_t Given(const Reward& stored) {
    return domain::SaturatingAdd(stored.amount_minor, MadeUp(unit_, referral_, stored));
  }

  void Adjust(Reward reward, const domain::Proposal& proposal, int64_t given) {
    const int64_t old_minor = reward.amount_minor;
    const int64_t new_minor = proposal.reward.amount_minor;
    const int64_t own_minor = new_minor - TakeSupplementsBack(reward);
    Add(reward, given, new_minor, Outcome::kAdjusted);
    if (own_minor <= 0) return TakeBackForGood(reward);
    // This version may have other caps.
    CountInCaps(unit_, reward, -1, -old_minor);
    reward.amount_minor = own_minor;
    reward.wanted_minor = proposal.reward.wanted_minor;
    domain::Explanation explanation = proposal.explanation;
    explanation.stays = domain::ParseExplanation(reward.explanation).stays;
    reward.explanation = domain::ToText(explanation);
    reward.recalculated_version = version();
    CountInCaps(unit_, reward, 1, reward.amount_minor);
    store::Book(unit_,
                domain::AdjustmentEntries(reward, own_minor - old_minor, version(), now_));
    PublishRewardAdjusted(unit_, reward, old_minor);
    unit_.Put<store::RewardTable>(std::move(reward));
  }
  // A provider was at a reward when it was made up, and let go of it: it is whole again.
  // Returns what of the supplements is paid, and stays.
  int64_t TakeSupplementsBack(const Reward& stored) {
    int64_t paid = 0;
    for (const Reward& supplement : SupplementsOf(unit_, referral_, stored)) {
      if (IsPaid(supplement)) {
        paid = domain::SaturatingAdd(paid, supplement.amount_minor);
      } else {
        TakeBackOne(supplement);
      }
    }
    return paid;
  }
  void TakeBackOne(const Reward& reward) {
    TakeBack(unit_, reward, domain::kByRecalculation, now_, domain::kByRecalculation);
  }

  void TakeBackForGood(const Reward& reward) {
    TakeBackOne(reward);
    Mark(reward.reward_id);
  }

  void Supplement(const domain::RuleInForce& rule, const Reward& stored, const Reward& anew,
                  int64_t given) {
    Reward more = stored;
    more.reward_id = domain::SupplementId(stored.reward_id, version());
    // Another conversion may have an id that reads the same.
    while (const Reward* known =
               unit_.Find<store::RewardTable>({more.program_id, more.reward_id})) {
      // What was made up, and then taken back or not taken, is not made up again.
      if (IsSupplementOf(*known, stored)) return;
      absl::StrAppend(&more.reward_id, domain::SupplementId("", version()));
    }
    more.amount_minor = anew.amount_minor - given;
    more.wanted_minor = more.amount_minor;
    more.recalculated_version = version();
    more.stored_state = RewardState::kHeld;
    more.available_time = anew.available_time;
    more.expiry_time = anew.expiry_time;
    domain::MoveExpiry(more, rule.rule, now_);
    more.created_time = now_;
    more.fulfilled_time.reset();
    more.retry_time.reset();
    more.failed = false;
    more.announced = false;
    domain::Explanation explanation;
    explanation.arithmetic = {
        absl::StrCat(anew.amount_minor, " - ", given, " = ", more.amount_minor)};
    more.explanation = domain::ToText(explanation);
    domain::CloseGates(more, referral_.fraud == domain::FraudState::kHeld, true);
    Add(stored, given, anew.amount_minor, Outcome::kSupplemented);
    changes_.back().supplement_id = more.reward_id;
    AddReward(unit_, std::move(more), now_);
  }

  void Withdraw(const Reward& stored) {
    if (IsPaid(stored)) return Leave(stored, Given(stored), 0, Outcome::kPaid);
    Add(stored, Given(stored), 0, Outcome::kWithdrawn);
    TakeSupplementsBack(stored);
    TakeBackForGood(stored);
  }

  void Add(const Reward& reward, int64_t old_minor, int64_t new_minor, Outcome outcome) {
    changes_.push_back({reward.reward_id, conversion_.conversion_id, reward.recipient_id,
                        old_minor, new_minor, reward.currency, outcome, "", 0});
    if (outcome == Outcome::kSuperseded) {
      changes_.back().superseded_by = LastJudge(reward);
    }
  }

  exec::Unit& unit_;
  const Referral& referral_;
  const Conversion& conversion_;
  Judging judging_;
  const domain::Occasion occasion_;
  const absl::Time now_;
  std::vector<RecalculatedReward> changes_;
};

}  // namespace

std::vector<RecalculatedReward> Recalculate(exec::Unit& unit, const Rules& rules,
                                            const domain::ProgramVersion& version,
                                            const Conversion& conversion, Scope scope,
                                            absl::Time now) {
  if (conversion.referral_id.empty() || conversion.reversed()) return {};
  // Its amount says nothing in the money of these rules.
  if (!conversion.currency.empty() && conversion.currency != version.program.currency)
    return {};
  const auto* stored =
      unit.Find<store::ReferralTable>({conversion.program_id, conversion.referral_id});
  if (stored == nullptr || stored->fraud == domain::FraudState::kRejected) return {};
  const Referral referral = *stored;
  return Recalculation(unit, rules, version, referral, conversion, now).Run(scope);
}

}  // namespace kith::referral::app
