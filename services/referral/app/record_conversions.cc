#include "services/referral/app/record_conversions.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

// As much of a conversion as tells its rewards.
domain::Conversion Expected(const std::string& program_id, const Rules& rules,
                            const domain::ConversionReport& report, absl::Time now) {
  domain::Conversion conversion;
  conversion.program_id = program_id;
  conversion.conversion_id = report.conversion_id;
  conversion.conversion_time = report.conversion_time.value_or(now);
  conversion.event = report.event;
  if (const auto* version = rules.InForce(conversion.conversion_time)) {
    conversion.program_version = version->version;
    conversion.success = domain::IsSuccess(version->program.success, report);
  }
  return conversion;
}

}  // namespace

RecordConversions::RecordConversions(std::string program_id,
                                     std::vector<domain::ConversionReport> reports,
                                     Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      reports_(std::move(reports)),
      encode_(std::move(encode)) {}

void RecordConversions::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const auto& report : reports_) WantReport(loader, rules, report);
}

void RecordConversions::WantReport(exec::Loader& loader, const Rules& rules,
                                   const domain::ConversionReport& report) const {
  const auto want_referral = [&](const std::string& id) -> const domain::Referral* {
    if (id.empty()) return nullptr;
    loader.Want<store::ReferralTable>({program_id_, id});
    return loader.Peek<store::ReferralTable>({program_id_, id});
  };
  loader.Want<store::ConversionTable>({program_id_, report.conversion_id});
  const auto* stored =
      loader.Peek<store::ConversionTable>({program_id_, report.conversion_id});
  const domain::Referral* referral = want_referral(report.referral_id);
  const domain::Customer* customer = WantCustomer(loader, report, referral);
  if (customer != nullptr) referral = want_referral(customer->judgement.referral_id);
  if (stored != nullptr) {
    referral = want_referral(stored->referral_id);
    // One that waits again may have come to its customer since it was reported.
    if (!stored->customer_id.empty()) {
      loader.Want<store::CustomerTable>({program_id_, stored->customer_id});
    }
  }
  if (referral == nullptr) return;
  WantConversion(
      loader, rules,
      stored == nullptr ? Expected(program_id_, rules, report, loader.about_now()) : *stored,
      *referral);
}

const domain::Customer* RecordConversions::WantCustomer(
    exec::Loader& loader, const domain::ConversionReport& report,
    const domain::Referral* referral) const {
  const std::string customer_id = domain::ConvertedCustomer(report, referral);
  if (!customer_id.empty()) {
    loader.Want<store::CustomerTable>({program_id_, customer_id});
    return loader.Peek<store::CustomerTable>({program_id_, customer_id});
  }
  if (referral == nullptr || referral->email_hash.empty()) return nullptr;
  const store::IdKey key = {program_id_, referral->email_hash};
  loader.WantAll<store::CustomersByEmail>(key);
  return domain::CustomerByAddress(*referral, loader.PeekAll<store::CustomersByEmail>(key));
}

absl::StatusOr<std::string> RecordConversions::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const auto& report : reports_) response.push_back(Record(unit, rules, report, now));
  return encode_(response);
}

absl::StatusOr<ConversionView> RecordConversions::Record(
    exec::Unit& unit, const Rules& rules, const domain::ConversionReport& report,
    absl::Time now) const {
  if (const auto* stored =
          unit.Find<store::ConversionTable>({program_id_, report.conversion_id})) {
    if (domain::SameContent(report, *stored)) return ViewConversion(unit, *stored);
    return MakeFieldError(domain::errors::kConversionIdReused, "conversion_id",
                          "was used before with other content");
  }
  domain::ConversionContext context;
  context.now = now;
  context.version = rules.InForce(report.conversion_time.value_or(now));
  if (!report.referral_id.empty()) {
    context.referral = unit.Find<store::ReferralTable>({program_id_, report.referral_id});
  }
  context.customer = FindCustomer(unit, report, context.referral);
  KITH_ASSIGN_OR_RETURN(const domain::Conversion conversion,
                        domain::JudgeConversion(program_id_, report, context));
  unit.Put<store::ConversionTable>(conversion);
  if (context.customer != nullptr && !domain::IsBeforeSignup(conversion, *context.customer)) {
    domain::Customer customer = *context.customer;
    ++customer.open_conversions;
    unit.Put<store::CustomerTable>(std::move(customer));
  }
  Settle(unit, rules, conversion, now);
  return ViewConversion(unit, conversion);
}

const domain::Customer* RecordConversions::FindCustomer(
    exec::Unit& unit, const domain::ConversionReport& report,
    const domain::Referral* referral) const {
  const std::string customer_id = domain::ConvertedCustomer(report, referral);
  if (!customer_id.empty()) {
    return unit.Find<store::CustomerTable>({program_id_, customer_id});
  }
  if (referral == nullptr || referral->email_hash.empty()) return nullptr;
  return domain::CustomerByAddress(
      *referral, unit.Select<store::CustomersByEmail>({program_id_, referral->email_hash}));
}

void RecordConversions::Settle(exec::Unit& unit, const Rules& rules,
                               const domain::Conversion& conversion, absl::Time now) const {
  if (conversion.referral_id.empty()) return;
  const auto* stored = unit.Find<store::ReferralTable>({program_id_, conversion.referral_id});
  if (stored == nullptr) return;
  if (stored->conversion_id.empty() && conversion.success) {
    MakeLive(unit, rules, conversion, now);
  } else {
    GrantRewards(unit, rules, domain::Referral(*stored), conversion, now);
  }
}

}  // namespace kith::referral::app
