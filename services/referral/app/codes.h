// Codes that are free to be given.
#ifndef KITH_SERVICES_REFERRAL_APP_CODES_H_
#define KITH_SERVICES_REFERRAL_APP_CODES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/codes.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {

// Most codes that one advocate may have, retired ones included.
inline constexpr int kMaxCodes = 1000;

// The first code of an owner (see domain/codes.h) from `salt` on that nobody has; `find` gives
// a code's row. Ends, because each salt gives another code and codes are far more than owners.
template <class Find>
std::string FreeCode(const std::string& program_id, const std::string& owner, int salt,
                     Find find) {
  for (;; ++salt) {
    std::string code = domain::MakeCode(program_id, owner, salt);
    if (find(code) == nullptr) return code;
  }
}

// Wants what NextCode needs.
void WantNextCode(exec::Loader& loader, const std::string& program_id,
                  const std::string& advocate_id, const std::string& owner);
// A code that nobody has, for `owner`, who is the advocate or stands for a campaign of theirs.
std::string NextCode(exec::Unit& unit, const std::string& program_id,
                     const std::string& advocate_id, const std::string& owner);
// TOO_MANY_CODES when an advocate has kMaxCodes already.
absl::Status CheckMayHaveMore(exec::Unit& unit, const std::string& program_id,
                              const std::string& advocate_id);

// For answers: with the links by the rules in force now.
domain::Code WithLink(domain::Code code, const Rules& rules, absl::Time now);
domain::Advocate WithLink(domain::Advocate advocate, const Rules& rules, absl::Time now);

// Retires a code, which counts until `honoured_until`; never longer than it did before.
domain::Code Retire(exec::Unit& unit, domain::Code code, absl::Time now,
                    absl::Time honoured_until);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CODES_H_
