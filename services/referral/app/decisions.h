// Who decided what leaves no trace in the rows that it changes.
#ifndef KITH_SERVICES_REFERRAL_APP_DECISIONS_H_
#define KITH_SERVICES_REFERRAL_APP_DECISIONS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/store/decision_tables.h"

namespace kith::referral::app {

using store::Decision;

// `kind` is one of those in store/decision_tables.h.
void WantDecision(exec::Loader& loader, const std::string& program_id, absl::string_view kind,
                  const std::string& subject_id);
// Keeps the decision in place of the last one of its kind about the subject. `by` may be
// empty: then nobody said who.
Decision KeepDecision(exec::Unit& unit, const std::string& program_id, absl::string_view kind,
                      const std::string& subject_id, const std::string& by, absl::Time now);
// The last one, or nullptr.
const Decision* FindDecision(exec::Unit& unit, const std::string& program_id,
                             absl::string_view kind, const std::string& subject_id);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_DECISIONS_H_
