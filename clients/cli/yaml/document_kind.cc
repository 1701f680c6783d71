#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/yaml/document.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {
namespace {

using google::protobuf::Message;

template <class Body>
std::unique_ptr<Message> Make() {
  return std::make_unique<Body>();
}

// Puts the document into the one message field of the request.
template <class Request>
void SetBody(Request& request, const Message& body) {
  const auto* field = Request::descriptor()->FindFieldByNumber(1);
  request.GetReflection()->MutableMessage(&request, field)->CopyFrom(body);
}

// What the answer warns of.
template <class Response>
std::vector<std::string> NotesOf(const Response&) {
  return {};
}
std::vector<std::string> NotesOf(const referral::v1::ApplyProgramResponse& response) {
  std::vector<std::string> notes;
  for (const std::string& warning : response.warnings()) {
    if (warning == "PLAN_WITHDRAWN") {
      notes.push_back(absl::StrCat(
          "PLAN_WITHDRAWN: what was planned for a time after that of version ",
          response.version(), " does not come into force; apply it again to plan it anew"));
      continue;
    }
    if (warning != "BACKDATED") {
      notes.push_back(warning);
      continue;
    }
    const auto text = [](const google::protobuf::Timestamp& time) {
      return absl::FormatTime("%Y-%m-%d %H:%M UTC", FromTimestamp(time), absl::UTCTimeZone());
    };
    notes.push_back(absl::StrCat(
        "BACKDATED: facts from ", text(response.backdated_from_time()), " until ",
        text(response.backdated_until_time()), " that are told from now on, and what falls ",
        "due of that time, are judged by version ", response.version(),
        "; what was judged stays, unless it is recalculated"));
  }
  return notes;
}

template <class Request, class Response, Target target>
absl::StatusOr<ApplyResult> Apply(Caller& caller, const Message& body,
                                  const std::string& request_id, bool dry_run) {
  Request request;
  SetBody(request, body);
  request.set_request_id(request_id);
  request.set_dry_run(dry_run);
  auto response = Ask<Response>(caller, target, request);
  if (!response.ok()) return response.status();
  ApplyResult result;
  result.version = response->version();
  result.changed = response->changed();
  result.differences.assign(response->differences().begin(), response->differences().end());
  result.notes = NotesOf(*response);
  return result;
}

}  // namespace

const std::vector<DocumentKind>& DocumentKinds() {
  static const auto& kinds = *new std::vector<DocumentKind>{
      {"Program", Target::kReferral, "program", "", Make<referral::v1::Program>,
       Apply<referral::v1::ApplyProgramRequest, referral::v1::ApplyProgramResponse,
             Target::kReferral>},
      {"ScoringPolicy", Target::kAdvocacy, "policy", "", Make<advocacy::v1::ScoringPolicy>,
       Apply<advocacy::v1::ApplyScoringPolicyRequest, advocacy::v1::ApplyScoringPolicyResponse,
             Target::kAdvocacy>},
      {"RetentionPolicy", Target::kRetention, "policy", "",
       Make<retention::v1::RetentionPolicy>,
       Apply<retention::v1::ApplyRetentionPolicyRequest,
             retention::v1::ApplyRetentionPolicyResponse, Target::kRetention>},
      {"Playbook", Target::kOutreach, "playbook", "playbook_id", Make<outreach::v1::Playbook>,
       Apply<outreach::v1::ApplyPlaybookRequest, outreach::v1::ApplyPlaybookResponse,
             Target::kOutreach>},
  };
  return kinds;
}

}  // namespace kith::cli
