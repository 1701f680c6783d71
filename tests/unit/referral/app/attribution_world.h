// The short forms of the commands about codes and attribution, for their tests.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_ATTRIBUTION_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_ATTRIBUTION_WORLD_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/attribution_reader.h"
#include "services/referral/app/issue_code.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/app/revoke_code.h"
#include "services/referral/app/rotate_code.h"
#include "services/referral/domain/names.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {

// Runs on every store, without a single row that was not prefetched. ada (with an address) and
// bob are enrolled.
class AttributionTest : public ::testing::TestWithParam<std::string> {
 protected:
  AttributionTest() {
    ada_ = world_.EnrollOne("ada", "ada@example.com");
    bob_ = world_.EnrollOne("bob");
    world_.NewFacts();
  }
  ~AttributionTest() override { EXPECT_EQ(world_.misses(), 0); }

  static std::string Reason(const absl::Status& status) { return GetErrorReason(status); }

  // Applies the sample program as `change` has changed it, for all that has happened since.
  template <class Change>
  void ApplyWith(Change change) {
    domain::Program program = SampleProgram();
    change(program);
    const auto applied = world_.Apply({.program = std::move(program),
                                       .effective_time = kNow - 1000 * kDay,
                                       .dry_run = false});
    ASSERT_TRUE(applied.ok()) << applied.status();
  }
  absl::StatusOr<domain::Code> IssueVanity(const std::string& advocate,
                                           const std::string& vanity) {
    return world_.Run<IssueCode>("IssueCode",
                                 IssueCode::Request{"acme", advocate, vanity, ""});
  }
  absl::StatusOr<domain::Code> IssueFor(const std::string& advocate,
                                        const std::string& campaign) {
    return world_.Run<IssueCode>("IssueCode",
                                 IssueCode::Request{"acme", advocate, "", campaign});
  }
  absl::StatusOr<RotateCode::Response> Rotate(const std::string& advocate) {
    return world_.Run<RotateCode>("RotateCode", std::string("acme"), advocate);
  }
  absl::StatusOr<domain::Code> Revoke(const std::string& code, const std::string& by = "sue") {
    return world_.Run<RevokeCode>("RevokeCode", std::string("acme"), code, by);
  }
  absl::StatusOr<OverrideAttribution::Response> Override(const std::string& customer,
                                                         const std::string& advocate,
                                                         const std::string& cause = "call") {
    return world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, advocate, "sue", cause});
  }
  absl::StatusOr<domain::Customer> SignUpWithCode(const std::string& customer,
                                                  const std::string& code,
                                                  absl::Time time = kNow) {
    auto signup = SignupOf(customer, time);
    signup.signup.code = code;
    return world_.SignUp(signup);
  }
  AttributionReader reader() { return AttributionReader(world_.database()); }
  // "share/… 1000 reversed override", …: id, amount, state, cause.
  std::vector<std::string> Rewards() const {
    std::vector<std::string> lines;
    for (const domain::Reward& reward : world_.Rewards()) {
      const bool owed = reward.owed();
      lines.push_back(absl::StrCat(reward.reward_id, " ", reward.recipient_id, " ",
                                   reward.amount_minor, " ", owed ? "owed" : "",
                                   owed ? "" : reward.cause));
    }
    return lines;
  }
  // The ledger's sums by account, which together are 0.
  void ExpectBooksBalance() const {
    int64_t sum = 0;
    for (const auto& [key, minor] : world_.GetSummary().balances) sum += minor;
    EXPECT_EQ(sum, 0);
  }

  World world_{GetParam()};
  std::string ada_, bob_;  // codes
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_ATTRIBUTION_WORLD_H_
