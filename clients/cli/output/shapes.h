// The JSON of the read-outs. Scripts rely on these shapes: no key is ever renamed, removed
// or, but for `report`, added.
#ifndef KITH_CLIENTS_CLI_OUTPUT_SHAPES_H_
#define KITH_CLIENTS_CLI_OUTPUT_SHAPES_H_

#include <vector>

#include "clients/cli/output/proto_json.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {

// {"groups":[{"group","n","events","median_days","points":[{"day","at_risk","events",
// "survival","lower","upper"}]}],"log_rank":{"chi_square","degrees_of_freedom","p_value"}}.
// `median_days`, `lower` and `upper` are null when undefined, `log_rank` with one group.
Json SurvivalJson(const retention::v1::GetSurvivalResponse& response);

// {"groups":[{"group","months":[{"month","at_risk","events","hazard"}]}],
// "rate_ratio":{"numerator","denominator","ratio","lower","upper"}}. `rate_ratio` is null
// unless both channels are there; its numbers are null when undefined.
Json ChurnJson(const retention::v1::GetChurnByMonthResponse& response);

// {"advocates","successes","gini","top":[{"share_of_advocates","share_of_successes"}],
// "segments":[{"segment","advocates","min_successes","max_successes"}]}.
Json ConcentrationJson(const advocacy::v1::GetConcentrationResponse& concentration,
                       const advocacy::v1::GetSegmentsResponse& segments);

// {"advocate_id","points","tier","points_to_next_tier","segment","successes"}. `tier` is
// empty for none.
Json AdvocateJson(const advocacy::v1::Advocate& advocate);

// {"rewards":[…],"totals":[{"currency","amount_minor","state"}]}. A reward has the fields of
// kith.referral.v1.Reward.
Json RewardsJson(const std::vector<referral::v1::Reward>& rewards,
                 const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals);
// The totals alone.
Json RewardTotalsJson(
    const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_SHAPES_H_
