#include "clients/cli/commands/report_data.h"

#include <type_traits>
#include <utility>

#include "clients/cli/commands/in_force.h"
#include "clients/cli/output/shapes.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/unseen.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/fraud.pb.h"

namespace kith::cli {
namespace {

template <class Request>
Request ForProgram(const std::string& program_id) {
  Request request;
  request.set_program_id(program_id);
  return request;
}

absl::StatusOr<int64_t> CountCases(Caller& caller, const std::string& program,
                                   referral::v1::FraudCaseState state) {
  auto request = ForProgram<referral::v1::ListCasesRequest>(program);
  request.set_state(state);
  request.set_page_size(kMostCases);
  KITH_ASSIGN_OR_RETURN(const auto cases, Ask<referral::v1::ListCasesResponse>(
                                              caller, Target::kReferral, request));
  return cases.cases_size();
}

absl::StatusOr<ReferralPart> ReadReferral(Env& env, const std::string& program) {
  using namespace referral::v1;  // NOLINT(build/namespaces): of this function only
  Caller& caller = env.caller;
  ReferralPart part;
  KITH_ASSIGN_OR_RETURN(InForce in_force, ReadInForce(env, program));
  part.program = std::move(in_force.stored);
  part.plan = std::move(in_force.plan);
  KITH_ASSIGN_OR_RETURN(part.summary, Ask<GetReferralSummaryResponse>(
                                          caller, Target::kReferral,
                                          ForProgram<GetReferralSummaryRequest>(program)));
  auto rewards = ForProgram<ListRewardsRequest>(program);
  rewards.set_page_size(1);
  KITH_ASSIGN_OR_RETURN(part.rewards,
                        Ask<ListRewardsResponse>(caller, Target::kReferral, rewards));
  KITH_ASSIGN_OR_RETURN(part.open_cases, CountCases(caller, program, FRAUD_CASE_STATE_OPEN));
  KITH_ASSIGN_OR_RETURN(part.rejected_cases,
                        CountCases(caller, program, FRAUD_CASE_STATE_REJECTED));
  return part;
}

absl::StatusOr<AdvocacyPart> ReadAdvocacy(Caller& caller, const std::string& program) {
  using namespace advocacy::v1;  // NOLINT(build/namespaces): of this function only
  AdvocacyPart part;
  KITH_ASSIGN_OR_RETURN(part.concentration, Ask<GetConcentrationResponse>(
                                                caller, Target::kAdvocacy,
                                                ForProgram<GetConcentrationRequest>(program)));
  KITH_ASSIGN_OR_RETURN(part.segments,
                        Ask<GetSegmentsResponse>(caller, Target::kAdvocacy,
                                                 ForProgram<GetSegmentsRequest>(program)));
  return part;
}

absl::StatusOr<RetentionPart> ReadRetention(Caller& caller, const std::string& program,
                                            absl::Time as_of) {
  using namespace retention::v1;  // NOLINT(build/namespaces): of this function only
  RetentionPart part;
  auto summary = ForProgram<GetProgramSummaryRequest>(program);
  summary.set_revenue_by_channel(true);
  KITH_ASSIGN_OR_RETURN(part.summary,
                        Ask<GetProgramSummaryResponse>(caller, Target::kRetention, summary));
  auto survival = ForProgram<GetSurvivalRequest>(program);
  survival.set_split_by(DIMENSION_CHANNEL);
  *survival.mutable_as_of_time() = ToTimestamp(as_of);
  KITH_ASSIGN_OR_RETURN(part.survival,
                        Ask<GetSurvivalResponse>(caller, Target::kRetention, survival));
  auto churn = ForProgram<GetChurnByMonthRequest>(program);
  churn.set_split_by(DIMENSION_CHANNEL);
  churn.set_from_month(Months().from);
  churn.set_to_month(Months().to);
  *churn.mutable_as_of_time() = ToTimestamp(as_of);
  KITH_ASSIGN_OR_RETURN(part.churn,
                        Ask<GetChurnByMonthResponse>(caller, Target::kRetention, churn));
  return part;
}

absl::StatusOr<outreach::v1::GetOutreachSummaryResponse> ReadOutreach(
    Caller& caller, const std::string& program, absl::Time as_of) {
  auto request = ForProgram<outreach::v1::GetOutreachSummaryRequest>(program);
  *request.mutable_at_time() = ToTimestamp(as_of);
  return Ask<outreach::v1::GetOutreachSummaryResponse>(caller, Target::kOutreach, request);
}

Json AdvocacyJson(const advocacy::v1::GetSegmentsResponse& segments) {
  Json tiers = Json::array();
  for (const auto& tier : segments.tiers()) tiers.push_back(MessageToJson(tier));
  return {{"points", segments.points()},
          {"activities", segments.activities()},
          {"goodness_of_variance_fit", segments.goodness_of_variance_fit()},
          {"tiers", std::move(tiers)}};
}

void AddReferral(const ReportData& data, Json& json) {
  json["display_name"] = nullptr;
  json["program_version"] = nullptr;
  json["as_of_time"] = FormatTimeText(data.as_of);
  json["referral"] = nullptr;
  json["rewards"] = nullptr;
  if (!data.referral.ok()) return;
  json["display_name"] = data.referral->program.program().display_name();
  json["program_version"] = data.referral->program.version();
  json["referral"] = MessageToJson(data.referral->summary);
  json["rewards"] = Json{{"totals", RewardTotalsJson(data.referral->rewards.totals())}};
}

}  // namespace

absl::Status ReportData::status() const {
  KITH_RETURN_IF_ERROR(referral.status());
  KITH_RETURN_IF_ERROR(advocacy.status());
  KITH_RETURN_IF_ERROR(retention.status());
  return outreach.status();
}

ReportData ReadReport(Env& env, const std::string& program_id, absl::Time as_of) {
  ReportData data{program_id,
                  as_of,
                  ReadReferral(env, program_id),
                  ReadAdvocacy(env.caller, program_id),
                  ReadRetention(env.caller, program_id, as_of),
                  ReadOutreach(env.caller, program_id, as_of),
                  {}};
  if (!data.referral.ok()) return data;
  const auto forgive = [&data](Target target, auto& part) {
    if (!IsProgramNotFound(part.status())) return;
    part = typename std::decay_t<decltype(part)>::value_type();
    data.unseen.insert(target);
  };
  forgive(Target::kAdvocacy, data.advocacy);
  forgive(Target::kRetention, data.retention);
  forgive(Target::kOutreach, data.outreach);
  return data;
}

Json ReportJson(const ReportData& data) {
  Json json = {{"program_id", data.program_id}};
  AddReferral(data, json);
  const bool advocacy = data.advocacy.ok();
  const bool retention = data.retention.ok();
  json["concentration"] =
      advocacy ? ConcentrationJson(data.advocacy->concentration, data.advocacy->segments)
               : Json(nullptr);
  json["advocacy"] = advocacy ? AdvocacyJson(data.advocacy->segments) : Json(nullptr);
  json["retention"] = retention ? MessageToJson(data.retention->summary) : Json(nullptr);
  json["survival"] = retention ? SurvivalJson(data.retention->survival) : Json(nullptr);
  json["churn"] = retention ? ChurnJson(data.retention->churn) : Json(nullptr);
  json["outreach"] = data.outreach.ok() ? MessageToJson(*data.outreach) : Json(nullptr);
  return json;
}

}  // namespace kith::cli
