// Between the messages of the API and the application's terms. Messages have passed the
// generic checks of common/rpc.
#ifndef KITH_SERVICES_ADVOCACY_RPC_CONVERTERS_H_
#define KITH_SERVICES_ADVOCACY_RPC_CONVERTERS_H_

#include <string>
#include <vector>

#include "kith/advocacy/v1/advocacy.pb.h"
#include "services/advocacy/app/advocates.h"
#include "services/advocacy/app/apply_scoring_policy.h"
#include "services/advocacy/app/record_activities.h"
#include "services/advocacy/app/segments.h"
#include "services/advocacy/domain/policy.h"
#include "services/advocacy/domain/scoring.h"

namespace kith::advocacy::rpc {

domain::PolicyDraft FromProto(const v1::ScoringPolicy& policy);
std::vector<domain::NewActivity> FromProto(const v1::RecordActivitiesRequest& request);
app::ListAdvocatesQuery FromProto(const v1::ListAdvocatesRequest& request);

void ToProto(const domain::PolicyVersion& version, const std::string& program_id,
             v1::GetScoringPolicyResponse& out);
void ToProto(const app::AdvocateView& view, v1::Advocate& out);
void ToProto(const app::AdvocatePage& page, v1::ListAdvocatesResponse& out);
void ToProto(const app::SegmentsReport& report, v1::GetSegmentsResponse& out);
void ToProto(const app::ConcentrationReport& report, v1::GetConcentrationResponse& out);

// Serialized responses of the commands.
std::string EncodeApplied(const app::ApplyPolicyResult& result);
std::string EncodeRecorded(const app::RecordActivitiesResult& results);
std::string EncodeReversed(const domain::Activity& activity);

}  // namespace kith::advocacy::rpc

#endif  // KITH_SERVICES_ADVOCACY_RPC_CONVERTERS_H_
