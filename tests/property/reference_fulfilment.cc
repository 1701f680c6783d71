// What is handed out.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/property/generator.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

constexpr int kMaxFailures = 8;

// Twice as long each time.
absl::Duration PauseAfter(int failures) {
  return std::min(absl::Minutes(1) * (1 << (failures - 1)), absl::Hours(6));
}

}  // namespace

bool Reference::HasPieces(const Reward& reward) const {
  const auto stock = stock_.find(reward.rule.item());
  return stock == stock_.end() || stock->second.on_hand >= reward.amount;
}

// Pieces of a reward's item go from one place to another; of one that was stocked at the
// claim.
void Reference::MovePieces(const Reward& reward, int64_t Stock::*from, int64_t Stock::*to) {
  if (!reward.stocked) return;
  Stock& stock = stock_.at(reward.rule.item());
  stock.*from -= reward.amount;
  stock.*to += reward.amount;
}

// The rewards that a provider is given: the oldest, as far as there are pieces.
std::vector<std::string> Reference::Claim(int64_t most) {
  std::vector<Reward*> ready;
  for (auto& [id, reward] : rewards_) {
    const auto advocate = advocates_.find(reward.recipient);
    const bool suspended = advocate != advocates_.end() && advocate->second.suspended &&
                           reward.rule.side() != v1::REWARD_SIDE_REFEREE;
    if (StateOf(reward) == "available" && !suspended) ready.push_back(&reward);
  }
  std::stable_sort(ready.begin(), ready.end(), [](const Reward* a, const Reward* b) {
    return std::tie(a->available, a->id) < std::tie(b->available, b->id);
  });
  std::vector<std::string> claimed;
  for (Reward* reward : ready) {
    if (static_cast<int64_t>(claimed.size()) == most) break;
    if (!HasPieces(*reward)) continue;
    reward->stocked = stock_.count(reward->rule.item()) > 0;
    MovePieces(*reward, &Stock::on_hand, &Stock::reserved);
    reward->state = reward->handing = "fulfilling";
    reward->lease_end = now_ + kLease;
    ++reward->claims;
    claimed.push_back(reward->id);
  }
  return claimed;
}

std::string Reference::Fulfil(const Step& step, std::vector<std::string> given) {
  std::vector<std::string> claimed = Claim(*step.amount);
  std::sort(claimed.begin(), claimed.end());
  std::sort(given.begin(), given.end());
  if (claimed != given) return absl::StrCat("claims of ", absl::StrJoin(claimed, ", "));
  auto before = std::exchange(leases_, {});
  for (const std::string& id : claimed) leases_[id] = rewards_.at(id).claims;
  if (step.outcome != Outcome::kNoReport) Report(step.outcome);
  leases_.merge(before);
  return "ok";
}

std::string Reference::Report(Outcome outcome) {
  std::vector<std::string> words;
  for (const auto& [id, claim] : std::exchange(leases_, {})) {
    Reward& reward = rewards_.at(id);
    if (reward.claims != claim) {
      words.push_back(id + " LEASE_OVER");
      continue;
    }
    if (outcome == Outcome::kSuccess) {
      Succeed(reward);
    } else {
      Fail(reward, outcome == Outcome::kFailureForGood);
    }
    words.push_back(id + " ok");
  }
  return absl::StrJoin(words, "; ");
}

// A provider that paid late has paid.
void Reference::Succeed(Reward& reward) {
  const bool at_it = reward.state == "fulfilling";
  // What was claimed before the item was stocked was never on hand.
  const bool stocked = stock_.count(reward.rule.item()) > 0;
  if (stocked && at_it && !reward.stocked) {
    stock_[reward.rule.item()].handed_out += reward.amount;
  } else {
    reward.stocked = stocked;
    MovePieces(reward, at_it ? &Stock::reserved : &Stock::on_hand, &Stock::handed_out);
  }
  reward.handing = "succeeded";
  Book(reward, "liability:rewards", "paid:rewards");
  if (reward.owed()) {
    reward.paid = true;
    reward.state = "fulfilled";
    if (reward.taken.empty()) return;
    const std::string cause = std::exchange(reward.taken, "");
    TakeBack(reward, cause, reward.moved);
  } else {
    Book(reward, "receivable:clawback", "liability:rewards");
  }
}

void Reference::Fail(Reward& reward, bool for_good) {
  const bool at_it = reward.state == "fulfilling";
  if (at_it) LetGo(reward);
  if (!reward.owed()) return;
  ++reward.failures;
  const bool last = for_good || reward.failures >= kMaxFailures;
  reward.handing = last ? "failed" : "to_retry";
  reward.retry = last ? absl::InfiniteFuture() : now_ + PauseAfter(reward.failures);
}

// Nobody is at it any more.
void Reference::LetGo(Reward& reward) {
  MovePieces(reward, &Stock::reserved, &Stock::on_hand);
  reward.handing = "lapsed";
  reward.state = "held";
  if (reward.taken.empty()) return;
  const std::string cause = std::exchange(reward.taken, "");
  TakeBack(reward, cause, reward.moved);
}

std::string Reference::Retry(const Step& step) {
  std::vector<Reward*> failed;
  for (auto& [id, reward] : rewards_) {
    if (reward.handing == "failed") failed.push_back(&reward);
  }
  if (failed.empty()) return "ok";
  Reward& reward = *failed[static_cast<size_t>(*step.amount) % failed.size()];
  reward.failures = 0;
  reward.retry.reset();
  reward.handing = "to_retry";
  return reward.id + " ok";
}

std::string Reference::SetStock(const Step& step) {
  stock_[step.id].on_hand = *step.amount;
  return "ok";
}

void Reference::LookAtStock(Picture& picture) const {
  for (const auto& [item, stock] : stock_) {
    picture.push_back(absl::StrCat("stock ", item, " on hand ", stock.on_hand, " reserved ",
                                   stock.reserved, " handed out ", stock.handed_out));
  }
}

}  // namespace kith::property
