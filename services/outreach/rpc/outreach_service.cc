#include "services/outreach/rpc/outreach_service.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "services/outreach/app/read_playbooks.h"
#include "services/outreach/rpc/converters.h"

namespace kith::outreach {
namespace {

using rpc::CallContext;
using rpc::Service;
using rpc::WriteCall;

absl::StatusOr<WriteCall> OnApplyPlaybook(const v1::ApplyPlaybookRequest& request) {
  return WriteCall{.program_id = request.playbook().program_id(),
                   // A dry run writes nothing, not even its answer.
                   .request_id = request.dry_run() ? std::string() : request.request_id(),
                   .command = std::make_unique<ApplyPlaybook>(
                       FromProto(request.playbook()), request.dry_run(), EncodeApplied)};
}

absl::StatusOr<WriteCall> OnUpsertContacts(const v1::UpsertContactsRequest& request) {
  return WriteCall{.program_id = request.program_id(),
                   .request_id = request.request_id(),
                   .weight = request.contacts_size(),
                   .command = std::make_unique<UpsertContacts>(
                       request.program_id(), FromProto(request), EncodeUpserted)};
}

absl::StatusOr<WriteCall> OnClaimDue(const v1::ClaimDueRequest& request, const Clock& clock) {
  return WriteCall{
      .program_id = request.program_id(),
      .request_id = request.request_id(),
      .weight = std::max(1, request.max_messages()),
      .command = std::make_unique<ClaimDue>(FromProto(request, clock.Now()), EncodeClaimed)};
}

absl::StatusOr<WriteCall> OnAckMessage(const v1::AckMessageRequest& request) {
  return WriteCall{
      .program_id = request.program_id(),
      .request_id = request.request_id(),
      .command = std::make_unique<AckMessage>(request.program_id(), request.message_id(),
                                              request.lease_token(), EncodeAcked)};
}

absl::StatusOr<WriteCall> OnNackMessage(const v1::NackMessageRequest& request) {
  Refusal refusal{request.lease_token(), request.cause(), request.permanent()};
  return WriteCall{
      .program_id = request.program_id(),
      .request_id = request.request_id(),
      .command = std::make_unique<NackMessage>(request.program_id(), request.message_id(),
                                               std::move(refusal), EncodeNacked)};
}

// The reads of the service.
struct Reads {
  db::Database& database;

  absl::Status Get(const v1::GetPlaybookRequest& request, const CallContext& context,
                   v1::GetPlaybookResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const PlaybookVersion version,
                          GetPlaybook(database, request.program_id(), request.playbook_id(),
                                      request.version(), context.deadline));
    ToProto(version, out);
    return absl::OkStatus();
  }
  absl::Status List(const v1::ListPlaybooksRequest& request, const CallContext& context,
                    v1::ListPlaybooksResponse& out) const {
    KITH_ASSIGN_OR_RETURN(PlaybookPage page,
                          ListPlaybooks(database, request.program_id(), request.page_size(),
                                        request.page_token(), context.deadline));
    for (const PlaybookVersion& version : page.playbooks) {
      ToProto(version, *out.add_playbooks());
    }
    out.set_next_page_token(std::move(page.next_page_token));
    return absl::OkStatus();
  }
  absl::Status Explain(const v1::ExplainContactRequest& request, const CallContext& context,
                       v1::ExplainContactResponse& out) const {
    KITH_ASSIGN_OR_RETURN(
        const ContactExplanation explanation,
        ExplainContact(database, FromProto(request), context.now, context.deadline));
    ToProto(explanation, out);
    return absl::OkStatus();
  }
  absl::Status Summarize(const v1::GetOutreachSummaryRequest& request,
                         const CallContext& context,
                         v1::GetOutreachSummaryResponse& out) const {
    const absl::Time at = request.has_at_time() ? FromProto(request.at_time()) : context.now;
    KITH_ASSIGN_OR_RETURN(const Summary summary,
                          GetSummary(database, request.program_id(), at, context.deadline));
    ToProto(summary, out);
    return absl::OkStatus();
  }
};

// Binds a read to a method of Reads.
template <class Request, class Response>
void BindRead(Service& service, absl::string_view name, const Reads& reads,
              absl::Status (Reads::*method)(const Request&, const CallContext&, Response&)
                  const) {
  service.Read<Request, Response>(
      name, [reads, method](const Request& request, const CallContext& context,
                            Response& out) { return (reads.*method)(request, context, out); });
}

}  // namespace

std::unique_ptr<Service> MakeOutreachService(db::Database& database, const Clock& clock,
                                             rpc::Runtime* runtime) {
  const auto* descriptor =
      v1::Playbook::descriptor()->file()->FindServiceByName("OutreachService");
  auto service = std::make_unique<Service>(descriptor, runtime);
  service->Write<v1::ApplyPlaybookRequest>("ApplyPlaybook", OnApplyPlaybook);
  service->Write<v1::UpsertContactsRequest>("UpsertContacts", OnUpsertContacts);
  service->Write<v1::ClaimDueRequest>(
      "ClaimDue",
      [&clock](const v1::ClaimDueRequest& request) { return OnClaimDue(request, clock); });
  service->Write<v1::AckMessageRequest>("AckMessage", OnAckMessage);
  service->Write<v1::NackMessageRequest>("NackMessage", OnNackMessage);
  const Reads reads{database};
  BindRead(*service, "GetPlaybook", reads, &Reads::Get);
  BindRead(*service, "ListPlaybooks", reads, &Reads::List);
  BindRead(*service, "ExplainContact", reads, &Reads::Explain);
  BindRead(*service, "GetOutreachSummary", reads, &Reads::Summarize);
  return service;
}

}  // namespace kith::outreach
