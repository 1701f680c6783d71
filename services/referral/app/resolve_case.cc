#include "services/referral/app/resolve_case.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/seal.h"
#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/case_note.h"
#include "services/referral/app/fraud_facts.h"
#include "services/referral/app/fraud_gate.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/suspensions.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::FraudCaseState;
using store::FraudCaseTable;
using store::ReferralTable;

constexpr absl::string_view kFraudCause = "fraud";

// Calls `visit` with the table or index of customers, and the key in it, for each way in which
// a lead that has no customer names one.
template <class Visit>
void ForEachName(const domain::Referral& lead, Visit visit) {
  if (lead.origin != domain::ReferralOrigin::kLead || !lead.customer_id.empty()) return;
  const auto visit_known = [&](auto rows, const std::string& value) {
    if (!value.empty()) visit(rows, store::IdKey(lead.program_id, value));
  };
  visit_known(store::CustomerTable(), lead.referee_id);
  visit_known(store::CustomersByEmail(), lead.email_hash);
  visit_known(store::CustomersByPhone(), lead.phone_hash);
}

// Wants what it takes that those whom the lead names come to it.
void WantNamed(exec::Loader& loader, const Rules& rules, const domain::Referral& lead) {
  const auto want = [&](const domain::Customer& customer) {
    WantAttribution(loader, rules, customer, lead.advocate_id, lead.referral_id);
  };
  ForEachName(lead, [&]<class Rows>(Rows, const store::IdKey& key) {
    if constexpr (exec::Table<Rows>) {
      loader.Want<Rows>(key);
      if (const auto* customer = loader.Peek<Rows>(key)) want(*customer);
    } else {
      loader.WantAll<Rows>(key);
      for (const auto* customer : loader.PeekAll<Rows>(key)) want(*customer);
    }
  });
}

// Judges them again: the rules refused to the lead whom a person does not.
void JudgeNamed(exec::Unit& unit, const Rules& rules, const domain::Referral& lead,
                absl::Time now) {
  std::map<std::string, domain::Customer> named;
  const auto add = [&](const domain::Customer* customer) {
    if (customer != nullptr) named.emplace(customer->customer_id, *customer);
  };
  ForEachName(lead, [&]<class Rows>(Rows, const store::IdKey& key) {
    if constexpr (exec::Table<Rows>) {
      add(unit.Find<Rows>(key));
    } else {
      for (const auto* customer : unit.Select<Rows>(key)) add(customer);
    }
  });
  for (const auto& [id, customer] : named) Attribute(unit, rules, customer, now);
}

}  // namespace

ResolveCase::ResolveCase(Request request, Encoder<Response> encode)
    : request_(std::move(request)),
      nonce_(RandomBytes(kSealNonceBytes)),
      encode_(std::move(encode)) {}

void ResolveCase::Prefetch(exec::Loader& loader) const {
  const store::IdKey key = {request_.program_id, request_.referral_id};
  Rules::Want(loader, request_.program_id);
  loader.Want<FraudCaseTable>(key);
  loader.Want<ReferralTable>(key);
  if (const auto* open = loader.Peek<FraudCaseTable>(key)) {
    WantSuspension(loader, request_.program_id, open->advocate_id);
  }
  if (const auto* referral = loader.Peek<ReferralTable>(key)) {
    const Rules rules = Rules::Peek(loader, request_.program_id);
    WantGrants(loader, rules, *referral, referral->customer_id, loader.about_now());
    WantRejection(loader, rules, *referral);
    if (request_.approve) {
      WantApproval(loader, rules, *referral);
      WantNamed(loader, rules, *referral);
    }
  }
}

