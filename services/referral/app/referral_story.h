// What a referral paid, and why each rule paid nothing more: of its lead, its signup and what
// came of it. What conversions pay, conversion_story.h tells.
#ifndef KITH_SERVICES_REFERRAL_APP_REFERRAL_STORY_H_
#define KITH_SERVICES_REFERRAL_APP_REFERRAL_STORY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/rule_story.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

struct ReferralStory {
  domain::Referral referral;
  std::vector<RuleStory> rules;
};

// By the rows as they are now. REFERRAL_NOT_FOUND.
absl::StatusOr<ReferralStory> TellReferral(db::ReadTransaction& transaction,
                                           const std::string& program_id,
                                           const std::string& referral_id, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REFERRAL_STORY_H_
