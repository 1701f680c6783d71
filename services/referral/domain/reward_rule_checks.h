// What reward rules must fulfil beyond the limits of their fields.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_CHECKS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_CHECKS_H_

#include <string>
#include <vector>

#include "services/referral/domain/reward_rule.h"
#include "services/referral/domain/violations.h"

namespace kith::referral::domain {

// Whether a conversion earns it, so that an order is known.
bool IsOfConversion(Trigger trigger);

// `field` is the path of the list (`program.rewards`).
void CheckRewardRules(const std::vector<RewardRule>& rules, const std::string& field,
                      Violations& violations);
void CheckCaps(const std::vector<Cap>& caps, const std::string& field, Violations& violations);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_CHECKS_H_
