#include "services/advocacy/consumers/referral_handler.h"

#include <optional>
#include <variant>

#include "common/base/error.h"
#include "kith/events/v1/events.pb.h"
#include "services/advocacy/app/referral_facts.h"
#include "services/advocacy/domain/errors.h"

namespace kith::advocacy::consumers {
namespace {

using events::v1::Fact;
using Known = std::variant<app::Enrolment, app::Conversion, app::Reversal>;

constexpr absl::string_view kSource = "referral";

template <class Message>
absl::Time TimeOr(bool has, const Message& time, absl::Time otherwise) {
  if (!has) return otherwise;
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

Known ToEnrolment(const feed::Event& event) {
  const auto& fact = event.fact->advocate_enrolled();
  return app::Enrolment{
      event.program_id, fact.advocate_id(),
      TimeOr(fact.has_enrolled_time(), fact.enrolled_time(), event.recorded_time)};
}

Known ToConversion(const feed::Event& event) {
  const auto& fact = event.fact->referral_converted();
  return app::Conversion{
      event.program_id, fact.conversion_id(), fact.referral_id(), fact.advocate_id(),
      TimeOr(fact.has_conversion_time(), fact.conversion_time(), event.recorded_time)};
}

Known ToReversal(const feed::Event& event) {
  const auto& fact = event.fact->conversion_reversed();
  return app::Reversal{
      event.program_id, fact.conversion_id(),
      TimeOr(fact.has_reversal_time(), fact.reversal_time(), event.recorded_time)};
}

// The fact in the application's terms; nullopt when it is of no use here.
std::optional<Known> Translate(const feed::Event& event) {
  if (event.source != kSource) return std::nullopt;
  switch (event.fact->fact_case()) {
    case Fact::kAdvocateEnrolled:
      return ToEnrolment(event);
    case Fact::kReferralConverted:
      return ToConversion(event);
    case Fact::kConversionReversed:
      return ToReversal(event);
    default:
      return std::nullopt;
  }
}

bool IsWhole(const app::Enrolment& fact) { return !fact.advocate_id.empty(); }
bool IsWhole(const app::Conversion& fact) {
  return !fact.conversion_id.empty() && !fact.advocate_id.empty();
}
bool IsWhole(const app::Reversal& fact) { return !fact.conversion_id.empty(); }

}  // namespace

void ReferralHandler::Prefetch(const feed::Event& event, exec::Loader& loader) const {
  const std::optional<Known> known = Translate(event);
  if (!known.has_value()) return;
  std::visit([&](const auto& fact) { app::Prefetch(fact, loader); }, *known);
}

absl::Status ReferralHandler::Apply(const feed::Event& event, exec::Unit& unit,
                                    absl::Time) const {
  const std::optional<Known> known = Translate(event);
  if (!known.has_value()) return absl::OkStatus();
  return std::visit(
      [&](const auto& fact) {
        return IsWhole(fact) ? app::Apply(fact, unit) : MakeError(errors::kMalformedFact);
      },
      *known);
}

}  // namespace kith::advocacy::consumers
