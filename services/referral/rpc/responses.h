// What the application answers, as messages.
#ifndef KITH_SERVICES_REFERRAL_RPC_RESPONSES_H_
#define KITH_SERVICES_REFERRAL_RPC_RESPONSES_H_

#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"
#include "services/referral/app/apply_program.h"
#include "services/referral/app/reader.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/model.h"

namespace kith::referral::rpc {

// Things.
void Set(v1::Advocate& out, const domain::Advocate& advocate);
void Set(v1::Referral& out, const domain::Referral& referral);
void Set(v1::Attribution& out, const domain::Customer& customer);
void Set(v1::Conversion& out, const app::ConversionView& view);

// Whole responses.
void Set(v1::ApplyProgramResponse& out, const app::ApplyProgram::Response& response);
void Set(v1::ListProgramsResponse& out, const app::Page<domain::ProgramVersion>& page);
void Set(v1::ListReferralsResponse& out, const app::Page<domain::Referral>& page);
void Set(v1::ListRewardsResponse& out, const app::RewardPage& rewards, absl::Time now);
void Set(v1::GetReferralSummaryResponse& out, const app::Summary& summary);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_RESPONSES_H_
