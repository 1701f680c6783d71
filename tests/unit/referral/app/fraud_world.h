// The short forms of the commands about honesty and quality, for their tests.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_FRAUD_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_FRAUD_WORLD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "services/referral/app/check_referral.h"
#include "services/referral/app/fraud_reader.h"
#include "services/referral/app/reinstate_advocate.h"
#include "services/referral/app/reset_alarm.h"
#include "services/referral/app/resolve_case.h"
#include "services/referral/app/suspend_advocate.h"
#include "services/referral/app/update_blocklist.h"
#include "services/referral/domain/names.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {

// Ann recommends, under rules of honesty: two leads a day are ordinary, and three network
// addresses; two confirmed frauds suspend. Runs on every store, without a row that was not
// prefetched.
class FraudTest : public ::testing::TestWithParam<std::string> {
 protected:
  FraudTest() {
    ApplyWith([](domain::Program&) {});
    EnrollAdvocates::NewAdvocate ann{.advocate_id = "ann"};
    ann.email = "ann@acme.example";
    ann.device_id = "laptop-of-ann";
    ann.phone = "+49 171 1234567";
    world_.Enroll({ann});
    ann_code_ = world_.Advocate("ann").code;
    world_.NewFacts();
  }
  ~FraudTest() override { EXPECT_EQ(world_.misses(), 0); }

  static std::string Reason(const absl::Status& status) { return GetErrorReason(status); }

  // Applies the program as `change` has changed it.
  template <class Change>
  void ApplyWith(Change change) {
    domain::Program program = SampleProgram();
    program.fraud.enabled = true;
    program.fraud.velocity = {{domain::VelocityDimension::kAdvocate, 2},
                              {domain::VelocityDimension::kIp, 3}};
    program.fraud.suspend_after = 2;
    change(program);
    const auto applied = world_.Apply({.program = std::move(program),
                                       .effective_time = kNow - 100 * kDay,
                                       .dry_run = false});
    ASSERT_TRUE(applied.ok()) << applied.status();
  }

  SubmitReferrals::NewLead Lead(const std::string& id, absl::Time time = kNow - kDay) const {
    return LeadOf(id, "ann", "", time, id + "@friends.example");
  }
  // Two ordinary leads and a third, which is held.
  void HoldOne(const std::string& id = "r3", absl::Time time = kNow - kDay) {
    for (const std::string& one : {id + "-a", id + "-b", id}) {
      ASSERT_TRUE(world_.SubmitOne(Lead(one, time)).ok());
    }
  }
  AttributeSignups::NewSignup Signup(const std::string& customer,
                                     absl::Time time = kNow - kDay) const {
    AttributeSignups::NewSignup signup = SignupOf(customer, time);
    signup.signup.code = ann_code_;
    return signup;
  }

  absl::StatusOr<ResolveCase::Response> Resolve(const std::string& id, bool approve,
                                                const std::string& note = "") {
    return world_.Run<ResolveCase>("ResolveCase",
                                   ResolveCase::Request{"acme", id, approve, "eve", note});
  }
  absl::StatusOr<domain::Advocate> Suspend(const std::string& advocate) {
    return world_.Run<SuspendAdvocate>("SuspendAdvocate", std::string("acme"), advocate,
                                       ConductDecision{"eve", "spam"});
  }
  absl::StatusOr<domain::Advocate> Reinstate(const std::string& advocate) {
    return world_.Run<ReinstateAdvocate>("ReinstateAdvocate", std::string("acme"), advocate,
                                         ConductDecision{"eve", "appeal"});
  }
  Results<domain::BlockedIdentity> Block(std::vector<IdentityValue> identities) {
    const auto results = world_.Run<AddToBlocklist>(
        "AddToBlocklist", std::string("acme"), identities, ConductDecision{"eve", "spam"});
    EXPECT_TRUE(results.ok()) << results.status();
    return results.value();
  }
  int64_t Unblock(std::vector<IdentityValue> identities) {
    return world_
        .Run<RemoveFromBlocklist>("RemoveFromBlocklist", std::string("acme"), identities)
        .value();
  }

  domain::FraudCase Case(const std::string& id) const {
    return reader_.GetCase("acme", id, test::Soon()).value().fraud_case;
  }
  std::vector<std::string> CaseIds(CaseFilter filter) const {
    std::vector<std::string> ids;
    PageRequest page{.size = 1, .token = ""};
    do {
      const auto found = reader_.ListCases(filter, page, test::Soon()).value();
      for (const auto& row : found.rows) ids.push_back(row.referral_id);
      page.token = found.next_token;
    } while (!page.token.empty());
    return ids;
  }
  // "velocity 50 …" of each piece of evidence.
  static std::vector<std::string> Texts(const std::vector<domain::SignalEvidence>& evidence) {
    std::vector<std::string> texts;
    for (const auto& one : evidence) {
      texts.push_back(absl::StrCat(domain::Name(one.signal), " ", one.weight, " ", one.text));
    }
    return texts;
  }

  World world_{GetParam()};
  FraudReader reader_{world_.database()};
  std::string ann_code_;
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_FRAUD_WORLD_H_
