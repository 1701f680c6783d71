// Leases available rewards to a provider.
#ifndef KITH_SERVICES_REFERRAL_APP_CLAIM_REWARDS_H_
#define KITH_SERVICES_REFERRAL_APP_CLAIM_REWARDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// How long a lease may be, and how long it is when nothing is said.
inline constexpr absl::Duration kDefaultLease = absl::Minutes(5);
inline constexpr absl::Duration kShortestLease = absl::Seconds(1);
inline constexpr absl::Duration kLongestLease = absl::Hours(7 * 24);
// OK or INVALID_FIELD; zero is the default.
absl::StatusOr<absl::Duration> LeaseDuration(absl::Duration asked);

// Oldest first. Left out are the rewards of paused campaigns, what suspended advocates
// have earned by referring, and that for which there are not enough pieces. Errors:
// PROGRAM_NOT_FOUND, INVALID_FIELD.
class ClaimRewards final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string request_id;  // makes the lease tokens
    std::string provider;
    std::vector<domain::RewardKind> kinds;  // empty: all
    std::string item;                       // empty: all
    int64_t max_rewards = 0;                // 0: 10
    absl::Duration lease_duration = absl::ZeroDuration();
    absl::Time received_time;  // what is available by then is loaded; not judged by
  };
  struct Claimed {
    domain::Reward reward;  // as it is now
    domain::Fulfilment fulfilment;
  };
  using Response = std::vector<Claimed>;

  ClaimRewards(Request request, Encoder<Response> encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;
  // Not when nothing was leased: providers that poll would fill the store with it.
  bool IsStored(absl::string_view response) const override;

 private:
  bool Fits(const domain::Reward& lane) const;
  size_t Max() const;
  // The rewards that may be claimed, oldest first, as the store has them.
  std::vector<domain::Reward> Candidates(exec::Unit& unit, absl::Time now) const;
  // Whether this one may be claimed now; how many pieces of stock it takes.
  bool MayClaim(exec::Unit& unit, const domain::Reward& reward, int64_t& pieces) const;

  const Request request_;
  const Encoder<Response> encode_;
  const std::string nothing_;  // the response when nothing is leased
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CLAIM_REWARDS_H_
