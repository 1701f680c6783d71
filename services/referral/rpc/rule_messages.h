// The parts of rules between messages and the domain.
#ifndef KITH_SERVICES_REFERRAL_RPC_RULE_MESSAGES_H_
#define KITH_SERVICES_REFERRAL_RPC_RULE_MESSAGES_H_

#include "kith/referral/v1/referral.pb.h"
#include "kith/referral/v1/rules.pb.h"
#include "services/referral/domain/program.h"

namespace kith::referral::rpc {

// What is unset gets its default.
domain::Condition ToCondition(const v1::Condition& message);
domain::Cap ToCap(const v1::Cap& message);
domain::RewardRule ToRule(const v1::RewardRule& message);
domain::FraudRules ToFraudRules(const v1::FraudRules& message);
domain::QualityRules ToQualityRules(const v1::QualityRules& message);

// The reverse. What is at its default is unset where the domain cannot tell.
void Set(v1::Condition& out, const domain::Condition& condition);
void Set(v1::Test& out, const domain::Test& test);
void Set(v1::Cap& out, const domain::Cap& cap);
void Set(v1::RewardRule& out, const domain::RewardRule& rule);
void Set(v1::FraudRules& out, const domain::FraudRules& rules);
// With the weight of every signal, stated or by default.
void SetEffective(v1::FraudRules& out, const domain::FraudRules& rules);
void Set(v1::QualityRules& out, const domain::QualityRules& rules);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_RULE_MESSAGES_H_
