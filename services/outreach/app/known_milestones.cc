#include "services/outreach/app/known_milestones.h"

namespace kith::outreach {

MilestoneTable::Key MilestoneKey(const std::string& program_id, absl::string_view kind,
                                 const std::string& subject_id) {
  return {program_id, std::string(kind), subject_id};
}

void WantMilestones(const std::string& program_id, const std::string& contact_id,
                    const std::string& referral_id, const std::string& conversion_id,
                    exec::Loader& loader) {
  loader.Want<MilestoneTable>(MilestoneKey(program_id, kCustomerConverted, contact_id));
  loader.Want<MilestoneTable>(MilestoneKey(program_id, kCustomerChurned, contact_id));
  loader.Want<MilestoneTable>(MilestoneKey(program_id, kCustomerReactivated, contact_id));
  if (!referral_id.empty()) {
    loader.Want<MilestoneTable>(MilestoneKey(program_id, kReferralConverted, referral_id));
  }
  if (!conversion_id.empty()) {
    loader.Want<MilestoneTable>(MilestoneKey(program_id, kConversionReversed, conversion_id));
  }
}

Milestones MilestonesOf(const Enrollment& enrollment, exec::Unit& unit) {
  const auto find = [&](absl::string_view kind, const std::string& subject_id) {
    return unit.Find<MilestoneTable>(MilestoneKey(enrollment.program_id, kind, subject_id));
  };
  Milestones milestones;
  if (enrollment.exit_on_conversion) {
    milestones.converted = (IsAboutContact(enrollment) &&
                            find(kCustomerConverted, enrollment.contact_id) != nullptr) ||
                           (!enrollment.referral_id.empty() &&
                            find(kReferralConverted, enrollment.referral_id) != nullptr);
  }
  milestones.reversed = !enrollment.conversion_id.empty() &&
                        find(kConversionReversed, enrollment.conversion_id) != nullptr;
  if (enrollment.exit_on_churn) {
    const Milestone* churned = find(kCustomerChurned, enrollment.contact_id);
    if (churned != nullptr) milestones.churn_time = churned->time;
  }
  if (enrollment.exit_on_return) {
    const Milestone* back = find(kCustomerReactivated, enrollment.contact_id);
    if (back != nullptr) milestones.return_time = back->time;
  }
  return milestones;
}

}  // namespace kith::outreach
