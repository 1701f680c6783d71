// Rewards that are handed out, and what they are taken from.
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/property/calls.h"
#include "tests/property/generator.h"
#include "tests/property/subject.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

Answer Subject::Fulfil(const Step& step, const std::string& request_id) {
  auto claim = NewRequest<v1::ClaimRewardsRequest>(request_id);
  claim.set_provider("bank");
  claim.set_max_rewards(static_cast<int32_t>(*step.amount));
  claim.mutable_lease_duration()->set_seconds(absl::ToInt64Seconds(kLease));
  v1::ClaimRewardsResponse claimed;
  Answer answer = {
      Call(*fulfilment_, &v1::FulfilmentService::Stub::ClaimRewards, claim, claimed), {}};
  if (answer.text != kOk || claimed.rewards().empty()) return answer;
  std::map<std::string, std::string> before = std::exchange(leases_, {});
  for (const auto& reward : claimed.rewards()) {
    leases_[reward.reward().reward_id()] = reward.lease_token();
    answer.paid.push_back(reward.reward().reward_id());
  }
  if (step.outcome != Outcome::kNoReport) {
    const Answer report = Report(step.outcome, request_id + "-report");
    if (absl::StrContains(report.text, "_")) answer.text = report.text;  // a refusal
  }
  leases_.merge(before);
  return answer;
}

Answer Subject::Report(Outcome outcome, const std::string& request_id) {
  if (leases_.empty()) return {"", {}};
  auto request = NewRequest<v1::ReportFulfilmentsRequest>(request_id);
  for (const auto& [reward, token] : leases_) {
    auto* report = request.add_reports();
    report->set_reward_id(reward);
    report->set_lease_token(token);
    if (outcome == Outcome::kSuccess) {
      report->mutable_succeeded();
    } else {
      report->mutable_failed()->set_reason("closed");
      report->mutable_failed()->set_retryable(outcome == Outcome::kFailure);
    }
  }
  v1::ReportFulfilmentsResponse response;
  const std::string whole =
      Call(*fulfilment_, &v1::FulfilmentService::Stub::ReportFulfilments, request, response);
  const auto answers = AnswersOf(whole, response, leases_.size());
  std::vector<std::string> words;
  for (int i = 0; i < request.reports_size(); ++i) {
    words.push_back(absl::StrCat(request.reports(i).reward_id(), " ",
                                 answers[static_cast<size_t>(i)].text));
  }
  leases_.clear();
  return {absl::StrJoin(words, "; "), {}};
}

Answer Subject::Retry(const Step& step, const std::string& request_id) {
  v1::ListFulfilmentsRequest list;
  list.set_program_id(program_id_);
  list.set_state(v1::FULFILMENT_STATE_FAILED);
  list.set_page_size(1000);
  v1::ListFulfilmentsResponse failed;
  Call(*fulfilment_, &v1::FulfilmentService::Stub::ListFulfilments, list, failed);
  if (failed.fulfilments().empty()) return {kOk, {}};
  const int64_t which = *step.amount % failed.fulfilments_size();
  auto request = NewRequest<v1::RetryFulfilmentRequest>(request_id);
  request.set_reward_id(failed.fulfilments(static_cast<int>(which)).reward_id());
  v1::RetryFulfilmentResponse response;
  const std::string outcome =
      Call(*fulfilment_, &v1::FulfilmentService::Stub::RetryFulfilment, request, response);
  return {absl::StrCat(request.reward_id(), " ", outcome), {}};
}

Answer Subject::SetStock(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::SetStockRequest>(request_id);
  request.set_item(step.id);
  request.set_on_hand(*step.amount);
  v1::SetStockResponse response;
  return {Call(*fulfilment_, &v1::FulfilmentService::Stub::SetStock, request, response), {}};
}

}  // namespace kith::property
