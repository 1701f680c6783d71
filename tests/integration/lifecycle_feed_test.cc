// What the referral service hears from the others: rewards that depend on what becomes of the
// referee, through the real binaries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using nlohmann::json;

class LifecycleFeedTest : public ::testing::TestWithParam<std::string> {
 protected:
  LifecycleFeedTest() : suite_(Options()) {
    suite_.StartAll();
    const char* root = std::getenv("KITH_SOURCE");
    Kith(
        {"apply", "-f",
         absl::StrCat(root != nullptr ? root : ".", "/clients/examples/trust-transfer.yaml")});
  }

  static Suite::Options Options() {
    Suite::Options options;
    options.backend = GetParam();
    options.extra_args = {"--clock=manual:2024-06-01T00:00:00Z"};
    return options;
  }
  std::string Kith(std::vector<std::string> args) {
    const CommandResult result = suite_.Kith(std::move(args));
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    return result.out;
  }
  void Import(const std::string& kind, const std::string& rows) {
    const std::string path = absl::StrCat(suite_.folder(), "/", kind, ".csv");
    std::ofstream(path) << rows;
    Kith({"import", kind, path, "--program", "trust-transfer"});
  }
  json Rewards() {
    return json::parse(Kith({"rewards", "trust-transfer", "--json"}))["rewards"];
  }

  Suite suite_;
};

TEST_P(LifecycleFeedTest, TheReferrerEarnsWhenTheFriendSucceeds) {
  Import("customers",
         "customer_id,signup_time,referrer_id\n"
         "carl,2024-03-01,ada\ndora,2024-03-01,ada\n");
  suite_.AwaitCaughtUp();
  EXPECT_TRUE(Rewards().empty()) << Rewards().dump();
  Import("events", "customer_id,name,time\ncarl,first_result,2024-03-20\n");
  suite_.AwaitCaughtUp();
  const json rewards = Rewards();
  ASSERT_EQ(rewards.size(), 1) << rewards.dump();
  EXPECT_EQ(rewards[0]["rule_id"], "thanks");
  EXPECT_EQ(rewards[0]["recipient_id"], "ada");
  EXPECT_EQ(rewards[0]["amount"]["amount_minor"], 2500) << rewards.dump();
}

// The others are down, or late, and the referral service works all the same.
TEST_P(LifecycleFeedTest, FactsThatComeLateCountAsWell) {
  EXPECT_EQ(suite_.process("referral").Terminate(), 0);
  suite_.process("referral").Start();
  suite_.AwaitServing("referral");
  Import("customers", "customer_id,signup_time,referrer_id\ncarl,2024-03-01,ada\n");
  suite_.AwaitCaughtUp();
  EXPECT_EQ(suite_.process("referral").Terminate(), 0);
  Import("events", "customer_id,name,time\ncarl,first_result,2024-03-20\n");
  suite_.process("referral").Start();
  suite_.AwaitServing("referral");
  suite_.AwaitCaughtUp();
  EXPECT_EQ(Rewards().size(), 1) << Rewards().dump();
}

INSTANTIATE_TEST_SUITE_P(Backends, LifecycleFeedTest, ::testing::Values("sqlite", "postgres"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace kith::test
