// Programs and campaigns between messages and the domain.
#ifndef KITH_SERVICES_REFERRAL_RPC_PROGRAM_MESSAGES_H_
#define KITH_SERVICES_REFERRAL_RPC_PROGRAM_MESSAGES_H_

#include "kith/referral/v1/program.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/app/recalculate_program.h"
#include "services/referral/domain/program.h"

namespace kith::referral::rpc {

// The rules. Their effective time is not part of them.
domain::Program ToProgram(const v1::Program& message);
domain::Campaign ToCampaign(const v1::Campaign& message);

// The reverse.
void Set(v1::Program& out, const domain::Program& program);
void Set(v1::Campaign& out, const domain::Campaign& campaign);
void Set(v1::GetProgramResponse& out, const domain::ProgramVersion& version);

// Programs over time.
void Set(v1::ListProgramVersionsResponse& out, const app::VersionPage& versions);
void Set(v1::DiffProgramVersionsResponse& out, const app::VersionDifferences& differences);
void Set(v1::RecalculateProgramResponse& out, const app::RecalculateProgram::Response& result);
void Set(v1::CampaignStatus& out, const app::CampaignStatus& status);
void Set(v1::CampaignPause& out, const app::PausedCampaign& pause);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_PROGRAM_MESSAGES_H_
