#include "services/referral/app/reverse_conversion.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/referral/app/conversion_moves.h"
#include "services/referral/app/counting.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/release.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

// The customer, if signed up, has fewer open conversions. They are counted anew: older
// versions counted those from before the signup too.
void Recount(exec::Unit& unit, const store::IdKey& key) {
  const auto* stored = unit.Find<store::CustomerTable>(key);
  if (stored == nullptr) return;
  domain::Customer customer = *stored;
  customer.open_conversions = CountOpen(unit, customer);
  unit.Put<store::CustomerTable>(std::move(customer));
}

std::vector<domain::Conversion> OpenOf(exec::Unit& unit, const store::IdKey& referral) {
  std::vector<domain::Conversion> open;
  for (const auto* conversion : unit.Select<store::OpenByReferral>(referral)) {
    open.push_back(*conversion);
  }
  domain::SortByTime(open);
  return open;
}

// Takes a reversed conversion from its referral, and puts the next one in its place if it was
// the live one.
void Leave(exec::Unit& unit, const Rules& rules, domain::Referral referral,
           const domain::Conversion& reversed, absl::Time now) {
  const store::IdKey key = {referral.program_id, referral.referral_id};
  const std::vector<domain::Conversion> open = OpenOf(unit, key);
  const domain::Conversion* next = nullptr;
  const bool was_live = referral.conversion_id == reversed.conversion_id;
  if (was_live) {
    next = domain::NextLiveOf(open);
    referral.conversion_id.clear();
    referral.conversion_time.reset();
    unit.Put<store::ReferralTable>(referral);
    PublishConversionReversed(unit, referral, reversed);
  }
  RevokeRewards(unit, rules, referral, reversed, !was_live || next != nullptr, now);
  CloseReleases(unit, referral, reversed);
  if (next != nullptr) MakeLive(unit, rules, *next, now);
  // A later one may be the first with its event now.
  const domain::Referral settled = *unit.Find<store::ReferralTable>(key);
  for (const domain::Conversion& other : open) GrantRewards(unit, rules, settled, other, now);
}

}  // namespace

ReverseConversion::ReverseConversion(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void ReverseConversion::Prefetch(exec::Loader& loader) const {
  const std::string& program_id = request_.program_id;
  const store::IdKey asked = {program_id, request_.conversion_id};
  Rules::Want(loader, program_id);
  loader.Want<store::ConversionTable>(asked);
  const auto* conversion = loader.Peek<store::ConversionTable>(asked);
  if (conversion == nullptr) return;
  if (!conversion->customer_id.empty()) {
    const store::IdKey customer = {program_id, conversion->customer_id};
    loader.Want<store::CustomerTable>(customer);
    loader.WantAll<store::OpenByCustomer>(customer);
  }
  if (conversion->referral_id.empty()) return;
  const store::IdKey key = {program_id, conversion->referral_id};
  loader.Want<store::ReferralTable>(key);
  loader.WantAll<store::OpenByReferral>(key);
  loader.WantAll<store::RewardsByReferral>(key);
  const auto* referral = loader.Peek<store::ReferralTable>(key);
  if (referral == nullptr) return;
  const Rules rules = Rules::Peek(loader, program_id);
  WantUnreached(loader, rules, *referral);
  WantReleases(loader, rules, key);
  for (const auto* reward : loader.PeekAll<store::RewardsByReferral>(key)) {
    WantChange(loader, rules, *reward);
  }
  for (const auto* open : loader.PeekAll<store::OpenByReferral>(key)) {
    WantConversion(loader, rules, *open, *referral);
  }
}

absl::StatusOr<std::string> ReverseConversion::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  const auto* stored =
      unit.Find<store::ConversionTable>({request_.program_id, request_.conversion_id});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kConversionNotFound, "conversion_id",
                          "must be a recorded conversion");
  }
  if (stored->reversed()) return encode_(ViewConversion(unit, *stored));
  KITH_ASSIGN_OR_RETURN(const absl::Time time,
                        domain::JudgeReversal(*stored, request_.time, now));
  return encode_(ViewConversion(unit, Reverse(unit, rules, *stored, time, now)));
}

domain::Conversion ReverseConversion::Reverse(exec::Unit& unit, const Rules& rules,
                                              domain::Conversion conversion, absl::Time time,
                                              absl::Time now) const {
  conversion.reversal_time = time;
  conversion.cause = request_.cause;
  unit.Put<store::ConversionTable>(conversion);
  if (!conversion.customer_id.empty()) {
    Recount(unit, {conversion.program_id, conversion.customer_id});
  }
  if (conversion.referral_id.empty()) return conversion;
  const auto* referral =
      unit.Find<store::ReferralTable>({conversion.program_id, conversion.referral_id});
  if (referral != nullptr) Leave(unit, rules, *referral, conversion, now);
  return conversion;
}

}  // namespace kith::referral::app
