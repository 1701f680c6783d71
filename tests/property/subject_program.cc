// The rules of a program, its advocates and their codes.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/property/calls.h"
#include "tests/property/subject.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

Answer Subject::Apply(const Step& step, const std::string& request_id) {
  v1::ApplyProgramRequest request;
  request.set_request_id(request_id);
  *request.mutable_program() = *step.program;
  v1::ApplyProgramResponse response;
  return {Call(*referrals_, &v1::ReferralService::Stub::ApplyProgram, request, response), {}};
}

std::vector<Answer> Subject::Enroll(absl::Span<const Step> steps,
                                    const std::string& request_id) {
  auto request = NewRequest<v1::EnrollAdvocatesRequest>(request_id);
  for (const Step& step : steps) {
    auto* advocate = request.add_advocates();
    advocate->set_advocate_id(step.advocate);
    advocate->set_email(step.email);
    advocate->set_device_id(step.device);
    advocate->set_ip_address(step.ip);
  }
  v1::EnrollAdvocatesResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::EnrollAdvocates, request, response);
  for (const auto& result : response.results()) {
    names_[FirstCodeOf(result.advocate().advocate_id())] = result.advocate().code();
    advocates_[result.advocate().advocate_id()];
  }
  return AnswersOf(outcome, response, steps.size());
}

Answer Subject::IssueCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::IssueCodeRequest>(request_id);
  request.set_advocate_id(step.advocate);
  if (step.act == Act::kVanity) request.set_vanity(step.code);
  if (step.act == Act::kCampaignCode) request.set_campaign(step.campaign);
  v1::IssueCodeResponse response;
  Answer answer = {Call(*codes_, &v1::CodeService::Stub::IssueCode, request, response), {}};
  if (answer.text == kOk) names_[step.code] = response.code().code();
  return answer;
}

Answer Subject::RotateCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RotateCodeRequest>(request_id);
  request.set_advocate_id(step.advocate);
  v1::RotateCodeResponse response;
  Answer answer = {Call(*codes_, &v1::CodeService::Stub::RotateCode, request, response), {}};
  if (answer.text == kOk) names_[step.code] = response.code().code();
  return answer;
}

Answer Subject::RevokeCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RevokeCodeRequest>(request_id);
  request.set_code(CodeOf(step.code));
  v1::RevokeCodeResponse response;
  return {Call(*codes_, &v1::CodeService::Stub::RevokeCode, request, response), {}};
}

std::string Subject::RecalculateAll(const Step& step, const std::string& request_id,
                                    bool dry_run) {
  auto request = NewRequest<v1::RecalculateProgramRequest>(request_id);
  request.set_version(*step.amount);
  SetTime(step.time, request.mutable_from_time());
  SetTime(step.until, request.mutable_to_time());
  request.set_page_size(3);
  request.set_dry_run(dry_run);
  std::vector<std::string> lines;
  for (int page = 1; page == 1 || !request.page_token().empty(); ++page) {
    request.set_request_id(absl::StrCat(request_id, "-", page));
    v1::RecalculateProgramResponse response;
    const std::string outcome =
        Call(*programs_, &v1::ProgramService::Stub::RecalculateProgram, request, response);
    if (outcome != kOk) return outcome;
    for (const auto& r : response.rewards()) {
      lines.push_back(absl::StrCat(
          r.reward_id(), " to ", r.recipient_id(), " ", r.old_amount().amount_minor(), " to ",
          r.new_amount().amount_minor(), " ", r.new_amount().currency(), " ",
          Word(v1::RecalculationOutcome_Name(r.outcome()), "RECALCULATION_OUTCOME_"), " ",
          r.supplement_id(), " ", r.superseded_by_version()));
    }
    request.set_page_token(response.next_page_token());
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "; ");
}

Answer Subject::Recalculate(const Step& step, const std::string& request_id) {
  const Picture before = Look();
  const std::string preview = RecalculateAll(step, request_id + "-p", /*dry_run=*/true);
  if (Look() != before) return {"the preview changed something", {}};
  const std::string done = RecalculateAll(step, request_id, /*dry_run=*/false);
  const Picture once = Look();
  RecalculateAll(step, request_id + "-2", /*dry_run=*/false);
  if (Look() != once) return {"twice is not the same as once", {}};
  if (preview != done) return {absl::StrCat("preview ", preview, " but ", done), {}};
  return {done, {}};
}

}  // namespace kith::property
