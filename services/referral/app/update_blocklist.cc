#include "services/referral/app/update_blocklist.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/conduct_tables.h"

namespace kith::referral::app {
namespace {

using store::BlockedIdentityTable;

bool IsHex(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return text.size() % 2 == 0;
}

// Whether a value can be one of its kind; what may be taken from the list need not be.
bool HasForm(const IdentityValue& identity) {
  switch (identity.kind) {
    case domain::IdentityKind::kPhone:
      return domain::IsPhone(identity.value);
    case domain::IdentityKind::kIp:
      return domain::IsIp(identity.value);
    default:
      return true;
  }
}

// The hash as it is kept; empty for a value that identifies nobody.
std::string KeptHash(const IdentityValue& identity, const Rules& rules, absl::Time now) {
  if (!identity.hash.empty()) {
    return IsHex(identity.hash) ? absl::HexStringToBytes(identity.hash) : std::string();
  }
  const bool email = identity.kind == domain::IdentityKind::kEmail;
  if (email && !absl::StrContains(identity.value, "@")) return "";
  return domain::ShortHash(
      domain::KeyedHash(rules.key(), identity.kind, identity.value, rules.CallingCode(now)));
}

BlockedIdentityTable::Key KeyOf(const std::string& program_id, const IdentityValue& identity,
                                const Rules& rules, absl::Time now) {
  return {program_id, std::string(domain::Name(identity.kind)),
          KeptHash(identity, rules, now)};
}

void WantIdentities(exec::Loader& loader, const std::string& program_id,
                    const std::vector<IdentityValue>& identities) {
  Rules::Want(loader, program_id);
  const Rules rules = Rules::Peek(loader, program_id);
  if (rules.key().empty()) return;
  for (const IdentityValue& identity : identities) {
    loader.Want<BlockedIdentityTable>(KeyOf(program_id, identity, rules, loader.about_now()));
  }
}

}  // namespace

AddToBlocklist::AddToBlocklist(std::string program_id, std::vector<IdentityValue> identities,
                               ConductDecision decision, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      identities_(std::move(identities)),
      decision_(std::move(decision)),
      encode_(std::move(encode)) {}

void AddToBlocklist::Prefetch(exec::Loader& loader) const {
  WantIdentities(loader, program_id_, identities_);
}

absl::StatusOr<std::string> AddToBlocklist::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const IdentityValue& identity : identities_) {
    const auto key = KeyOf(program_id_, identity, rules, now);
    if (!identity.hash.empty() || std::get<2>(key).empty() || !HasForm(identity)) {
      response.push_back(MakeFieldError(domain::errors::kIdentityInvalid, "value",
                                        "must be an address, number or id of that kind"));
      continue;
    }
    if (unit.Find<BlockedIdentityTable>(key) == nullptr) {
      unit.Put<BlockedIdentityTable>({program_id_, identity.kind, std::get<2>(key),
                                      decision_.decided_by, now, decision_.cause});
    }
    const auto* blocked = unit.Find<BlockedIdentityTable>(key);
    if (blocked == nullptr) return unit.status();
    response.push_back(*blocked);
  }
  return encode_(response);
}

RemoveFromBlocklist::RemoveFromBlocklist(std::string program_id,
                                         std::vector<IdentityValue> identities,
                                         Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      identities_(std::move(identities)),
      encode_(std::move(encode)) {}

void RemoveFromBlocklist::Prefetch(exec::Loader& loader) const {
  WantIdentities(loader, program_id_, identities_);
}

absl::StatusOr<std::string> RemoveFromBlocklist::Decide(exec::Unit& unit,
                                                        absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response removed = 0;
  for (const IdentityValue& identity : identities_) {
    const auto key = KeyOf(program_id_, identity, rules, now);
    if (unit.Find<BlockedIdentityTable>(key) == nullptr) continue;
    unit.Erase<BlockedIdentityTable>(key);
    ++removed;
  }
  return encode_(removed);
}

}  // namespace kith::referral::app
