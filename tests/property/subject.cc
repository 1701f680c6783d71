#include "tests/property/subject.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/property/calls.h"
#include "tests/property/generator.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

namespace {

// Whether a request can be sent again under another id, because its items have ids.
bool HasItemIds(Act act) {
  return act == Act::kTouch || act == Act::kLead || act == Act::kSignup ||
         act == Act::kConvert;
}

}  // namespace

Subject::Subject(std::string store_url, std::string program_id, Misses& misses)
    : misses_(misses),
      store_url_(std::move(store_url)),
      program_id_(std::move(program_id)),
      clock_(kBeginning) {
  Start();
}

Subject::~Subject() = default;

void Subject::Start() {
  service_ = std::make_unique<Service>(store_url_, clock_, misses_);
  programs_ = v1::ProgramService::NewStub(service_->channel());
  referrals_ = v1::ReferralService::NewStub(service_->channel());
  codes_ = v1::CodeService::NewStub(service_->channel());
  attribution_ = v1::AttributionService::NewStub(service_->channel());
  leads_ = v1::LeadService::NewStub(service_->channel());
  fraud_ = v1::FraudService::NewStub(service_->channel());
  fulfilment_ = v1::FulfilmentService::NewStub(service_->channel());
}

std::vector<Answer> Subject::Take(absl::Span<const Step> steps) {
  const std::string id = absl::StrCat("request-", ++requests_);
  misses_.SetCommand(NameOf(steps[0].act));
  std::vector<Answer> answers = Dispatch(steps, id);
  const bool again =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.again; });
  if (again) {
    const bool anew = HasItemIds(steps[0].act) && requests_ % 2 == 0;
    const auto second = Dispatch(steps, anew ? id + "-again" : id);
    for (size_t i = 0; i < answers.size(); ++i) {
      // What is refused again may be refused for what the rest of the request did.
      const bool same = (second[i].text == kOk) == (answers[i].text == kOk);
      if (same && second[i].paid == answers[i].paid) continue;
      answers[i].text = absl::StrCat(answers[i].text, ", then ", second[i].text);
    }
  }
  misses_.SetCommand("due");
  // What is done may leave something that is due already.
  for (int i = 0; i < 2; ++i) service_->DoDueWork();
  return answers;
}

std::vector<Answer> Subject::Dispatch(absl::Span<const Step> steps,
                                      const std::string& request_id) {
  switch (steps[0].act) {
    case Act::kEnroll:
      return Enroll(steps, request_id);
    case Act::kTouch:
      return Touch(steps, request_id);
    case Act::kLead:
      return Submit(steps, request_id);
    case Act::kSignup:
      return SignUp(steps, request_id);
    case Act::kConvert:
      return Convert(steps, request_id);
    default:
      return {DispatchOne(steps[0], request_id)};
  }
}

Answer Subject::DispatchOne(const Step& step, const std::string& request_id) {
  switch (step.act) {
    case Act::kApply:
      return Apply(step, request_id);
    case Act::kVanity:
    case Act::kCampaignCode:
      return IssueCode(step, request_id);
    case Act::kRotate:
      return RotateCode(step, request_id);
    case Act::kRevoke:
      return RevokeCode(step, request_id);
    case Act::kQualify:
      return Qualify(step, request_id);
    case Act::kOverride:
      return Override(step, request_id);
    case Act::kReverse:
      return Reverse(step, request_id);
    case Act::kSuspend:
      return Suspend(step, request_id);
    case Act::kReinstate:
      return Reinstate(step, request_id);
    case Act::kAha:
    case Act::kChurn:
    case Act::kReactivate:
      return Learn(step);
    case Act::kResolve:
      return Resolve(step, request_id);
    case Act::kBlock:
      return Block(step, request_id);
    case Act::kUnblock:
      return Unblock(step, request_id);
    case Act::kRecalculate:
      return Recalculate(step, request_id);
    case Act::kFulfil:
      return Fulfil(step, request_id);
    case Act::kReport:
      return Report(step.outcome, request_id);
    case Act::kRetry:
      return Retry(step, request_id);
    case Act::kStock:
      return SetStock(step, request_id);
    case Act::kAdvance:
      clock_.Set(step.time);
      return {kOk, {}};
    case Act::kCrash:
      service_.reset();
      Start();
      return {kOk, {}};
    default:
      return {"no such act", {}};
  }
}

std::string Subject::CodeOf(const std::string& name) const {
  const auto found = names_.find(name);
  if (found != names_.end()) return found->second;
  // Codes of people's own choice are their names; others are not known to anybody yet.
  return absl::StartsWith(name, "FRIEND") || name.empty() ? name : "NOBODYS1";
}

}  // namespace kith::property
