#include "services/referral/app/codes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/link.h"

namespace kith::referral::app {

void WantNextCode(exec::Loader& loader, const std::string& program_id,
                  const std::string& advocate_id, const std::string& owner) {
  const store::IdKey key = {program_id, advocate_id};
  loader.WantAll<store::CodesByAdvocate>(key);
  const size_t codes = loader.PeekAll<store::CodesByAdvocate>(key).size();
  // Not loaded yet: a guess would be wanted in vain.
  if (codes == 0) return;
  FreeCode(program_id, owner, static_cast<int>(codes), [&](const std::string& code) {
    loader.Want<store::CodeTable>({program_id, code});
    return loader.Peek<store::CodeTable>({program_id, code});
  });
}

std::string NextCode(exec::Unit& unit, const std::string& program_id,
                     const std::string& advocate_id, const std::string& owner) {
  const size_t codes = unit.Select<store::CodesByAdvocate>({program_id, advocate_id}).size();
  return FreeCode(program_id, owner, static_cast<int>(codes), [&](const std::string& code) {
    return unit.Find<store::CodeTable>({program_id, code});
  });
}

absl::Status CheckMayHaveMore(exec::Unit& unit, const std::string& program_id,
                              const std::string& advocate_id) {
  if (unit.Select<store::CodesByAdvocate>({program_id, advocate_id}).size() < kMaxCodes) {
    return absl::OkStatus();
  }
  return MakeFieldError(domain::errors::kTooManyCodes, "advocate_id",
                        absl::StrCat("must have fewer than ", kMaxCodes, " codes"));
}

domain::Code WithLink(domain::Code code, const Rules& rules, absl::Time now) {
  code.link = domain::LinkOf(rules.ProgramInForce(now), code.code, code.campaign);
  return code;
}

domain::Advocate WithLink(domain::Advocate advocate, const Rules& rules, absl::Time now) {
  advocate.link = domain::LinkOf(rules.ProgramInForce(now), advocate.code, "");
  return advocate;
}

domain::Code Retire(exec::Unit& unit, domain::Code code, absl::Time now,
                    absl::Time honoured_until) {
  if (!code.retired_time.has_value()) code.retired_time = now;
  code.honoured_until =
      std::min(code.honoured_until.value_or(absl::InfiniteFuture()), honoured_until);
  unit.Put<store::CodeTable>(code);
  return code;
}

}  // namespace kith::referral::app