absl::StatusOr<std::string> ResolveCase::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(domain::CheckPerson(request_.decided_by));
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  const auto* stored = unit.Find<FraudCaseTable>({request_.program_id, request_.referral_id});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kCaseNotFound, "referral_id",
                          "must be a referral that the fraud rules held or rejected");
  }
  const domain::FraudCase decided = Decided(*stored, rules, now);
  if (stored->state != FraudCaseState::kOpen) {
    if (stored->state == decided.state) {
      KITH_RETURN_IF_ERROR(CheckNote(*stored, rules));
      const domain::FraudCase kept = *stored;
      if (!request_.approve) RejectAgain(unit, rules, kept, now);
      return encode_({kept, false});
    }
    return MakeFieldError(domain::errors::kCaseResolved, "decision",
                          "must be the one that was made, or for an open case");
  }
  unit.Put<FraudCaseTable>(decided);
  PublishFraudCaseResolved(unit, decided);
  OpenOrCloseGate(unit, rules, decided, now);
  const bool suspended = !request_.approve && CountFraud(unit, rules, decided, now);
  return encode_({decided, suspended});
}

absl::Status ResolveCase::CheckNote(const domain::FraudCase& stored,
                                    const Rules& rules) const {
  if (request_.note.empty() || request_.note == NoteOf(stored, rules.key())) {
    return absl::OkStatus();
  }
  return MakeFieldError(
      domain::errors::kCaseAlreadyResolved, "note",
      absl::StrCat("cannot be added: the case was ", domain::Name(stored.state), " by ",
                   stored.decided_by, " at ",
                   absl::FormatTime(stored.resolved_time.value_or(stored.opened_time),
                                    absl::UTCTimeZone())));
}

domain::FraudCase ResolveCase::Decided(domain::FraudCase open, const Rules& rules,
                                       absl::Time now) const {
  open.state = request_.approve ? FraudCaseState::kApproved : FraudCaseState::kRejected;
  open.resolved_time = now;
  open.decided_by = request_.decided_by;
  return WithNote(std::move(open), rules.key(), nonce_, request_.note);
}

void ResolveCase::OpenOrCloseGate(exec::Unit& unit, const Rules& rules,
                                  const domain::FraudCase& decided, absl::Time now) const {
  const auto* stored = unit.Find<ReferralTable>({request_.program_id, request_.referral_id});
  if (stored == nullptr) return;
  // Whoever has it by an override waits for this decision too.
  const bool waits = stored->fraud == domain::FraudState::kHeld;
  if (stored->advocate_id != decided.advocate_id && !waits) return;
  const domain::Referral referral = *stored;
  if (request_.approve) {
    ApproveReferral(unit, rules, referral, now);
    JudgeNamed(unit, rules, referral, now);
  } else {
    RejectReferral(unit, rules, referral, now);
  }
}

void ResolveCase::RejectAgain(exec::Unit& unit, const Rules& rules,
                              const domain::FraudCase& kept, absl::Time now) const {
  const auto* stored = unit.Find<ReferralTable>({request_.program_id, request_.referral_id});
  if (stored == nullptr || stored->advocate_id != kept.advocate_id) return;
  if (stored->fraud != domain::FraudState::kRejected) return;
  const domain::Referral referral = *stored;
  // Only older versions have left one that counts.
  if (!referral.conversion_id.empty()) {
    RejectReferral(unit, rules, referral, now);
  } else {
    Withdraw(unit, referral);
  }
}

bool ResolveCase::CountFraud(exec::Unit& unit, const Rules& rules,
                             const domain::FraudCase& decided, absl::Time now) const {
  const auto* stored =
      unit.Find<store::AdvocateTable>({request_.program_id, decided.advocate_id});
  if (stored == nullptr) return false;
  domain::Advocate advocate = *stored;
  ++advocate.frauds;
  const auto* version = rules.InForce(now);
  const auto limit = version == nullptr ? std::nullopt : version->program.fraud.suspend_after;
  if (limit.has_value() && advocate.frauds >= *limit) {
    return Suspend(unit, std::move(advocate), {request_.decided_by, std::string(kFraudCause)},
                   now);
  }
  unit.Put<store::AdvocateTable>(std::move(advocate));
  return false;
}

}  // namespace kith::referral::app
