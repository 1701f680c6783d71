// What is owed for an occasion, and how a reward goes from state to state.
//
//   pending ──fraud gate──▶ approved ──release event──▶ held ──clock──▶ available
//                                                         ▲                │ claim
//                                                         └──── lease ── fulfilling ──▶
//                                                         fulfilled
//
// Whatever is not over may be cancelled (before held) or reversed; what is held may expire.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/unpaid.h"

namespace kith::referral::domain {

// Causes that the service gives itself. Part of the API.
inline constexpr absl::string_view kCapReached = "CAP_REACHED";
inline constexpr absl::string_view kFraudRejected = "FRAUD_REJECTED";
inline constexpr absl::string_view kExpired = "EXPIRED";
inline constexpr absl::string_view kNotReleased = "NOT_RELEASED";
inline constexpr absl::string_view kNotRetained = "NOT_RETAINED";
inline constexpr absl::string_view kChurn = "churn";
// Reward.closed_by when the signup or the conversion moved to another referral.
inline constexpr absl::string_view kByAttribution = "attribution";
// Reward.closed_by, and the cause, when other rules were applied afterwards.
inline constexpr absl::string_view kByRecalculation = "recalculation";
// Reward.closed_by of an Nth success when the referral that filled it has no success any more:
// it may be filled again.
inline constexpr absl::string_view kByReversal = "reversal";
// Reward.closed_by of retained days that were after the referee's leaving, as told later: they
// are earned by whoever turns out to have come back before them.
inline constexpr absl::string_view kByLeaving = "leaving";
// The release event that is no conversion: the referee reached the success event.
inline constexpr absl::string_view kAhaEvent = "aha";

// A reward that an occasion earns, before caps.
struct Proposal {
  Reward reward;
  Explanation explanation;
};

// The reward of `rule` for an occasion, judged by `version`; nullopt when nothing is due
// (yet): its recipient is not known, the conversion is too small, the condition does not hold,
// or the amount is nothing; `why` tells which of these. `granted`: the rewards of this rule
// that the recipient has. It is kHeld with open gates; see CloseGates.
std::optional<Proposal> Propose(const ProgramVersion& version, const RuleInForce& rule,
                                const Occasion& occasion, int64_t granted, absl::Time now,
                                Unpaid* why = nullptr);

// Lessens a proposal by what was given of it already; false when nothing is left.
bool LeaveOut(Proposal& proposal, int64_t given);
// How much has been granted under a key.
using CountOf = std::function<CapCount(const CapKey& key)>;
// Lessens a proposal to what the caps leave; one that they leave nothing of is cancelled with
// CAP_REACHED and the amount 0.
void ApplyCaps(Proposal& proposal, const std::vector<CapInForce>& caps,
               const CountOf& count_of);

// Puts a new reward before the gates that are closed: the fraud gate first.
void CloseGates(Reward& reward, bool fraud_held, bool released);
// It may be taken for as long as its rule says from when it may really be taken: from `time`
// on at the earliest.
void MoveExpiry(Reward& reward, const RewardRule* rule, absl::Time time);
// Opens the fraud gate of a pending reward at `time`; false when it is not pending.
bool OpenFraudGate(Reward& reward, const RewardRule* rule, absl::Time time);
// Closes it again before a reward that nobody is at yet.
void CloseFraudGate(Reward& reward);
// Opens the second gate at `time`; false when it is open, or the reward is over.
bool Release(Reward& reward, const RewardRule* rule, absl::Time time);
// Closes it again before a reward that nobody is at, and that is not over; else false.
bool CloseRelease(Reward& reward);
// Whether a conversion is the release event of what `rewarded` (nullptr: no conversion) earns
// by a rule: one with its name, that was not earlier and, if it is known of which order
// `rewarded` is, of the same.
bool Releases(const Conversion& event, const RewardRule& rule, const Conversion* rewarded);

// What taking back did.
enum class Taken {
  kNothing,  // it was over already, or is marked
  kUnpaid,   // cancelled or reversed: its accrual is to be booked back
  kPaid,     // reversed: the recipient owes it
  kMarked    // a provider is at it: decided when that is known to have succeeded or failed
};
// Takes a reward back. `by` may be empty.
Taken TakeBack(Reward& reward, absl::string_view cause, absl::string_view by, absl::Time now);

// Whether it was not available yet at `time`: it is before a gate still, or was held.
bool IsBeforeAvailable(const Reward& reward, absl::Time time);
// Whether a reversal of what earned it, or the referee's leaving, at `time` takes it back:
// what was not available by then in any case, else for as long as its rule says. Whoever
// leaves before what earned it has come back since, but was not retained until then; and what
// an advocate's count has reached stays, whoever leaves. `released`: when the release event of
// a reward was that had waited for it.
bool InClawbackWindow(const Reward& reward, const RewardRule* rule, absl::Time time);
bool InChurnWindow(const Reward& reward, const RewardRule* rule, absl::Time signup_time,
                   absl::Time time, absl::Time released = absl::InfinitePast());

// The rule that made a reward, as `version` has it; rule == nullptr when it has none.
RuleInForce RuleOf(const Program& program, const Reward& reward);

// Whether it makes way for a successor (see SuccessorId).
bool MakesWay(const Reward& reward);
// Whether `closed_by` is one of the names above, which no person may have.
bool IsReservedName(absl::string_view closed_by);
// Whether it is owed and nobody has decided to take it back.
bool Stands(const Reward& reward);
// The version whose caps it counts under: the one that judged it last.
int64_t CountedBy(const Reward& reward);

// The id of the further reward by which a recalculation makes up what a paid one lacks, and
// whether a reward is one. It counts in amount caps only.
std::string SupplementId(absl::string_view reward_id, int64_t version);
bool IsSupplement(const Reward& reward);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_
