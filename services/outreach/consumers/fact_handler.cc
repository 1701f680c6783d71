#include "services/outreach/consumers/fact_handler.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "kith/events/v1/events.pb.h"
#include "services/outreach/app/run_playbooks.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/store/enrollment_tables.h"

namespace kith::outreach {
namespace {

using events::v1::Fact;

// What a fact means here.
struct Meaning {
  std::optional<TriggerFact> starts;
  std::vector<Milestone> reaches;
  std::optional<MilestoneTable::Key> takes_back = std::nullopt;  // what is so no more
  std::optional<std::string> unreferred = std::nullopt;  // a customer whom nobody has referred
};

template <class Message>
absl::Time TimeOr(bool has, const Message& time, absl::Time otherwise) {
  if (!has) return otherwise;
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

Meaning MeaningOf(const events::v1::ReferralSubmitted& fact, const feed::Event& event) {
  const absl::Time time =
      TimeOr(fact.has_submitted_time(), fact.submitted_time(), event.recorded_time);
  return {TriggerFact{Trigger::kReferralSubmitted, fact.advocate_id(), fact.referral_id(),
                      fact.referral_id(), time},
          {}};
}

Meaning MeaningOf(const events::v1::SignupAttributed& fact, const feed::Event& event) {
  if (fact.advocate_id().empty()) return {std::nullopt, {}, std::nullopt, fact.customer_id()};
  const absl::Time time =
      TimeOr(fact.has_signup_time(), fact.signup_time(), event.recorded_time);
  return {TriggerFact{Trigger::kSignupAttributed, fact.customer_id(), fact.customer_id(),
                      fact.referral_id(), time},
          {}};
}

Meaning MeaningOf(const events::v1::ReferralConverted& fact, const feed::Event& event) {
  const absl::Time time =
      TimeOr(fact.has_conversion_time(), fact.conversion_time(), event.recorded_time);
  Meaning meaning;
  meaning.starts = TriggerFact{Trigger::kReferralConverted,
                               fact.advocate_id(),
                               fact.referral_id(),
                               fact.referral_id(),
                               time,
                               fact.conversion_id()};
  // It may have counted for another advocate, or been under suspicion, before.
  meaning.takes_back = MilestoneTable::Key(event.program_id, std::string(kConversionReversed),
                                           fact.conversion_id());
  meaning.reaches.push_back(
      {event.program_id, std::string(kReferralConverted), fact.referral_id(), time});
  if (!fact.customer_id().empty()) {
    meaning.reaches.push_back(
        {event.program_id, std::string(kCustomerConverted), fact.customer_id(), time});
  }
  return meaning;
}

TriggerFact OfCustomer(Trigger trigger, const std::string& customer_id, absl::Time time) {
  return {trigger, customer_id, customer_id, "", time};
}

Meaning MeaningOf(const events::v1::CustomerChurned& fact, const feed::Event& event) {
  const absl::Time time =
      TimeOr(fact.has_churn_time(), fact.churn_time(), event.recorded_time);
  return {OfCustomer(Trigger::kCustomerChurned, fact.customer_id(), time),
          {{event.program_id, std::string(kCustomerChurned), fact.customer_id(), time}}};
}

Meaning MeaningOf(const events::v1::ConversionReversed& fact, const feed::Event& event) {
  // When it was told: a conversion that was told before does not undo it.
  return {std::nullopt,
          {{event.program_id, std::string(kConversionReversed), fact.conversion_id(),
            event.recorded_time}}};
}

Meaning MeaningOf(const events::v1::CustomerReactivated& fact, const feed::Event& event) {
  const absl::Time time =
      TimeOr(fact.has_reactivation_time(), fact.reactivation_time(), event.recorded_time);
  return {std::nullopt,
          {{event.program_id, std::string(kCustomerReactivated), fact.customer_id(), time}}};
}

Meaning MeaningOf(const feed::Event& event) {
  const Fact& fact = *event.fact;
  switch (fact.fact_case()) {
    case Fact::kReferralSubmitted:
      return MeaningOf(fact.referral_submitted(), event);
    case Fact::kSignupAttributed:
      return MeaningOf(fact.signup_attributed(), event);
    case Fact::kReferralConverted:
      return MeaningOf(fact.referral_converted(), event);
    case Fact::kConversionReversed:
      return MeaningOf(fact.conversion_reversed(), event);
    case Fact::kCustomerOnboarded:
      return {
          OfCustomer(Trigger::kCustomerOnboarded, fact.customer_onboarded().customer_id(),
                     TimeOr(fact.customer_onboarded().has_onboarded_time(),
                            fact.customer_onboarded().onboarded_time(), event.recorded_time)),
          {}};
    case Fact::kAhaReached:
      return {OfCustomer(Trigger::kAhaReached, fact.aha_reached().customer_id(),
                         TimeOr(fact.aha_reached().has_aha_time(),
                                fact.aha_reached().aha_time(), event.recorded_time)),
              {}};
    case Fact::kCustomerChurned:
      return MeaningOf(fact.customer_churned(), event);
    case Fact::kCustomerReactivated:
      return MeaningOf(fact.customer_reactivated(), event);
    default:
      return {};
  }
}

absl::Status Malformed(absl::string_view fact) {
  return MakeError(errors::kMalformedFact,
                   absl::StrCat("the fact ", fact, " does not say whom or what it is about"));
}

absl::Status Check(const Meaning& meaning) {
  if (meaning.starts.has_value() &&
      (meaning.starts->contact_id.empty() || meaning.starts->subject_id.empty())) {
    return Malformed(Name(meaning.starts->trigger));
  }
  for (const Milestone& milestone : meaning.reaches) {
    if (milestone.subject_id.empty()) return Malformed(milestone.kind);
  }
  if (meaning.unreferred == "") return Malformed(Name(Trigger::kSignupAttributed));
  return absl::OkStatus();
}

// Unless the event is from before it: one that is applied again, or late.
void TakeBack(const MilestoneTable::Key& key, const feed::Event& event, exec::Unit& unit) {
  const Milestone* milestone = unit.Find<MilestoneTable>(key);
  if (milestone == nullptr || milestone->time > event.recorded_time) return;
  unit.Erase<MilestoneTable>(key);
}

}  // namespace

void FactHandler::Prefetch(const feed::Event& event, exec::Loader& loader) const {
  WantProgram(event.program_id, loader);
  const Meaning meaning = MeaningOf(event);
  if (!Check(meaning).ok()) return;
  if (meaning.takes_back.has_value()) loader.Want<MilestoneTable>(*meaning.takes_back);
  for (const Milestone& milestone : meaning.reaches) WantReach(milestone, loader);
  if (meaning.unreferred.has_value()) {
    WantWithdrawal(event.program_id, *meaning.unreferred, loader);
  }
  if (meaning.starts.has_value()) WantStart(event.program_id, *meaning.starts, loader);
}

absl::Status FactHandler::Apply(const feed::Event& event, exec::Unit& unit,
                                absl::Time now) const {
  const Meaning meaning = MeaningOf(event);
  KITH_RETURN_IF_ERROR(Check(meaning));
  KnowProgram(event.program_id, unit, now);
  if (meaning.takes_back.has_value()) TakeBack(*meaning.takes_back, event, unit);
  for (const Milestone& milestone : meaning.reaches) Reach(milestone, unit, now);
  if (meaning.unreferred.has_value()) {
    Withdraw(event.program_id, *meaning.unreferred, unit, now);
  }
  if (meaning.starts.has_value()) Start(event.program_id, *meaning.starts, unit, now);
  return absl::OkStatus();
}

}  // namespace kith::outreach
