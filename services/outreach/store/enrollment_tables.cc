#include "services/outreach/store/enrollment_tables.h"

#include "common/executor/unit.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {

EnrollmentTable::Key EnrollmentTable::KeyOf(const Row& row) {
  return {row.program_id, row.contact_id, row.playbook_id, row.subject_id, row.life};
}
db::Params EnrollmentTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
          std::get<4>(key)};
}
db::Params EnrollmentTable::Encode(const Row& row) {
  return {row.program_id,
          row.contact_id,
          row.playbook_id,
          row.subject_id,
          row.life,
          row.playbook_version,
          row.referral_id,
          row.conversion_id,
          db::FromTime(row.trigger_time),
          row.started_by,
          db::FromBool(row.exit_on_conversion),
          db::FromBool(row.exit_on_churn),
          row.ended_by,
          db::FromBool(row.exit_on_return)};
}
Enrollment EnrollmentTable::Decode(const db::Row& row) {
  Enrollment enrollment;
  enrollment.program_id = row.Text(0);
  enrollment.contact_id = row.Text(1);
  enrollment.playbook_id = row.Text(2);
  enrollment.subject_id = row.Text(3);
  enrollment.life = row.Int(4);
  enrollment.playbook_version = row.Int(5);
  enrollment.referral_id = row.Text(6);
  enrollment.conversion_id = row.Text(7);
  enrollment.trigger_time = row.Time(8);
  enrollment.started_by = row.Text(9);
  enrollment.exit_on_conversion = row.Bool(10);
  enrollment.exit_on_churn = row.Bool(11);
  enrollment.ended_by = row.Text(12);
  enrollment.exit_on_return = row.Bool(13);
  return enrollment;
}
void EnrollmentTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<TallyCounter>({row.program_id, "enrollments", "", ""}, sign);
}

std::optional<EndableOfContact::Key> EndableOfContact::KeyOf(const Table::Row& row) {
  if (!IsEndable(row)) return std::nullopt;
  return Key(row.program_id, row.contact_id);
}
std::optional<EndableOfReferral::Key> EndableOfReferral::KeyOf(const Table::Row& row) {
  if (!IsEndable(row) || row.referral_id.empty()) return std::nullopt;
  return Key(row.program_id, row.referral_id);
}

std::optional<ReversibleOfConversion::Key> ReversibleOfConversion::KeyOf(
    const Table::Row& row) {
  if (!IsReversible(row)) return std::nullopt;
  return Key(row.program_id, row.conversion_id);
}

std::optional<WithdrawableOfContact::Key> WithdrawableOfContact::KeyOf(const Table::Row& row) {
  if (!IsWithdrawable(row)) return std::nullopt;
  return Key(row.program_id, row.contact_id);
}

db::Params MilestoneTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
}
db::Params MilestoneTable::Encode(const Row& row) {
  return {row.program_id, row.kind, row.subject_id, db::FromTime(row.time)};
}
Milestone MilestoneTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Time(3)};
}

}  // namespace kith::outreach
