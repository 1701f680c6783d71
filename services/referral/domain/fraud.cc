#include "services/referral/domain/fraud.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::referral::domain {
namespace {

// Whether `text` is one of the texts that `joined` was made of.
bool Holds(absl::string_view joined, absl::string_view text) {
  return absl::StrCat("; ", joined, "; ").find(absl::StrCat("; ", text, "; ")) !=
         std::string::npos;
}

void Merge(std::vector<SignalEvidence>& evidence, SignalEvidence one) {
  for (SignalEvidence& known : evidence) {
    if (known.signal != one.signal) continue;
    if (!Holds(known.text, one.text)) absl::StrAppend(&known.text, "; ", one.text);
    return;
  }
  evidence.push_back(std::move(one));
}

}  // namespace

int64_t DefaultWeight(Signal signal) {
  switch (signal) {
    case Signal::kSelfReferral:
    case Signal::kExistingCustomer:
    case Signal::kBlocklist:
      return 100;
    case Signal::kDuplicateAccount:
      return 80;
    case Signal::kCircularChain:
      return 70;
    case Signal::kDisposableDomain:
    case Signal::kPaidSearch:
      return 60;
    case Signal::kVelocity:
      return 50;
    case Signal::kSameDomain:
      return 40;
  }
  return 0;
}

int64_t WeightOf(const FraudRules& rules, Signal signal) {
  for (const SignalWeight& stated : rules.weights) {
    if (stated.signal == signal) return stated.weight;
  }
  return DefaultWeight(signal);
}

FraudVerdict Decide(const FraudRules& rules, absl::Span<const SignalEvidence> found) {
  FraudVerdict verdict;
  for (SignalEvidence one : found) {
    one.weight = WeightOf(rules, one.signal);
    if (one.weight > 0) Merge(verdict.evidence, std::move(one));
  }
  std::stable_sort(verdict.evidence.begin(), verdict.evidence.end(),
                   [](const SignalEvidence& a, const SignalEvidence& b) {
                     return a.weight != b.weight ? a.weight > b.weight : a.signal < b.signal;
                   });
  for (const SignalEvidence& one : verdict.evidence) verdict.score += one.weight;
  if (verdict.score >= rules.reject_at) {
    verdict.state = FraudState::kRejected;
  } else if (verdict.score >= rules.hold_at) {
    verdict.state = FraudState::kHeld;
  }
  return verdict;
}

}  // namespace kith::referral::domain
