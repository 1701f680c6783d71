#include "services/referral/app/update_leads.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/leads.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

UpdateLeads::UpdateLeads(std::string program_id, std::vector<Update> updates,
                         Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      updates_(std::move(updates)),
      encode_(std::move(encode)) {}

void UpdateLeads::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const Update& item : updates_) {
    const store::IdKey key = {program_id_, item.referral_id};
    loader.Want<store::ReferralTable>(key);
    const auto* lead = loader.Peek<store::ReferralTable>(key);
    if (lead == nullptr) continue;
    WantLeadChange(loader, rules, *lead);
    // Only what qualifies a lead for the first time earns anything.
    if (lead->ever_qualified || !domain::IsQualified(item.update.state)) continue;
    WantGrants(loader, rules, *lead, lead->customer_id,
               item.update.time.value_or(loader.about_now()));
  }
}

absl::StatusOr<std::string> UpdateLeads::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const Update& item : updates_) response.push_back(Apply(unit, rules, item, now));
  return encode_(response);
}

absl::StatusOr<domain::Referral> UpdateLeads::Apply(exec::Unit& unit, const Rules& rules,
                                                    const Update& item, absl::Time now) const {
  const auto* lead = unit.Find<store::ReferralTable>({program_id_, item.referral_id});
  if (lead == nullptr) {
    return MakeFieldError(domain::errors::kUnknownReferral, "referral_id",
                          "must be an accepted lead");
  }
  KITH_ASSIGN_OR_RETURN(const std::optional<domain::LeadChange> change,
                        domain::JudgeUpdate(*lead, item.update, now));
  if (!change.has_value()) return *lead;
  return ChangeLead(unit, rules, *lead, *change, now);
}

}  // namespace kith::referral::app
