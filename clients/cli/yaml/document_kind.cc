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
