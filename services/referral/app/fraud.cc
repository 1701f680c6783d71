#include "services/referral/app/fraud.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/ids.h"
#include "services/referral/app/fraud_facts.h"
#include "services/referral/app/fraud_lookups.h"
#include "services/referral/domain/fraud_signals.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/fraud_tables.h"

namespace kith::referral::app {
namespace {

using domain::FraudCaseState;
using domain::FraudState;
using domain::FraudVerdict;
using store::FraudCaseTable;
using store::FraudCheckTable;

// What tells this subject from another one with the same ids. Without the mail domain, which
// is not known when a stored customer is judged again.
std::string FingerprintOf(const FraudSubject& subject) {
  const domain::Identity& referee = subject.referee;
  return domain::ShortHash(
      Sha256(absl::StrJoin({subject.customer_id, referee.email_hash, referee.phone_hash,
                            referee.device_hash, referee.payment_hash, referee.ip_hash,
                            subject.source, absl::StrCat(absl::ToUnixMicros(subject.time))},
                           "\n")));
}

FraudCheckTable::Key CheckKey(const FraudSubject& subject, bool signup) {
  return {subject.program_id, subject.referral_id, subject.advocate_id, signup};
}

// The check of this very subject, or nullptr.
const domain::FraudCheck* FindCheck(exec::Unit& unit, const FraudSubject& subject) {
  const auto* check = unit.Find<FraudCheckTable>(CheckKey(subject, subject.signup));
  if (check == nullptr || check->fingerprint != FingerprintOf(subject)) return nullptr;
  return check;
}

// The case of this referral and advocate that a person decided, or nullptr.
const domain::FraudCase* FindDecided(exec::Unit& unit, const FraudSubject& subject) {
  const auto* decided = unit.Find<FraudCaseTable>({subject.program_id, subject.referral_id});
  if (decided == nullptr || !decided->decided_by_person()) return nullptr;
  return decided->advocate_id == subject.advocate_id ? decided : nullptr;
}

void CountOne(exec::Unit& unit, store::VelocityTable::Key key) {
  const auto* stored = unit.Find<store::VelocityTable>(key);
  domain::VelocityCount count;
  count.program_id = std::get<0>(key);
  count.dimension = domain::ParseName<domain::VelocityDimension>(std::get<1>(key))
                        .value_or(domain::VelocityDimension::kAdvocate);
  count.subject = std::get<2>(key);
  count.day = std::get<3>(key);
  count.referrals = stored == nullptr ? 1 : stored->referrals + 1;
  unit.Put<store::VelocityTable>(std::move(count));
}

void KeepTraces(exec::Unit& unit, const FraudSubject& subject) {
  for (const auto& key : TraceKeys(subject)) {
    if (unit.Find<store::AdvocateTraceTable>(key) != nullptr) continue;
    unit.Put<store::AdvocateTraceTable>(
        {subject.program_id, subject.advocate_id,
         domain::ParseName<domain::IdentityKind>(std::get<2>(key))
             .value_or(domain::IdentityKind::kDevice),
         std::get<3>(key)});
  }
}

// Opens a case or adds to the open one; files a rejection as resolved. What a case says of
// another advocate stays among its evidence.
void KeepCase(exec::Unit& unit, int64_t program_version, const FraudSubject& subject,
              const FraudVerdict& verdict, absl::Time now) {
  const auto* stored = unit.Find<FraudCaseTable>({subject.program_id, subject.referral_id});
  const bool open = stored != nullptr && stored->state == FraudCaseState::kOpen;
  const bool rejected = verdict.state == FraudState::kRejected;
  if (rejected && stored != nullptr && stored->advocate_id != subject.advocate_id) return;
  domain::FraudCase kept;
  if (open) kept = *stored;
  kept.program_id = subject.program_id;
  kept.referral_id = subject.referral_id;
  kept.evidence = verdict.evidence;
  if (open && stored->advocate_id != subject.advocate_id) {
    kept.evidence.insert(kept.evidence.end(), stored->evidence.begin(),
                         stored->evidence.end());
  }
  kept.advocate_id = subject.advocate_id;
  kept.score = verdict.score;
  kept.program_version = program_version;
  if (!open) kept.opened_time = now;
  // An open case is for a person to decide, whatever is found later.
  if (rejected && !open) {
    kept.state = FraudCaseState::kRejected;
    kept.resolved_time = now;
    kept.decided_by = std::string(domain::kByRules);
  }
  unit.Put<FraudCaseTable>(kept);
  if (open) return;
  if (rejected) {
    PublishFraudCaseResolved(unit, kept);
  } else {
    PublishFraudCaseOpened(unit, kept);
  }
}

}  // namespace

void WantFraud(exec::Loader& loader, const Rules& rules, const FraudSubject& subject) {
  const auto* version = FraudVersion(rules, subject);
  if (version == nullptr) return;
  loader.Want<FraudCaseTable>({subject.program_id, subject.referral_id});
  loader.Want<FraudCheckTable>(CheckKey(subject, false));
  if (subject.signup) loader.Want<FraudCheckTable>(CheckKey(subject, true));
  WantLookups(loader, rules, version->program, subject);
}

FraudVerdict JudgeFraud(exec::Unit& unit, const Rules& rules, const FraudSubject& subject) {
  const auto* version = FraudVersion(rules, subject);
  if (version == nullptr) return {};
  if (const auto* decided = FindDecided(unit, subject)) {
    const bool approved = decided->state == FraudCaseState::kApproved;
    return {approved ? FraudState::kApproved : FraudState::kRejected, decided->score,
            decided->evidence};
  }
  if (const auto* check = FindCheck(unit, subject)) {
    return {check->state, check->score, check->evidence};
  }
  const domain::FraudRules& fraud = version->program.fraud;
  std::vector<domain::SignalEvidence> found =
      domain::FindSignals(LookUp(unit, rules, version->program, subject), fraud);
  // What was found at the submission still speaks at the signup.
  if (subject.signup) {
    if (const auto* lead = unit.Find<FraudCheckTable>(CheckKey(subject, false))) {
      found.insert(found.end(), lead->evidence.begin(), lead->evidence.end());
    }
  }
  return domain::Decide(fraud, found);
}

void RecordFraud(exec::Unit& unit, const Rules& rules, const FraudSubject& subject,
                 const FraudVerdict& verdict, absl::Time now) {
  const auto* version = FraudVersion(rules, subject);
  if (version == nullptr || FindDecided(unit, subject) != nullptr) return;
  if (FindCheck(unit, subject) != nullptr) return;
  const auto counted = VelocityKeys(version->program, subject);
  for (const auto& key : counted) CountOne(unit, key);
  KeepTraces(unit, subject);
  // A lead is judged once, when it comes: only what was found against it is needed later. A
  // signup is judged again whenever its customer is, and counted once.
  const bool again = subject.signup && !counted.empty();
  const auto key = CheckKey(subject, subject.signup);
  if (verdict.evidence.empty() && !again && unit.Find<FraudCheckTable>(key) == nullptr) return;
  unit.Put<FraudCheckTable>({subject.program_id, subject.referral_id, subject.advocate_id,
                             subject.signup, FingerprintOf(subject), verdict.state,
                             verdict.score, verdict.evidence});
  if (verdict.state != FraudState::kClear) {
    KeepCase(unit, version->version, subject, verdict, now);
  }
}

}  // namespace kith::referral::app
