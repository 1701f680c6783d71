// What is known, from facts in any order, that may end an enrollment.
#ifndef KITH_SERVICES_OUTREACH_APP_KNOWN_MILESTONES_H_
#define KITH_SERVICES_OUTREACH_APP_KNOWN_MILESTONES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/executor/unit.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/store/enrollment_tables.h"

namespace kith::outreach {

MilestoneTable::Key MilestoneKey(const std::string& program_id, absl::string_view kind,
                                 const std::string& subject_id);

// Wants what MilestonesOf asks for an enrollment with these ids, any of the last two empty.
void WantMilestones(const std::string& program_id, const std::string& contact_id,
                    const std::string& referral_id, const std::string& conversion_id,
                    exec::Loader& loader);
Milestones MilestonesOf(const Enrollment& enrollment, exec::Unit& unit);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_KNOWN_MILESTONES_H_
