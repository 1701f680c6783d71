// What a playbook must be, and how two versions of it differ.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_PLAYBOOK_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_PLAYBOOK_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

inline constexpr int kMaxPlaybooks = 1000;  // of a program

// Checks what no single field tells: unique steps, offsets between 0 and ten years, a known
// zone, exits that could not end the playbook by its own trigger. INVALID_FIELD names every
// field that is wrong.
absl::Status Validate(const Playbook& playbook);

// The step of that name, or nullptr.
const Step* FindStep(const Playbook& playbook, absl::string_view step_id);
// Attempts before a message is given up, with the default.
int MaxAttempts(const Playbook& playbook);

struct Difference {
  std::string field;
  std::string old_value;  // empty: the field is new
  std::string new_value;  // empty: the field goes
  friend bool operator==(const Difference&, const Difference&) = default;
};
// What applying `applied` over `stored` (nullptr: nothing stored) changes, field by field in
// the order of the API. Steps are named by their id: `steps[reminder].after`.
std::vector<Difference> Differences(const Playbook* stored, const Playbook& applied);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_PLAYBOOK_H_
