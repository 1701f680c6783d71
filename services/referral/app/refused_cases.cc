#include "services/referral/app/refused_cases.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using store::FraudCaseTable;
using store::FraudCheckTable;
using store::ReferralTable;

// Whether there can be a case at all.
bool EverJudged(const Rules& rules) {
  return std::any_of(rules.versions().begin(), rules.versions().end(),
                     [](const auto* version) { return version->program.fraud.enabled; });
}

store::IdKey KeyOf(const FraudSubject& lead) { return {lead.program_id, lead.referral_id}; }

FraudCheckTable::Key CheckOf(const domain::FraudCase& refused) {
  return {refused.program_id, refused.referral_id, refused.advocate_id, false};
}

// The first id that neither a case nor a referral has.
template <class IsTaken>
store::IdKey FreeKey(const store::IdKey& key, IsTaken is_taken) {
  for (int n = 1;; ++n) {
    store::IdKey aside = {key.first, absl::StrCat(key.second, "~", n)};
    if (!is_taken(aside)) return aside;
  }
}

// A lead that is recorded again under the same advocate replaces the check by its own.
void DropCheckOfOther(exec::Unit& unit, const domain::FraudCase& refused,
                      const FraudSubject& lead) {
  if (refused.advocate_id == lead.advocate_id) return;
  if (unit.Find<FraudCheckTable>(CheckOf(refused)) == nullptr) return;
  unit.Erase<FraudCheckTable>(CheckOf(refused));
}

}  // namespace

void WantRefusedCase(exec::Loader& loader, const Rules& rules, const FraudSubject& lead) {
  if (!EverJudged(rules)) return;
  loader.Want<FraudCaseTable>(KeyOf(lead));
  const auto* refused = loader.Peek<FraudCaseTable>(KeyOf(lead));
  if (refused == nullptr) return;
  loader.Want<FraudCheckTable>(CheckOf(*refused));
  FreeKey(KeyOf(lead), [&](const store::IdKey& key) {
    loader.Want<FraudCaseTable>(key);
    loader.Want<ReferralTable>(key);
    return loader.Peek<FraudCaseTable>(key) != nullptr ||
           loader.Peek<ReferralTable>(key) != nullptr;
  });
}

void DropRefusedCase(exec::Unit& unit, const Rules& rules, const FraudSubject& lead) {
  if (!EverJudged(rules)) return;
  const auto* refused = unit.Find<FraudCaseTable>(KeyOf(lead));
  if (refused == nullptr || refused->advocate_id == lead.advocate_id) return;
  DropCheckOfOther(unit, *refused, lead);
  unit.Erase<FraudCaseTable>(KeyOf(lead));
}

void SetRefusedCaseAside(exec::Unit& unit, const Rules& rules, const FraudSubject& lead) {
  if (!EverJudged(rules)) return;
  const auto* refused = unit.Find<FraudCaseTable>(KeyOf(lead));
  if (refused == nullptr) return;
  DropCheckOfOther(unit, *refused, lead);
  domain::FraudCase aside = *refused;
  unit.Erase<FraudCaseTable>(KeyOf(lead));
  aside.referral_id = FreeKey(KeyOf(lead), [&](const store::IdKey& key) {
                        return unit.Find<FraudCaseTable>(key) != nullptr ||
                               unit.Find<ReferralTable>(key) != nullptr;
                      }).second;
  unit.Put<FraudCaseTable>(std::move(aside));
}

}  // namespace kith::referral::app
