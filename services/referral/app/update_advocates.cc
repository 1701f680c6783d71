#include "services/referral/app/update_advocates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/codes.h"
#include "services/referral/app/facts.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/identity.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {
namespace {

using Update = UpdateAdvocates::Update;

absl::Status SetAttributes(const Update& update, domain::Attributes& attributes) {
  for (const std::string& name : update.removed_attributes) {
    if (update.attributes.count(name) > 0) {
      return MakeFieldError(errors::kInvalidField, "removed_attributes",
                            "must not name what is set");
    }
    attributes.erase(name);
  }
  for (const auto& [name, value] : update.attributes) attributes[name] = value;
  if (attributes.size() <= UpdateAdvocates::kMaxAttributes) return absl::OkStatus();
  return MakeFieldError(
      errors::kInvalidField, "attributes",
      absl::StrCat("must leave the advocate with at most ", UpdateAdvocates::kMaxAttributes));
}

// Puts hashes in the place of what is given.
void SetIdentity(const Update& update, const Rules& rules, absl::Time now,
                 domain::Advocate& advocate) {
  const auto* version = rules.InForce(now);
  const domain::Identity given = domain::HashIdentity(
      rules.key(),
      {update.email.value_or(""), update.phone.value_or(""), update.device_id.value_or(""),
       update.payment_fingerprint.value_or(""), update.ip_address.value_or("")},
      version == nullptr ? domain::FraudRules() : version->program.fraud,
      rules.CallingCode(now));
  if (update.email.has_value()) {
    advocate.email_hash = given.email_hash;
    advocate.identity.domain_hash = given.domain_hash;
  }
  if (update.phone.has_value()) advocate.identity.phone_hash = given.phone_hash;
  if (update.device_id.has_value()) advocate.identity.device_hash = given.device_hash;
  if (update.payment_fingerprint.has_value()) {
    advocate.identity.payment_hash = given.payment_hash;
  }
  if (update.ip_address.has_value()) advocate.identity.ip_hash = given.ip_hash;
}

}  // namespace

UpdateAdvocates::UpdateAdvocates(std::string program_id, std::vector<Update> updates,
                                 Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      updates_(std::move(updates)),
      encode_(std::move(encode)) {}

void UpdateAdvocates::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  for (const Update& update : updates_) {
    loader.Want<store::AdvocateTable>({program_id_, update.advocate_id});
  }
}

absl::StatusOr<std::string> UpdateAdvocates::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const Update& update : updates_) response.push_back(Apply(unit, rules, update, now));
  return encode_(response);
}

absl::StatusOr<domain::Advocate> UpdateAdvocates::Apply(exec::Unit& unit, const Rules& rules,
                                                        const Update& update,
                                                        absl::Time now) const {
  const auto* stored = unit.Find<store::AdvocateTable>({program_id_, update.advocate_id});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  KITH_RETURN_IF_ERROR(domain::CheckForm({.email = {},
                                          .phone = update.phone.value_or(""),
                                          .device_id = {},
                                          .payment_fingerprint = {},
                                          .ip_address = update.ip_address.value_or("")}));
  domain::Advocate advocate = *stored;
  KITH_RETURN_IF_ERROR(SetAttributes(update, advocate.attributes));
  if (update.kind.has_value()) advocate.kind = *update.kind;
  SetIdentity(update, rules, now, advocate);
  if (advocate == *stored) return WithLink(std::move(advocate), rules, now);
  unit.Put<store::AdvocateTable>(advocate);
  PublishAdvocateUpdated(unit, advocate, now);
  return WithLink(std::move(advocate), rules, now);
}

}  // namespace kith::referral::app
