#include "services/referral/app/override_attribution.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/override_tables.h"

namespace kith::referral::app {
namespace {

constexpr absl::string_view kOverride = "override";

void PublishAttributionOverridden(exec::Unit& unit,
                                  const domain::AttributionOverride& decision) {
  events::v1::Fact fact;
  auto& overridden = *fact.mutable_attribution_overridden();
  overridden.set_customer_id(decision.customer_id);
  overridden.set_decided_by(decision.decided_by);
  overridden.set_cause(decision.cause);
  overridden.set_old_advocate_id(decision.old_advocate_id);
  overridden.set_new_advocate_id(decision.advocate_id);
  feed::Emit(unit, decision.program_id, fact);
}

int64_t NextNumber(exec::Unit& unit, const store::IdKey& customer) {
  int64_t newest = 0;
  for (const auto* decision : unit.Select<store::NewestOverride>(customer)) {
    newest = std::max(newest, decision->number);
  }
  return newest + 1;
}

}  // namespace

OverrideAttribution::OverrideAttribution(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void OverrideAttribution::Prefetch(exec::Loader& loader) const {
  const store::IdKey key = {request_.program_id, request_.customer_id};
  Rules::Want(loader, request_.program_id);
  loader.Want<store::CustomerTable>(key);
  loader.WantAll<store::NewestOverride>(key);
  for (const auto* decision : loader.PeekAll<store::NewestOverride>(key)) {
    loader.Want<store::OverrideTable>(
        {request_.program_id, request_.customer_id, decision->number + 1});
  }
  loader.Want<store::OverrideTable>({request_.program_id, request_.customer_id, 1});
  if (!request_.advocate_id.empty()) {
    loader.Want<store::AdvocateTable>({request_.program_id, request_.advocate_id});
  }
  if (const auto* customer = loader.Peek<store::CustomerTable>(key)) {
    WantAttribution(loader, Rules::Peek(loader, request_.program_id), *customer,
                    request_.advocate_id);
  }
}

absl::StatusOr<std::string> OverrideAttribution::Decide(exec::Unit& unit,
                                                        absl::Time now) const {
  KITH_RETURN_IF_ERROR(domain::CheckPerson(request_.decided_by));
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  const store::IdKey key = {request_.program_id, request_.customer_id};
  const domain::Advocate* advocate = nullptr;
  if (!request_.advocate_id.empty()) {
    advocate = unit.Find<store::AdvocateTable>({request_.program_id, request_.advocate_id});
  }
  const auto* customer = unit.Find<store::CustomerTable>(key);
  KITH_RETURN_IF_ERROR(domain::CheckOverride(customer, request_.advocate_id, advocate));
  domain::AttributionOverride decision;
  decision.program_id = request_.program_id;
  decision.customer_id = request_.customer_id;
  decision.number = NextNumber(unit, key);
  decision.old_advocate_id = customer->judgement.advocate_id;
  decision.old_referral_id = customer->judgement.referral_id;
  decision.advocate_id = request_.advocate_id;
  decision.decided_by = request_.decided_by;
  decision.cause = request_.cause;
  decision.decided_time = now;
  PublishAttributionOverridden(unit, decision);
  AttributeByDecision(unit, rules, *customer, request_.advocate_id, request_.decided_by,
                      kOverride, now);
  Response response;
  if (const auto* judged = unit.Find<store::CustomerTable>(key)) response.customer = *judged;
  decision.referral_id = response.customer.judgement.referral_id;
  unit.Put<store::OverrideTable>(decision);
  response.decision = std::move(decision);
  return encode_(response);
}

}  // namespace kith::referral::app
