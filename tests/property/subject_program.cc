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

namespace {

// A page in words.
std::vector<std::string> LinesOf(const v1::RecalculateProgramResponse& page) {
  std::vector<std::string> lines;
  for (const auto& r : page.rewards()) {
    lines.push_back(absl::StrCat(
        r.reward_id(), " to ", r.recipient_id(), " ", r.old_amount().amount_minor(), " to ",
        r.new_amount().amount_minor(), " ", r.new_amount().currency(), " ",
        Word(v1::RecalculationOutcome_Name(r.outcome()), "RECALCULATION_OUTCOME_"), " ",
        r.supplement_id(), " ", r.superseded_by_version()));
  }
  return lines;
}

}  // namespace

Answer Subject::RecalculatePages(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RecalculateProgramRequest>(request_id);
  request.set_version(*step.amount);
  SetTime(step.time, request.mutable_from_time());
  SetTime(step.until, request.mutable_to_time());
  request.set_page_size(step.no ? 3 : 500);
  std::vector<std::string> lines;
  for (int page = 1; page == 1 || !request.page_token().empty(); ++page) {
    const Picture before = Look();
    request.set_request_id(absl::StrCat(request_id, "-preview-", page));
    request.set_dry_run(true);
    v1::RecalculateProgramResponse preview, done;
    const auto recalculate = &v1::ProgramService::Stub::RecalculateProgram;
    const std::string outcome = Call(*programs_, recalculate, request, preview);
    if (outcome != kOk) return {outcome, {}};
    if (Look() != before) return {"the preview changed something", {}};
    request.set_request_id(absl::StrCat(request_id, "-", page));
    request.set_dry_run(false);
    Call(*programs_, recalculate, request, done);
    if (LinesOf(preview) != LinesOf(done)) {
      return {absl::StrCat("preview ", absl::StrJoin(LinesOf(preview), "; "), " but ",
                           absl::StrJoin(LinesOf(done), "; ")),
              {}};
    }
    for (const std::string& line : LinesOf(done)) lines.push_back(line);
    request.set_page_token(done.next_page_token());
  }
  std::sort(lines.begin(), lines.end());
  return {absl::StrJoin(lines, "; "), {}};
}

Answer Subject::Recalculate(const Step& step, const std::string& request_id) {
  const Answer answer = RecalculatePages(step, request_id);
  const Picture once = Look();
  RecalculatePages(step, request_id + "-2");
  if (Look() != once) return {"twice is not the same as once", {}};
  return answer;
}

}  // namespace kith::property
