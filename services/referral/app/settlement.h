// Conversions that become live, and what they earn. Shared by the commands that record,
// attribute and reverse.
#ifndef KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_
#define KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// A conversion as it is answered.
struct ConversionView {
  domain::Conversion conversion;
  bool live = false;
  std::vector<std::string> reward_ids;
};
ConversionView ViewConversion(exec::Unit& unit, const Rules& rules,
                              const domain::Conversion& conversion);

// Wants the rewards of a conversion and what they count for, if they went to these two. An
// empty id is skipped.
void WantRewards(exec::Loader& loader, const Rules& rules,
                 const domain::Conversion& conversion, const std::string& advocate_id,
                 const std::string& referee_id);

// Makes `conversion` the live one of its referral, which has none: publishes it and grants
// what it earns.
void MakeLive(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
              absl::Time now);

// Grants the rewards of a live conversion that are due and not granted yet: all of them when
// it becomes live, those of the referee when the referee becomes known.
void GrantRewards(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  const domain::Conversion& conversion, absl::Time now);

// Takes the rewards of a reversed conversion back.
void RevokeRewards(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
                   absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SETTLEMENT_H_
