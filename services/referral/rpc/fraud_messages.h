// Honesty and quality as messages.
#ifndef KITH_SERVICES_REFERRAL_RPC_FRAUD_MESSAGES_H_
#define KITH_SERVICES_REFERRAL_RPC_FRAUD_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/repeated_field.h"
#include "kith/referral/v1/fraud.pb.h"
#include "services/referral/app/update_blocklist.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/domain/quality.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {

KITH_ENUM_TWINS(FraudCaseState);
KITH_ENUM_TWINS(IdentityKind);

std::vector<app::IdentityValue> ToIdentities(
    const google::protobuf::RepeatedPtrField<v1::IdentityValue>& messages);

void Set(google::protobuf::RepeatedPtrField<v1::SignalEvidence>& out,
         const std::vector<domain::SignalEvidence>& evidence);
// Without the age of an open case, which SetAge adds: it is not part of stored responses.
void Set(v1::FraudCase& out, const domain::FraudCase& fraud_case);
void SetAge(v1::FraudCase& out, const domain::FraudCase& fraud_case, absl::Time now);
void Set(v1::Suspension& out, const domain::Suspension& suspension);
void Set(v1::SuspendedAdvocate& out, const domain::Suspension& suspension);
void Set(v1::BlockedIdentity& out, const domain::BlockedIdentity& blocked);
void Set(v1::CampaignQuality& out, const domain::QualityTest& test);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_FRAUD_MESSAGES_H_
