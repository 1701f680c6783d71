// ProgramService over gRPC, in this process.
#include "services/referral/rpc/program_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "kith/referral/v1/program.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "services/referral/rpc/referral_service.h"
#include "tests/unit/referral/rpc/rpc_world.h"

namespace kith::referral::rpc {
namespace {

using v1::ProgramService;
using v1::ReferralService;

constexpr char kProgram[] =
    "program { program_id: 'acme' currency: 'EUR' "
    "rewards { rule_id: 'share' side: REWARD_SIDE_REFERRER kind: REWARD_KIND_CASH "
    "percent_basis_points: 1000 } "
    "campaigns { campaign_id: 'spring' start_time { seconds: 1690000000 } "
    "rewards { rule_id: 'gift' side: REWARD_SIDE_REFERRER kind: REWARD_KIND_CASH fixed_minor: "
    "500 trigger: TRIGGER_SIGNED_UP } "
    "caps { scope: CAP_SCOPE_PROGRAM max_minor: 100000 } } }";

class ProgramServiceTest : public ::testing::Test {
 protected:
  ProgramServiceTest() {
    std::vector<std::unique_ptr<kith::rpc::Service>> services;
    services.push_back(MakeReferralService(rpc_.world.reader(), rpc_.runtime()));
    services.push_back(
        MakeProgramService(app::ProgramReader(rpc_.world.database()), rpc_.runtime()));
    rpc_.Serve(std::move(services));
    EXPECT_TRUE(rpc_.Call<ReferralService>(&ReferralService::Stub::ApplyProgram,
                                           absl::StrCat("request_id: '1' ", kProgram))
                    .ok());
  }
  template <class Method>
  auto Referral(Method method, const std::string& text) {
    return rpc_.Call<ReferralService>(method, text);
  }
  template <class Method>
  auto Call(Method method, const std::string& text = "") {
    return rpc_.Call<ProgramService>(method, "program_id: 'acme' " + text);
  }
  template <class Result>
  static std::string Reason(const Result& result) {
    return GetErrorReason(result.status());
  }

