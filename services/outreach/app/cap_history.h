// What contacts were handed, for the caps of one claim: loaded over the windows of the caps
// that apply, listed once a contact, and kept up with what the claim does.
#ifndef KITH_SERVICES_OUTREACH_APP_CAP_HISTORY_H_
#define KITH_SERVICES_OUTREACH_APP_CAP_HISTORY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/executor/unit.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// Not thread-safe.
class CapHistory {
 public:
  // Nobody else may change messages in `unit` while this lives.
  CapHistory(exec::Unit* unit, absl::Time now) : unit_(unit), now_(now) {}
  // Wants what Of will need around `now`.
  static void Want(const Message& message, const Playbook& playbook, absl::Time now,
                   exec::Loader& loader);

  // The history that Evaluate needs of the message's contact; empty when no cap applies. Valid
  // until the next call.
  absl::Span<const HandedOut> Of(const Message& message, const Playbook& playbook);
  // The claim has made `after` of `before`.
  void Changed(const Message& before, const Message& after);

 private:
  struct Listed {
    int days = 0;
    std::vector<HandedOut> items;
  };
  std::vector<HandedOut> List(const Message& message, int days) const;

  exec::Unit* const unit_;
  const absl::Time now_;
  std::map<std::string, Listed> by_contact_;  // all are of one program
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_CAP_HISTORY_H_
