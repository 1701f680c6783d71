// Between the API's messages and the application's terms.
#ifndef KITH_SERVICES_RETENTION_RPC_CONVERT_H_
#define KITH_SERVICES_RETENTION_RPC_CONVERT_H_

#include <string>
#include <vector>

#include "kith/retention/v1/retention.pb.h"
#include "services/retention/app/apply_policy.h"
#include "services/retention/app/lookups.h"
#include "services/retention/app/record_events.h"
#include "services/retention/app/reports.h"

namespace kith::retention {

// Requests. They have passed the checks of their fields' rules.
Policy ToPolicy(const v1::RetentionPolicy& message);
std::vector<app::NewEvent> ToEvents(const v1::RecordEventsRequest& request);
app::Scope ToScope(const v1::GetSurvivalRequest& request);
app::Scope ToScope(const v1::GetChurnByMonthRequest& request);
// With the defaults, months 2 to 4.
MonthWindow ToWindow(const v1::GetChurnByMonthRequest& request);

// Responses.
std::string EncodePolicyResult(const app::PolicyResult& result);
std::string EncodeEventResults(const std::vector<app::EventResult>& results);
void Fill(const store::StoredPolicy& stored, v1::GetRetentionPolicyResponse& response);
void Fill(const store::CustomerWithRevenue& customer, v1::GetCustomerResponse& response);
void Fill(const app::SurvivalReport& report, v1::GetSurvivalResponse& response);
void Fill(const app::ChurnReport& report, v1::GetChurnByMonthResponse& response);
void Fill(const app::ProgramSummary& summary, v1::GetProgramSummaryResponse& response);

// Adds what one batch of a stream did.
void Fold(const v1::RecordEventsRequest& batch, const v1::RecordEventsResponse& results,
          v1::StreamEventsResponse& response);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_RPC_CONVERT_H_