  RpcWorld rpc_;
};

TEST_F(ProgramServiceTest, AVersionOfThePastWarns) {
  const auto applied =
      *Referral(&ReferralService::Stub::ApplyProgram,
                "request_id: '2' program { program_id: 'acme' currency: 'EUR' "
                "effective_time { seconds: 1600000000 } }");
  ASSERT_EQ(applied.warnings_size(), 1);
  EXPECT_EQ(applied.warnings(0), "BACKDATED");
  EXPECT_EQ(applied.backdated_from_time().seconds(), 1600000000);
  EXPECT_EQ(applied.backdated_until_time().seconds(), 1700000000);
  EXPECT_EQ(Reason(Referral(&ReferralService::Stub::ApplyProgram,
                            "request_id: '3' program { program_id: 'acme' currency: 'USD' }")),
            "CURRENCY_CHANGED");
}

TEST_F(ProgramServiceTest, VersionsAreListedAndCompared) {
  ASSERT_TRUE(Referral(&ReferralService::Stub::ApplyProgram,
                       "request_id: '2' program { program_id: 'acme' currency: 'EUR' "
                       "display_name: 'Acme' rewards { rule_id: 'share' side: "
                       "REWARD_SIDE_REFERRER kind: REWARD_KIND_CASH "
                       "percent_basis_points: 1500 } }")
                  .ok());
  const auto versions = *Call(&ProgramService::Stub::ListProgramVersions);
  ASSERT_EQ(versions.versions_size(), 2);
  EXPECT_EQ(versions.versions(0).version(), 1);
  EXPECT_FALSE(versions.versions(0).has_effective_time());
  EXPECT_FALSE(versions.versions(0).in_force());
  EXPECT_EQ(versions.versions(0).reward_rules(), 2);
  EXPECT_EQ(versions.versions(0).campaigns(), 1);
  EXPECT_EQ(versions.versions(1).effective_time().seconds(), 1700000000);
  EXPECT_TRUE(versions.versions(1).in_force());
  EXPECT_EQ(versions.versions(1).display_name(), "Acme");
  EXPECT_EQ(versions.versions(1).currency(), "EUR");
  const auto diff = *Call(&ProgramService::Stub::DiffProgramVersions);
  EXPECT_EQ(diff.old_version(), 1);
  EXPECT_EQ(diff.new_version(), 2);
  const auto& last = *diff.differences().rbegin();
  EXPECT_EQ(last.field(), "rewards[share].percent_basis_points");
  EXPECT_EQ(last.old_value(), "1000");
  EXPECT_EQ(last.new_value(), "1500");
  EXPECT_EQ(Reason(Call(&ProgramService::Stub::DiffProgramVersions, "new_version: 3")),
            "PROGRAM_VERSION_NOT_FOUND");
}

TEST_F(ProgramServiceTest, ACampaignIsPausedAndResumed) {
  const std::string pause =
      "request_id: '3' campaign_id: 'spring' cause: 'complaints' paused_by: 'olga'";
  const auto paused = *Call(&ProgramService::Stub::PauseCampaign, pause);
  EXPECT_EQ(paused.pause().paused_time().seconds(), 1700000000);
  const auto listed = *Call(&ProgramService::Stub::ListCampaigns);
  ASSERT_EQ(listed.campaigns_size(), 1);
  EXPECT_EQ(listed.campaigns(0).pause().cause(), "complaints");
  EXPECT_EQ(listed.campaigns(0).pause().paused_by(), "olga");
  const std::string resume = "request_id: '4' campaign_id: 'spring' requested_by: 'otto'";
  EXPECT_TRUE(Call(&ProgramService::Stub::ResumeCampaign, resume)->was_paused());
  EXPECT_TRUE(Call(&ProgramService::Stub::ResumeCampaign, resume)->was_paused());  // replayed
  EXPECT_FALSE(
      Call(&ProgramService::Stub::ResumeCampaign, "request_id: '5' campaign_id: 'spring'")
          ->was_paused());
  const auto got = *Call(&ProgramService::Stub::GetCampaign, "campaign_id: 'spring'");
  EXPECT_TRUE(got.campaign().open());
  EXPECT_EQ(got.campaign().state(), v1::CAMPAIGN_STATE_OPEN);
  EXPECT_FALSE(got.campaign().has_pause());
  EXPECT_EQ(got.campaign().resumption().resumed_by(), "otto");
  EXPECT_EQ(got.campaign().resumption().resumed_time().seconds(), 1700000000);
  ASSERT_EQ(got.campaign().budget_size(), 1);
  EXPECT_EQ(got.campaign().budget(0).minor(), 0);
}

TEST_F(ProgramServiceTest, TheBudgetIsUsedUp) {
  ASSERT_TRUE(Referral(&ReferralService::Stub::EnrollAdvocates,
                       "program_id: 'acme' request_id: '3' advocates { advocate_id: 'ada' "
                       "enrolled_time { seconds: 1690000000 } }")
                  .ok());
  ASSERT_TRUE(Referral(&ReferralService::Stub::SubmitReferrals,
                       "program_id: 'acme' request_id: '4' referrals { referral_id: 'r1' "
                       "advocate_id: 'ada' referee_id: 'carl' campaign: 'spring' "
                       "submitted_time { seconds: 1695000000 } }")
                  .ok());
  const auto signup = Referral(&ReferralService::Stub::AttributeSignup,
                               "program_id: 'acme' request_id: '5' "
                               "signup { customer_id: 'carl' }");
  ASSERT_EQ(signup->attribution().referral_id(), "r1") << signup->DebugString();
  const auto got = *Call(&ProgramService::Stub::GetCampaign, "campaign_id: 'spring'");
  ASSERT_EQ(got.campaign().budget_size(), 1);
  EXPECT_EQ(got.campaign().budget(0).minor(), 500);
  EXPECT_EQ(got.campaign().budget(0).rewards(), 1);
}

TEST_F(ProgramServiceTest, ARecalculationOfNothingChangesNothing) {
  const auto nothing = Call(&ProgramService::Stub::RecalculateProgram,
                            "request_id: '3' from_time { seconds: 1 } to_time { seconds: 2 }");
  EXPECT_EQ(nothing->version(), 1);
  EXPECT_EQ(nothing->conversions(), 0);
  EXPECT_EQ(nothing->rewards_size(), 0);
  const absl::Status status =
      Call(&ProgramService::Stub::RecalculateProgram,
           "request_id: '4' from_time { seconds: 2 } to_time { seconds: 2 }")
          .status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_EQ(ToItemError(status).field, "to_time");
}

TEST_F(ProgramServiceTest, MissingThingsAreNamed) {
  EXPECT_EQ(Reason(Call(&ProgramService::Stub::GetCampaign, "campaign_id: 'winter'")),
            "CAMPAIGN_NOT_FOUND");
  EXPECT_EQ(Reason(rpc_.Call<ProgramService>(&ProgramService::Stub::ListProgramVersions,
                                             "program_id: 'nowhere'")),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(Reason(rpc_.Call<ProgramService>(&ProgramService::Stub::ResumeCampaign,
                                             "program_id: 'nowhere' request_id: '9' "
                                             "campaign_id: 'spring'")),
            "PROGRAM_NOT_FOUND");
}

}  // namespace
}  // namespace kith::referral::rpc
