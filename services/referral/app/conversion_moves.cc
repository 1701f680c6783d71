#include "services/referral/app/conversion_moves.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/referral/app/facts.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Customer;
using domain::Referral;

store::IdKey CustomerKey(const Customer& customer) {
  return {customer.program_id, customer.customer_id};
}

store::IdKey ReferralKey(const Customer& customer) {
  return {customer.program_id, customer.judgement.referral_id};
}

}  // namespace

int64_t AdoptConversions(exec::Unit& unit, const Customer& customer) {
  if (customer.attributed()) {
    std::vector<Conversion> adopted;
    for (const auto* conversion : unit.Select<store::OpenByCustomer>(CustomerKey(customer))) {
      const bool waits = conversion->referral_id.empty();
      if (waits && !domain::IsBeforeSignup(*conversion, customer)) {
        adopted.push_back(*conversion);
      }
    }
    // Only a lead can have conversions before it has a customer.
    const Referral* referral = unit.Find<store::ReferralTable>(ReferralKey(customer));
    if (referral != nullptr && referral->origin == domain::ReferralOrigin::kLead) {
      for (const auto* conversion :
           unit.Select<store::OpenByReferral>(ReferralKey(customer))) {
        if (conversion->customer_id.empty()) adopted.push_back(*conversion);
      }
    }
    for (Conversion& conversion : adopted) {
      conversion.customer_id = customer.customer_id;
      conversion.referral_id = customer.judgement.referral_id;
      unit.Put<store::ConversionTable>(std::move(conversion));
    }
  }
  return CountOpen(unit, customer);
}

int64_t CountOpen(exec::Unit& unit, const Customer& customer) {
  const auto open = unit.Select<store::OpenByCustomer>(CustomerKey(customer));
  return std::count_if(open.begin(), open.end(), [&](const Conversion* conversion) {
    return !domain::IsBeforeSignup(*conversion, customer);
  });
}

const Conversion* NextOf(const std::vector<const Conversion*>& open,
                         const std::string& live_before) {
  for (const Conversion* conversion : open) {
    if (conversion->success && conversion->conversion_id == live_before) return conversion;
  }
  return domain::NextLive(open);
}

void SettleConversions(exec::Unit& unit, const Rules& rules, const Customer& customer,
                       absl::Time now, const std::string& live_before) {
  if (!customer.attributed()) return;
  SettleConversions(unit, rules, ReferralKey(customer), now, live_before);
}

void SettleConversions(exec::Unit& unit, const Rules& rules, const store::IdKey& key,
                       absl::Time now, const std::string& live_before) {
  std::vector<Conversion> open;
  for (const auto* c : unit.Select<store::OpenByReferral>(key)) open.push_back(*c);
  // What is given once goes to the first.
  domain::SortByTime(open);
  const Referral* stored = unit.Find<store::ReferralTable>(key);
  std::vector<const Conversion*> waiting;
  for (const Conversion& c : open) waiting.push_back(&c);
  const Conversion* next = NextOf(waiting, live_before);
  if (stored != nullptr && stored->conversion_id.empty() && next != nullptr) {
    MakeLive(unit, rules, *next, now);
    stored = unit.Find<store::ReferralTable>(key);
  }
  if (stored == nullptr) return;
  const Referral referral = *stored;
  for (const Conversion& c : open) GrantRewards(unit, rules, referral, c, now);
}

bool GoesWithCustomer(const Conversion& conversion, const Referral& referral) {
  return referral.origin == domain::ReferralOrigin::kSignup ||
         conversion.customer_id == referral.customer_id;
}

Referral ReleaseConversions(exec::Unit& unit, Referral referral, absl::string_view cause,
                            absl::Time now) {
  const store::IdKey key = {referral.program_id, referral.referral_id};
  std::vector<Conversion> open;
  for (const auto* c : unit.Select<store::OpenByReferral>(key)) open.push_back(*c);
  bool was_live = false, others_succeed = false;
  for (Conversion& conversion : open) {
    if (!GoesWithCustomer(conversion, referral)) {
      others_succeed = others_succeed || conversion.success;
      continue;
    }
    if (conversion.conversion_id == referral.conversion_id) {
      was_live = true;
      Conversion reversed = conversion;
      reversed.reversal_time = now;
      reversed.cause = std::string(cause);
      PublishConversionReversed(unit, referral, reversed);
    }
    conversion.referral_id.clear();
    unit.Put<store::ConversionTable>(std::move(conversion));
  }
  if (was_live || !others_succeed) {
    referral.conversion_id.clear();
    referral.conversion_time.reset();
  }
  referral.ever_converted = referral.ever_converted && others_succeed;
  return referral;
}

}  // namespace kith::referral::app
