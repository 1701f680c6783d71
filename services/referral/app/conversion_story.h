// What a conversion paid, and why each rule paid nothing more.
#ifndef KITH_SERVICES_REFERRAL_APP_CONVERSION_STORY_H_
#define KITH_SERVICES_REFERRAL_APP_CONVERSION_STORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/unpaid.h"

namespace kith::referral::app {

// What one rule says of it.
struct RuleStory {
  std::string rule_key;
  domain::RewardSide side = domain::RewardSide::kReferrer;
  std::vector<domain::Reward> rewards;   // that it made; one refused by a cap included
  domain::Unpaid unpaid;                 // see RuleOutcome
  std::vector<domain::CapOutcome> caps;  // of that
};

struct ConversionStory {
  ConversionView view;
  std::string advocate_id;      // who is credited; empty: nobody
  int64_t program_version = 0;  // that judged it; 0: none
  std::string reason;           // why no rule looks at it: see ExplainConversionResponse
  std::vector<RuleStory> rules;
};

// By the rows as they are now. CONVERSION_NOT_FOUND.
absl::StatusOr<ConversionStory> TellConversion(db::ReadTransaction& transaction,
                                               const std::string& program_id,
                                               const std::string& conversion_id,
                                               absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CONVERSION_STORY_H_
