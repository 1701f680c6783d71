#include "services/referral/rpc/code_service.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/attribution.pb.h"
#include "services/referral/app/issue_code.h"
#include "services/referral/app/revoke_code.h"
#include "services/referral/app/rotate_code.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/enums.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {

KITH_ENUM_TWINS(CodeKind);

namespace {

void SetCode(v1::Code& out, const domain::Code& code) {
  out.set_code(code.code);
  out.set_advocate_id(code.advocate_id);
  out.set_kind(ToProto(code.kind));
  out.set_campaign(code.campaign);
  if (code.issued_time != absl::UnixEpoch()) {
    Set(*out.mutable_issued_time(), code.issued_time);
  }
  if (code.retired_time.has_value()) Set(*out.mutable_retired_time(), *code.retired_time);
  if (code.honoured_until.has_value()) {
    Set(*out.mutable_honoured_until(), *code.honoured_until);
  }
  out.set_revoked_by(code.revoked_by);
  out.set_link(code.link);
}

absl::StatusOr<WriteCall> ToCall(const v1::IssueCodeRequest& request) {
  if (request.vanity().empty() == request.campaign().empty()) {
    return MakeFieldError(kith::errors::kInvalidField, "vanity",
                          "set exactly one of vanity and campaign");
  }
  app::IssueCode::Request command{.program_id = request.program_id(),
                                  .advocate_id = request.advocate_id(),
                                  .vanity = request.vanity(),
                                  .campaign = request.campaign()};
  return MakeCall(request, 1,
                  std::make_unique<app::IssueCode>(
                      std::move(command), EncodeResult<v1::IssueCodeResponse, domain::Code>(
                                              [](auto& response, const auto& code) {
                                                SetCode(*response.mutable_code(), code);
                                              })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RotateCodeRequest& request) {
  return MakeCall(request, 1,
                  std::make_unique<app::RotateCode>(
                      request.program_id(), request.advocate_id(),
                      EncodeResult<v1::RotateCodeResponse, app::RotateCode::Response>(
                          [](auto& response, const auto& result) {
                            SetCode(*response.mutable_code(), result.code);
                            SetCode(*response.mutable_retired(), result.retired);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RevokeCodeRequest& request) {
  return MakeCall(request, 1,
                  std::make_unique<app::RevokeCode>(
                      request.program_id(), request.code(), request.requested_by(),
                      EncodeResult<v1::RevokeCodeResponse, domain::Code>(
                          [](auto& response, const auto& code) {
                            SetCode(*response.mutable_code(), code);
                          })));
}

void BindWrites(Service& service) {
  service.Write<v1::IssueCodeRequest>("IssueCode",
                                      [](const auto& request) { return ToCall(request); });
  service.Write<v1::RotateCodeRequest>("RotateCode",
                                       [](const auto& request) { return ToCall(request); });
  service.Write<v1::RevokeCodeRequest>("RevokeCode",
                                       [](const auto& request) { return ToCall(request); });
}

void BindReads(Service& service, const app::AttributionReader& reader) {
  service.Read<v1::ResolveCodeRequest, v1::ResolveCodeResponse>(
      "ResolveCode",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto resolved,
                              reader.ResolveCode(request.program_id(), request.code(),
                                                 context.now, context.deadline));
        SetCode(*response.mutable_code(), resolved.code);
        response.set_honoured(resolved.refusal.empty());
        response.set_reason(resolved.refusal);
        return absl::OkStatus();
      });
  service.Read<v1::ListCodesRequest, v1::ListCodesResponse>(
      "ListCodes", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page, reader.ListCodes(request.program_id(), request.advocate_id(),
                                              ToPage(request), context.now, context.deadline));
        for (const domain::Code& code : page.rows) SetCode(*response.add_codes(), code);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeCodeService(const app::AttributionReader& reader,
                                         kith::rpc::Runtime* runtime) {
  const auto* file = v1::Code::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("CodeService"), runtime);
  BindWrites(*service);
  BindReads(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
