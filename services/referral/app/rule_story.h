// What one rule says of a conversion or a referral: the parts that the stories of both are
// made of.
#ifndef KITH_SERVICES_REFERRAL_APP_RULE_STORY_H_
#define KITH_SERVICES_REFERRAL_APP_RULE_STORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/unpaid.h"
#include "services/referral/store/row_reader.h"

namespace kith::referral::app {

// Of a store that fails, `rows` tells in each of these.

struct RuleStory {
  std::string rule_key;
  domain::RewardSide side = domain::RewardSide::kReferrer;
  std::vector<domain::Reward> rewards;   // that it made; one refused by a cap included
  domain::Unpaid unpaid;                 // see RuleOutcome
  std::vector<domain::CapOutcome> caps;  // of that
  domain::Trigger trigger = domain::Trigger::kConverted;
  int64_t program_version = 0;  // whose rule it is
};
// One that tells nothing yet.
RuleStory StoryOf(const domain::RuleInForce& rule, const domain::ProgramVersion& judging);

using domain::Because;

// All rules of a version that might be meant for a referral: the program's, and those of its
// campaign, whether that was running or not; as it was in the version `begun` (see
// domain::BegunUnder) if this one has not got it any more.
std::vector<domain::RuleInForce> RulesPerhapsFor(const domain::ProgramVersion& version,
                                                 const domain::ProgramVersion* begun,
                                                 const domain::Referral& referral);
// Why one of them is not in force for the referral: CAMPAIGN_CLOSED, REPLACED. No reason: it
// is.
domain::Unpaid WhyNotInForce(const domain::ProgramVersion& version,
                             const domain::ProgramVersion* begun,
                             const domain::RuleInForce& rule,
                             const domain::Referral& referral);

// The rule that made a reward, as the version had it that judged; nullptr: gone. Valid as long
// as `rows`.
const domain::RewardRule* MakerOf(store::RowReader& rows, const domain::Reward& reward);

// An occasion with the advocate and the customer as they are stored. Valid as long as `rows`
// and `referral`.
domain::Occasion StoredOccasion(store::RowReader& rows, const domain::Referral& referral,
                                domain::Trigger trigger, absl::Time time);
// Why a rule earns nothing of an occasion. No reason: before caps it earns something.
domain::Unpaid WhyNotProposed(store::RowReader& rows, const domain::ProgramVersion& version,
                              const domain::RuleInForce& rule,
                              const domain::Occasion& occasion, absl::Time now);

// NOT_GRANTED.
domain::Unpaid WouldPayNow();
// NOT_REACHED: that a rule over counts pays another one than `so_far` of the advocate's
// `what`; of a campaign's rule, in this run of it.
domain::Unpaid NotReached(const domain::RuleInForce& rule, absl::string_view what,
                          const std::string& advocate_id, int64_t so_far);

// Of a referral that is held for fraud, and a rule over counts.
domain::Unpaid WaitsToBeCounted();
// How many a rule over counts counts by now, for the occasion's referral; sets the occasion's
// season.
int64_t CountNow(store::RowReader& rows, const domain::ProgramVersion& version,
                 const domain::RuleInForce& rule, domain::Occasion& occasion);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RULE_STORY_H_
