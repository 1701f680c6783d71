#include "tests/support/full_rules.h"

#include <string>

#include "absl/strings/substitute.h"
#include "google/protobuf/text_format.h"

namespace kith::test {
namespace {

// $0: program, $1: seconds of holding, $2 and $3: amounts, $4: least payment.
constexpr char kRules[] = R"pb(
  program_id: "$0"
  currency: "USD"
  time_zone: "Europe/Berlin"
  leads {
    fit {
      any_of {
        all_of { field: "lead.seats" comparison: COMPARISON_AT_LEAST values: "10" }
        all_of { field: "lead.country" comparison: COMPARISON_IN values: "DE" values: "FR" }
      }
      any_of { all_of { field: "lead.seats" comparison: COMPARISON_AT_LEAST values: "500" } }
    }
    follow_up_sla { seconds: 172800 }
    alert_referee: true
  }
  success { min_amount_minor: $4 }
  caps { scope: CAP_SCOPE_RECIPIENT period: CAP_PERIOD_YEAR max_minor: 500000000000 }
  caps { scope: CAP_SCOPE_PROGRAM period: CAP_PERIOD_LIFETIME max_minor: 900000000000 }
  rewards {
    rule_id: "referrer"
    side: REWARD_SIDE_REFERRER
    kind: REWARD_KIND_CASH
    fixed_minor: 2000
    cases {
      when {
        any_of { all_of { field: "order.plan" comparison: COMPARISON_EQUALS values: "pro" } }
      }
      fixed_minor: $2
    }
    holding_period { seconds: $1 }
    caps { scope: CAP_SCOPE_RECIPIENT period: CAP_PERIOD_MONTH max_rewards: 10000000 }
    clawback_window { seconds: 7776000 }
    churn_clawback_window { seconds: 5184000 }
  }
  rewards {
    rule_id: "referee"
    side: REWARD_SIDE_REFEREE
    kind: REWARD_KIND_CREDIT
    fixed_minor: $3
    condition { any_of { all_of { field: "order.plan" comparison: COMPARISON_EXISTS } } }
    max_rewards_per_recipient: 1
    holding_period { seconds: $1 }
    expires_after { seconds: 31536000 }
  }
  fraud {
    weights { signal: SIGNAL_SAME_DOMAIN weight: 60 }
    weights { signal: SIGNAL_DISPOSABLE_DOMAIN weight: 100 }
    hold_at: 50
    reject_at: 100
    suspend_after: 1000
    velocity { dimension: VELOCITY_DIMENSION_ADVOCATE max_per_day: 1000000 }
    velocity { dimension: VELOCITY_DIMENSION_IP max_per_day: 1000000 }
    velocity { dimension: VELOCITY_DIMENSION_DEVICE max_per_day: 1000000 }
    chain_depth: 3
    disposable_domains: "throwaway.example"
    paid_sources: "ads"
  }
)pb";

}  // namespace

kith::referral::v1::Program FullRules(absl::string_view program_id,
                                      absl::Duration holding_period) {
  kith::referral::v1::Program program;
  const std::string text =
      absl::Substitute(kRules, program_id, absl::ToInt64Seconds(holding_period),
                       kReferrerReward, kRefereeReward, kSuccessMinor);
  google::protobuf::TextFormat::ParseFromString(text, &program);
  return program;
}

}  // namespace kith::test
