// Recalculations in short form, for their tests.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_RECALCULATION_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_RECALCULATION_WORLD_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/referral/app/recalculate_program.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {

// Runs without a row that was not prefetched.
class RecalculationTest : public RewardTest {
 protected:
  ~RecalculationTest() override { EXPECT_EQ(world_.misses(), 0); }

  // 250 MB for both, at most 32 times for a referrer; two friends' apps were installed.
  void Begin() {
    ApplyMegabytes(250);
    for (const char* n : {"1", "2"}) {
      Bring(absl::StrCat("c", n));
      Pay(absl::StrCat("o", n), absl::StrCat("c", n), 0);
    }
    Advance(kDay);
    ApplyMegabytes(500);
  }
  void ApplyMegabytes(int64_t mb, std::optional<int64_t> cap = std::nullopt) {
    domain::RewardRule rule = Rule("space", mb);
    rule.kind = domain::RewardKind::kInKind;
    rule.unit = "mb";
    rule.max_rewards_per_recipient = 32;
    if (cap.has_value()) {
      domain::Cap minor;
      minor.max_minor = cap;
      rule.caps = {minor};
    }
    Apply({rule});
  }
  RecalculateProgram::Response Recalculate(bool dry_run = false, int64_t version = 0,
                                           PageRequest page = {}) {
    RecalculateProgram::Request request;
    request.program_id = "acme";
    request.version = version;
    request.from_time = kNow - kDay;
    request.to_time = kNow + kDay;
    request.page = std::move(page);
    request.dry_run = dry_run;
    const auto response = world_.Run<RecalculateProgram>("RecalculateProgram", request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : RecalculateProgram::Response();
  }
  static std::vector<std::string> Brief(const RecalculateProgram::Response& response) {
    static constexpr const char* kNames[] = {"created",   "adjusted", "supplemented", "paid",
                                             "withdrawn", "capped",   "superseded"};
    std::vector<std::string> all;
    for (const RecalculatedReward& reward : response.rewards) {
      all.push_back(
          absl::StrCat(reward.reward_id, " ", reward.old_minor, " ", reward.new_minor, " ",
                       reward.currency, " ", kNames[static_cast<int>(reward.outcome)],
                       reward.supplement_id.empty() ? "" : " ", reward.supplement_id,
                       reward.superseded_by == 0 ? "" : " by v",
                       reward.superseded_by == 0 ? "" : absl::StrCat(reward.superseded_by)));
    }
    return all;
  }
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_RECALCULATION_WORLD_H_
