#include "services/referral/consumers/lifecycle_handler.h"

#include <optional>
#include <string>
#include <variant>

#include "common/base/error.h"
#include "common/feed/apply_events.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/lifecycle.h"

namespace kith::referral::consumers {
namespace {

using app::AdvocateFact;
using app::CustomerFact;
using events::v1::Fact;
using Known = std::variant<CustomerFact, AdvocateFact>;

constexpr absl::string_view kRetention = "retention";
constexpr absl::string_view kAdvocacy = "advocacy";

CustomerFact OfCustomer(const feed::Event& event, CustomerFact::Kind kind,
                        const std::string& customer_id, bool has_time,
                        const google::protobuf::Timestamp& time) {
  const absl::Time happened =
      absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
  return {event.program_id, customer_id, kind, has_time ? happened : event.recorded_time};
}

std::optional<Known> FromRetention(const feed::Event& event) {
  using Kind = CustomerFact::Kind;
  switch (event.fact->fact_case()) {
    case Fact::kAhaReached: {
      const auto& fact = event.fact->aha_reached();
      return OfCustomer(event, Kind::kAha, fact.customer_id(), fact.has_aha_time(),
                        fact.aha_time());
    }
    case Fact::kCustomerChurned: {
      const auto& fact = event.fact->customer_churned();
      return OfCustomer(event, Kind::kChurned, fact.customer_id(), fact.has_churn_time(),
                        fact.churn_time());
    }
    case Fact::kCustomerReactivated: {
      const auto& fact = event.fact->customer_reactivated();
      return OfCustomer(event, Kind::kReactivated, fact.customer_id(),
                        fact.has_reactivation_time(), fact.reactivation_time());
    }
    default:
      return std::nullopt;
  }
}

std::optional<Known> FromAdvocacy(const feed::Event& event) {
  using Kind = AdvocateFact::Kind;
  switch (event.fact->fact_case()) {
    case Fact::kTierChanged: {
      const auto& fact = event.fact->tier_changed();
      return AdvocateFact{event.program_id, fact.advocate_id(), Kind::kTier, fact.new_tier()};
    }
    case Fact::kSegmentChanged: {
      const auto& fact = event.fact->segment_changed();
      return AdvocateFact{event.program_id, fact.advocate_id(), Kind::kSegment,
                          fact.new_segment()};
    }
    default:
      return std::nullopt;
  }
}

// The fact in the application's terms; nullopt when it is of no use here.
std::optional<Known> Translate(const feed::Event& event) {
  if (event.source == kRetention) return FromRetention(event);
  if (event.source == kAdvocacy) return FromAdvocacy(event);
  return std::nullopt;
}

bool NamesSomebody(const CustomerFact& fact) { return !fact.customer_id.empty(); }
bool NamesSomebody(const AdvocateFact& fact) { return !fact.advocate_id.empty(); }

}  // namespace

void LifecycleHandler::Prefetch(const feed::Event& event, exec::Loader& loader) const {
  const std::optional<Known> known = Translate(event);
  if (!known.has_value()) return;
  std::visit([&](const auto& fact) { app::WantLife(loader, fact); }, *known);
}

absl::Status LifecycleHandler::Apply(const feed::Event& event, exec::Unit& unit,
                                     absl::Time now) const {
  const std::optional<Known> known = Translate(event);
  if (!known.has_value()) return absl::OkStatus();
  return std::visit(
      [&](const auto& fact) -> absl::Status {
        if (!NamesSomebody(fact)) {
          return MakeError(feed::kUnreadableFact, "the fact names nobody");
        }
        return app::ApplyLife(unit, fact, now);
      },
      *known);
}

}  // namespace kith::referral::consumers
