#include "services/referral/app/opt_out.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/due.h"
#include "services/referral/app/leads.h"
#include "services/referral/domain/identity.h"
#include "services/referral/store/lead_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

// Wants the lead that names somebody so, and its follow-up.
template <class Index>
void WantLeads(exec::Loader& loader, const store::IdKey& key) {
  loader.WantAll<Index>(key);
  for (const domain::Referral* lead : loader.PeekAll<Index>(key)) {
    WantFollowUpDue(loader, key.first, lead->referral_id);
    WantDue(loader, key.first, DueKind::kFollowUp, lead->referral_id);
  }
}

}  // namespace

OptOut::OptOut(std::string program_id, Contact contact, bool out, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      contact_(std::move(contact)),
      out_(out),
      encode_(std::move(encode)) {}

std::vector<std::vector<std::string>> OptOut::Hashes(const Rules& rules,
                                                     absl::Time now) const {
  std::vector<std::vector<std::string>> contacts;
  if (rules.key().empty()) return contacts;
  std::string address = rules.HashEmail(contact_.email);
  if (!address.empty()) contacts.push_back({std::move(address)});
  auto number = domain::HashesOfPhone(rules.key(), contact_.phone, rules.CallingCode(now));
  if (!number.empty()) contacts.push_back(std::move(number));
  return contacts;
}

void OptOut::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const std::vector<std::string>& contact : Hashes(rules, loader.about_now())) {
    for (const std::string& hash : contact) {
      const store::IdKey key = {program_id_, hash};
      loader.Want<store::OptOutTable>(key);
      WantLeads<store::LeadsByEmail>(loader, key);
      WantLeads<store::LeadsByPhone>(loader, key);
    }
  }
}

absl::StatusOr<std::string> OptOut::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const std::vector<std::vector<std::string>> contacts = Hashes(rules, now);
  if (contacts.empty()) {
    return MakeFieldError(kith::errors::kInvalidField, "email",
                          "must be given, or else a phone of five digits or more");
  }
  const bool usable =
      !domain::HashPhone(rules.key(), contact_.phone, rules.CallingCode(now)).empty();
  if (!contact_.phone.empty() && !usable) {
    return MakeFieldError(kith::errors::kInvalidField, "phone",
                          "must be a phone number of five digits or more, or left out");
  }
  Response response;
  std::vector<std::string> changed;
  for (const std::vector<std::string>& contact : contacts) {
    bool was_out = false;
    for (const std::string& hash : contact) {
      const store::IdKey key = {program_id_, hash};
      const bool is_out = unit.Find<store::OptOutTable>(key) != nullptr;
      was_out = was_out || is_out;
      if (is_out == out_) continue;
      changed.push_back(hash);
      if (out_) {
        unit.Put<store::OptOutTable>({program_id_, hash, now});
      } else {
        unit.Erase<store::OptOutTable>(key);
      }
    }
    if (was_out != out_) ++response.changed;
  }
  TellLeads(unit, changed);
  return encode_(response);
}

void OptOut::TellLeads(exec::Unit& unit, const std::vector<std::string>& hashes) const {
  std::vector<domain::Referral> leads;
  for (const std::string& hash : hashes) {
    const store::IdKey key = {program_id_, hash};
    for (const auto* lead : unit.Select<store::LeadsByEmail>(key)) leads.push_back(*lead);
    for (const auto* lead : unit.Select<store::LeadsByPhone>(key)) leads.push_back(*lead);
  }
  for (const domain::Referral& lead : leads) FollowOptOut(unit, lead);
}

}  // namespace kith::referral::app
