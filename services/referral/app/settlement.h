// Conversions that become live, and what they earn. Shared by the commands that record,
// attribute and reverse.
#ifndef KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_
#define KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/occasion.h"

namespace kith::referral::app {

// A conversion as it is answered.
struct ConversionView {
  domain::Conversion conversion;
  bool live = false;
  std::vector<std::string> reward_ids;  // of the rewards that it made, in order of id
  std::string uncounted;                // why it counts for no referral; see domain
};
ConversionView ViewConversion(exec::Unit& unit, const domain::Conversion& conversion);

// Wants what a conversion of `referral` may earn, and what follows when it becomes live.
void WantConversion(exec::Loader& loader, const Rules& rules,
                    const domain::Conversion& conversion, const domain::Referral& referral);
// Wants the rewards of a conversion and what they count for, if they went to these two by the
// program's own rules. An empty id is skipped.
void WantRewards(exec::Loader& loader, const Rules& rules,
                 const domain::Conversion& conversion, const std::string& advocate_id,
                 const std::string& referee_id);

// Makes `conversion` the live one of its referral, which has none: publishes it, wins the
// lead, thanks both sides the first time (not while held for fraud), and grants what it earns
// as a success. A referral that is rejected as a fraud gets none.
void MakeLive(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
              absl::Time now);

// Grants what a conversion, live or not, earns and has not earned yet by the rules over
// conversions, and opens the second gate of rewards that wait for its event. `referral` says
// which conversion is the live one.
void GrantRewards(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  const domain::Conversion& conversion, absl::Time now);

// Takes the rewards of a reversed conversion back, those that its rules' clawback windows
// reach. `still_converted`: it was not the live one, or another has taken its place, so that
// the advocate's count of successes stands; else the Nth success that the count reaches no
// more goes too, whichever referral filled it, and may be filled again.
void RevokeRewards(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                   const domain::Conversion& conversion, bool still_converted, absl::Time now);

// The rules that judge a conversion: those that were in force when it happened.
Judging JudgedFor(const Rules& rules, const domain::Conversion& conversion,
                  const domain::Referral& referral);

// The occasion of a conversion of `referral`. Both must outlive it.
domain::Occasion ConversionOccasion(exec::Unit& unit, const domain::Referral& referral,
                                    const domain::Conversion& conversion);
// Whether a rule over conversions pays this one of the referral: the live one, each success,
// or one with its event, of which only the first may count.
bool Earns(exec::Unit& unit, const domain::RuleInForce& rule, const domain::Referral& referral,
           const domain::Conversion& conversion);
// The same of a conversion that has no reward by the rule: not when an earlier one, reversed
// too late for its clawback window, has kept the reward that is given once.
bool EarnsAnew(exec::Unit& unit, const domain::RuleInForce& rule,
               const domain::Referral& referral, const domain::Conversion& conversion);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_
