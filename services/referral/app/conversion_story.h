// What a conversion paid, and why each rule paid nothing more.
#ifndef KITH_SERVICES_REFERRAL_APP_CONVERSION_STORY_H_
#define KITH_SERVICES_REFERRAL_APP_CONVERSION_STORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/rule_story.h"
#include "services/referral/app/settlement.h"

namespace kith::referral::app {

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
