#include "services/advocacy/app/referral_facts.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "services/advocacy/app/program_rules.h"
#include "services/advocacy/app/standing.h"
#include "services/advocacy/domain/errors.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {

void Prefetch(const Enrolment& enrolment, exec::Loader& loader) {
  WantRules(loader, enrolment.program_id);
  loader.Want<store::AdvocateTable>({enrolment.program_id, enrolment.advocate_id});
}

absl::Status Apply(const Enrolment& enrolment, exec::Unit& unit) {
  MakeKnown(unit, enrolment.program_id);
  domain::Advocate advocate = FindOrMake(unit, enrolment.program_id, enrolment.advocate_id);
  advocate.enrolled_time =
      std::min(advocate.enrolled_time.value_or(enrolment.time), enrolment.time);
  const Versions versions = RulesOf(unit, enrolment.program_id);
  ChangeAdvocate(unit, std::move(advocate), {}, domain::Newest(versions).policy);
  return absl::OkStatus();
}

void Prefetch(const Conversion& conversion, exec::Loader& loader) {
  WantRules(loader, conversion.program_id);
  loader.Want<store::AdvocateTable>({conversion.program_id, conversion.advocate_id});
  loader.Want<store::SuccessTable>({conversion.program_id, conversion.conversion_id});
}

absl::Status Apply(const Conversion& conversion, exec::Unit& unit) {
  MakeKnown(unit, conversion.program_id);
  const Versions versions = RulesOf(unit, conversion.program_id);
  domain::Success success;
  if (const auto* stored =
          unit.Find<store::SuccessTable>({conversion.program_id, conversion.conversion_id})) {
    success = *stored;
    if (success.live()) {
      const bool same = success.advocate_id == conversion.advocate_id &&
                        success.referral_id == conversion.referral_id;
      return same ? absl::OkStatus() : MakeError(errors::kConversionConflict);
    }
  }
  success.program_id = conversion.program_id;
  success.conversion_id = conversion.conversion_id;
  success.referral_id = conversion.referral_id;
  success.advocate_id = conversion.advocate_id;
  success.time = conversion.time;
  success.points = domain::InForce(versions, conversion.time).policy.referral_points;
  success.reversal_time = std::nullopt;
  BookSuccess(unit, success, +1, success.time, domain::Newest(versions).policy);
  unit.Put<store::SuccessTable>(std::move(success));
  return absl::OkStatus();
}

void Prefetch(const Reversal& reversal, exec::Loader& loader) {
  WantRules(loader, reversal.program_id);
  const store::TwoIds key = {reversal.program_id, reversal.conversion_id};
  loader.Want<store::SuccessTable>(key);
  if (const auto* success = loader.Peek<store::SuccessTable>(key)) {
    loader.Want<store::AdvocateTable>({reversal.program_id, success->advocate_id});
  }
}

absl::Status Apply(const Reversal& reversal, exec::Unit& unit) {
  const auto* stored =
      unit.Find<store::SuccessTable>({reversal.program_id, reversal.conversion_id});
  if (stored == nullptr) return MakeError(errors::kUnknownConversion);
  if (!stored->live()) return absl::OkStatus();
  domain::Success success = *stored;
  success.reversal_time = reversal.time;
  const Versions versions = RulesOf(unit, reversal.program_id);
  BookSuccess(unit, success, -1, reversal.time, domain::Newest(versions).policy);
  unit.Put<store::SuccessTable>(std::move(success));
  return absl::OkStatus();
}

}  // namespace kith::advocacy::app
