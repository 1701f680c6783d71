#include "services/referral/app/opt_out.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/identity.h"
#include "services/referral/store/lead_tables.h"

namespace kith::referral::app {

OptOut::OptOut(std::string program_id, Contact contact, bool out, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      contact_(std::move(contact)),
      out_(out),
      encode_(std::move(encode)) {}

std::vector<std::string> OptOut::Hashes(const Rules& rules) const {
  std::vector<std::string> hashes;
  if (rules.key().empty()) return hashes;
  for (std::string hash :
       {rules.HashEmail(contact_.email), domain::HashPhone(rules.key(), contact_.phone)}) {
    if (!hash.empty()) hashes.push_back(std::move(hash));
  }
  return hashes;
}

void OptOut::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  for (const std::string& hash : Hashes(Rules::Peek(loader, program_id_))) {
    loader.Want<store::OptOutTable>({program_id_, hash});
  }
}

absl::StatusOr<std::string> OptOut::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const std::vector<std::string> hashes = Hashes(rules);
  if (hashes.empty()) {
    return MakeFieldError(kith::errors::kInvalidField, "email",
                          "must be given, or else a phone of five digits or more");
  }
  Response response;
  for (const std::string& hash : hashes) {
    const store::IdKey key = {program_id_, hash};
    const bool is_out = unit.Find<store::OptOutTable>(key) != nullptr;
    if (is_out == out_) continue;
    ++response.changed;
    if (out_) {
      unit.Put<store::OptOutTable>({program_id_, hash, now});
    } else {
      unit.Erase<store::OptOutTable>(key);
    }
  }
  return encode_(response);
}

}  // namespace kith::referral::app
