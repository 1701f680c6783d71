#include "services/retention/consumers/referral_handler.h"

#include <optional>

#include "common/feed/apply_events.h"
#include "kith/events/v1/events.pb.h"
#include "services/retention/app/attribute_customer.h"

namespace kith::retention::consumers {
namespace {

constexpr absl::string_view kSource = "referral";

// The fact in the application's terms; nullopt when it is of no use here.
std::optional<app::Judgement> Translate(const feed::Event& event) {
  if (event.source != kSource || !event.fact->has_signup_attributed()) return std::nullopt;
  const events::v1::SignupAttributed& fact = event.fact->signup_attributed();
  app::Judgement judgement{
      event.program_id, fact.customer_id(), {fact.channel(), fact.advocate_id(), {}}};
  if (fact.has_signup_time()) {
    judgement.attribution.signup_time = absl::FromUnixSeconds(fact.signup_time().seconds()) +
                                        absl::Microseconds(fact.signup_time().nanos() / 1000);
  }
  return judgement;
}

}  // namespace

void ReferralHandler::Prefetch(const feed::Event& event, exec::Loader& loader) const {
  const std::optional<app::Judgement> judgement = Translate(event);
  if (judgement.has_value()) app::Prefetch(*judgement, loader);
}

absl::Status ReferralHandler::Apply(const feed::Event& event, exec::Unit& unit,
                                    absl::Time) const {
  const std::optional<app::Judgement> judgement = Translate(event);
  if (!judgement.has_value()) return absl::OkStatus();
  if (judgement->customer_id.empty()) {
    return MakeError(feed::kUnreadableFact, "signup_attributed names no customer");
  }
  app::Apply(*judgement, unit);
  return absl::OkStatus();
}

}  // namespace kith::retention::consumers
