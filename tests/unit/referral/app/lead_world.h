// The short forms of the commands about leads, for their tests.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_LEAD_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_LEAD_WORLD_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "services/referral/app/decide_fit.h"
#include "services/referral/app/lead_reader.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/opt_out.h"
#include "services/referral/app/update_leads.h"
#include "services/referral/domain/names.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {

// What the job of due work does for one lead.
class FollowUpDue final : public exec::Command {
 public:
  using Response = bool;
  FollowUpDue(std::string referral_id, Encoder<Response> encode)
      : referral_id_(std::move(referral_id)), encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override {
    WantFollowUpDue(loader, "acme", referral_id_);
  }
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override {
    ApplyFollowUpDue(unit, "acme", referral_id_, now);
    return encode_(true);
  }

 private:
  const std::string referral_id_;
  const Encoder<Response> encode_;
};

// Runs on every store, without a single row that was not prefetched.
class LeadTest : public ::testing::TestWithParam<std::string> {
 protected:
  LeadTest() { ada_code_ = world_.EnrollOne("ada", "ada@example.com"); }
  ~LeadTest() override { EXPECT_EQ(world_.misses(), 0); }

  static std::string Reason(const absl::Status& status) { return GetErrorReason(status); }

  // Applies the sample program as `change` has changed it.
  template <class Change>
  void ApplyWith(Change change) {
    domain::Program program = SampleProgram();
    change(program);
    const auto applied = world_.Apply({.program = std::move(program),
                                       .effective_time = kNow - 100 * kDay,
                                       .dry_run = false});
    ASSERT_TRUE(applied.ok()) << applied.status();
  }

  // A lead of ada's with an address.
  SubmitReferrals::NewLead Lead(const std::string& id, absl::Time time = kNow - kDay) const {
    return LeadOf(id, "ada", "", time, id + "@friends.example");
  }
  domain::Referral Submit(SubmitReferrals::NewLead lead) {
    const auto referral = world_.SubmitOne(std::move(lead));
    EXPECT_TRUE(referral.ok()) << referral.status();
    return referral.ok() ? *referral : domain::Referral();
  }
  std::string Refusal(SubmitReferrals::NewLead lead) {
    return Reason(world_.SubmitOne(std::move(lead)).status());
  }

  absl::StatusOr<domain::Referral> Update(const std::string& id, domain::LeadState state,
                                          const std::string& reason = "") {
    return Update(id, state, world_.clock.Now(), reason);
  }
  absl::StatusOr<domain::Referral> Update(const std::string& id, domain::LeadState state,
                                          absl::Time time, const std::string& reason = "") {
    std::vector<UpdateLeads::Update> updates = {
        {id, {.state = state, .time = time, .by = "sue", .reason = reason}}};
    const auto results =
        world_.Run<UpdateLeads>("UpdateLeads", std::string("acme"), std::move(updates));
    if (!results.ok()) return results.status();
    return results->front();
  }
  absl::StatusOr<domain::Referral> Decide(const std::string& id, domain::Fit fit,
                                          const std::string& reason = "") {
    return world_.Run<DecideFit>("DecideFit", std::string("acme"), id,
                                 domain::FitDecision{fit, "sue", reason});
  }
  absl::StatusOr<OptOut::Response> Opt(bool out, const std::string& email,
                                       const std::string& phone = "") {
    return world_.Run<OptOut>(out ? "OptOut" : "OptIn", std::string("acme"),
                              OptOut::Contact{email, phone}, out);
  }
  void DueComes(const std::string& id) {
    ASSERT_TRUE(world_.Run<FollowUpDue>("ApplyDue", id).ok());
  }
  // Leads whose first contact is scheduled, with the time in hours from kNow.
  std::vector<std::string> Scheduled() {
    return world_.Query(
        "SELECT subject_id, (due_time - 1700000000000000) / 3600000000 FROM due_work "
        "WHERE kind = 'follow_up' ORDER BY due_time, subject_id");
  }

  World world_{GetParam()};
  LeadReader reader_{world_.database()};
  std::string ada_code_;
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_LEAD_WORLD_H_
