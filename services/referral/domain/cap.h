// Caps: whose they are, over whom and over what time they count, and what they leave of a
// reward.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CAP_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CAP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::domain {

// What is counted together: a holder's rewards, of one recipient or (empty) of everybody, in
// the period that begins at a time.
struct CapKey {
  std::string holder;  // `rule/<rule key>`, `campaign/<campaign id>` or `program`
  std::string recipient_id;
  CapPeriod period = CapPeriod::kLifetime;
  absl::Time period_start = absl::UnixEpoch();  // of kLifetime: the epoch
  friend bool operator==(const CapKey&, const CapKey&) = default;
};

// A cap as it meets one reward.
struct CapInForce {
  CapKey key;
  Cap cap;
};

// What has been granted under a key.
struct CapCount {
  int64_t rewards = 0;
  int64_t minor = 0;
};

// The beginning of the calendar period that `time` lies in.
absl::Time PeriodStart(CapPeriod period, absl::Time time, absl::TimeZone zone);

// The rewards of a rule to one recipient, for ever: counted whether a cap says so or not, for
// `max_rewards_per_recipient` and `occasion.ordinal`.
CapKey RuleCountKey(absl::string_view rule_key, absl::string_view recipient_id);

// All caps that a reward of `rule` to `recipient_id` for an occasion at `time` meets: the
// rule's, then those of its campaign and of the program. These count rewards of every kind; of
// what is no money, their amounts are not a limit.
std::vector<CapInForce> CapsInForce(const Program& program, const RuleInForce& rule,
                                    const std::string& recipient_id, absl::Time time);
// The same for all caps of a holder.
std::vector<CapInForce> CapsOfRule(const Program& program, const RuleInForce& rule,
                                   const std::string& recipient_id, absl::Time time);
std::vector<CapInForce> CapsOfCampaign(const Program& program, const Campaign& campaign,
                                       const std::string& recipient_id, absl::Time time);
std::vector<CapInForce> CapsOfProgram(const Program& program, const std::string& recipient_id,
                                      absl::Time time);

// Whether the amount of a reward of this kind counts under a key: money, which is all in the
// program's currency, and what its own rule limits.
bool CountsAmount(const CapKey& key, RewardKind kind);

// The keys that such a reward counts under, each once: the rule's count and those of the caps.
// A cap counts from the version on that states it.
std::vector<CapKey> CountedUnder(const Program& program, const RuleInForce& rule,
                                 const std::string& recipient_id, absl::Time time);

// What a cap had left for a reward, and whether it took something from it.
struct CapOutcome {
  CapKey key;
  CapScope scope = CapScope::kRecipient;
  std::optional<int64_t> rewards_left;
  std::optional<int64_t> minor_left;
  bool bound = false;
  friend bool operator==(const CapOutcome&, const CapOutcome&) = default;
};
// How one cap with this count meets `wanted_minor`; lessens it to what is left (0: refused).
CapOutcome MeetCap(const CapInForce& cap, const CapCount& count, int64_t& wanted_minor);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CAP_H_
