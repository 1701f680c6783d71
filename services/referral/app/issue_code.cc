#include "services/referral/app/issue_code.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/codes.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {
namespace {

domain::Code NewCode(const IssueCode::Request& request, std::string text,
                     domain::CodeKind kind, absl::Time now) {
  domain::Code code;
  code.program_id = request.program_id;
  code.code = std::move(text);
  code.advocate_id = request.advocate_id;
  code.kind = kind;
  code.campaign = request.campaign;
  code.issued_time = now;
  return code;
}

}  // namespace

IssueCode::IssueCode(Request request, Encoder<Response> encode)
    : request_(std::move(request)),
      vanity_(domain::NormalizeCode(request_.vanity)),
      encode_(std::move(encode)) {}

void IssueCode::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  loader.Want<store::AdvocateTable>({request_.program_id, request_.advocate_id});
  loader.WantAll<store::CodesByAdvocate>({request_.program_id, request_.advocate_id});
  if (request_.campaign.empty()) {
    loader.Want<store::CodeTable>({request_.program_id, vanity_});
  } else {
    WantNextCode(loader, request_.program_id, request_.advocate_id,
                 domain::CampaignCodeOwner(request_.advocate_id, request_.campaign));
  }
}

absl::StatusOr<std::string> IssueCode::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  if (unit.Find<store::AdvocateTable>({request_.program_id, request_.advocate_id}) ==
      nullptr) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  KITH_ASSIGN_OR_RETURN(const domain::Code code, request_.campaign.empty()
                                                     ? IssueVanity(unit, now)
                                                     : IssueForCampaign(unit, rules, now));
  return encode_(WithLink(code, rules, now));
}

absl::StatusOr<domain::Code> IssueCode::IssueVanity(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(domain::CheckVanityCode(vanity_));
  const auto* stored = unit.Find<store::CodeTable>({request_.program_id, vanity_});
  if (stored != nullptr) {
    const bool own = stored->advocate_id == request_.advocate_id;
    if (own && !stored->retired_time.has_value()) return *stored;
    return MakeFieldError(
        domain::errors::kCodeTaken, "vanity",
        own ? "must not be a code that was retired" : "must be a code that nobody has");
  }
  KITH_RETURN_IF_ERROR(CheckMayHaveMore(unit, request_.program_id, request_.advocate_id));
  domain::Code code = NewCode(request_, vanity_, domain::CodeKind::kVanity, now);
  unit.Put<store::CodeTable>(code);
  return code;
}

absl::StatusOr<domain::Code> IssueCode::IssueForCampaign(exec::Unit& unit, const Rules& rules,
                                                         absl::Time now) const {
  if (domain::FindCampaign(rules.Newest()->program, request_.campaign) == nullptr) {
    return MakeFieldError(domain::errors::kCampaignNotFound, "campaign",
                          "must be a campaign of the program");
  }
  for (const domain::Code* code :
       unit.Select<store::CodesByAdvocate>({request_.program_id, request_.advocate_id})) {
    if (code->campaign == request_.campaign && !code->retired_time.has_value()) return *code;
  }
  KITH_RETURN_IF_ERROR(CheckMayHaveMore(unit, request_.program_id, request_.advocate_id));
  domain::Code code =
      NewCode(request_,
              NextCode(unit, request_.program_id, request_.advocate_id,
                       domain::CampaignCodeOwner(request_.advocate_id, request_.campaign)),
              domain::CodeKind::kCampaign, now);
  unit.Put<store::CodeTable>(code);
  return code;
}

}  // namespace kith::referral::app
