#include "services/referral/app/reverse_conversion.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/referral/app/facts.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

// The customer, if signed up, has one open conversion less.
void Uncount(exec::Unit& unit, const domain::Conversion& conversion) {
  const auto* stored =
      unit.Find<store::CustomerTable>({conversion.program_id, conversion.customer_id});
  if (stored == nullptr) return;
  domain::Customer customer = *stored;
  --customer.open_conversions;
  unit.Put<store::CustomerTable>(std::move(customer));
}

// Takes the live conversion from its referral and puts the next one in its place.
void Replace(exec::Unit& unit, const Rules& rules, domain::Referral referral,
             const domain::Conversion& reversed, absl::Time now) {
  const store::IdKey key = {referral.program_id, referral.referral_id};
  referral.conversion_id.clear();
  referral.conversion_time.reset();
  unit.Put<store::ReferralTable>(referral);
  PublishConversionReversed(unit, referral, reversed);
  RevokeRewards(unit, rules, reversed, now);
  const domain::Conversion* next = domain::NextLive(unit.Select<store::OpenByReferral>(key));
  if (next != nullptr) MakeLive(unit, rules, domain::Conversion(*next), now);
}

}  // namespace

ReverseConversion::ReverseConversion(std::string program_id, std::string conversion_id,
                                     std::string cause, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      conversion_id_(std::move(conversion_id)),
      cause_(std::move(cause)),
      encode_(std::move(encode)) {}

void ReverseConversion::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::ConversionTable>({program_id_, conversion_id_});
  const auto* conversion = loader.Peek<store::ConversionTable>({program_id_, conversion_id_});
  if (conversion == nullptr) return;
  if (!conversion->customer_id.empty()) {
    loader.Want<store::CustomerTable>({program_id_, conversion->customer_id});
  }
  if (conversion->referral_id.empty()) return;
  const store::IdKey key = {program_id_, conversion->referral_id};
  loader.Want<store::ReferralTable>(key);
  loader.WantAll<store::OpenByReferral>(key);
  const auto* referral = loader.Peek<store::ReferralTable>(key);
  if (referral == nullptr) return;
  loader.Want<store::AdvocateTable>({program_id_, referral->advocate_id});
  std::vector<const domain::Conversion*> others = loader.PeekAll<store::OpenByReferral>(key);
  std::erase(others, conversion);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const auto* affected : {conversion, domain::NextLive(others)}) {
    if (affected == nullptr) continue;
    WantRewards(loader, rules, *affected, referral->advocate_id, referral->referee());
  }
}

absl::StatusOr<std::string> ReverseConversion::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const auto* stored = unit.Find<store::ConversionTable>({program_id_, conversion_id_});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kConversionNotFound, "conversion_id",
                          "must be a recorded conversion");
  }
  const domain::Conversion conversion =
      stored->reversed() ? *stored : Reverse(unit, rules, *stored, now);
  return encode_(ViewConversion(unit, rules, conversion));
}

domain::Conversion ReverseConversion::Reverse(exec::Unit& unit, const Rules& rules,
                                              domain::Conversion conversion,
                                              absl::Time now) const {
  conversion.reversal_time = now;
  conversion.cause = cause_;
  unit.Put<store::ConversionTable>(conversion);
  if (!conversion.customer_id.empty()) Uncount(unit, conversion);
  if (conversion.referral_id.empty()) return conversion;
  const auto* referral =
      unit.Find<store::ReferralTable>({program_id_, conversion.referral_id});
  if (referral != nullptr && referral->conversion_id == conversion.conversion_id) {
    Replace(unit, rules, *referral, conversion, now);
  }
  return conversion;
}

}  // namespace kith::referral::app
