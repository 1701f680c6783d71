// The service over gRPC, in this process.
#include "common/rpc/service.h"

#include <memory>
#include <string>

#include "common/base/error.h"
#include "common/concurrency/bounded_pool.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/channel.h"
#include "common/rpc/runtime.h"
#include "common/rpc/status.h"
#include "common/server/grpc_server.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "kith/advocacy/v1/advocacy.grpc.pb.h"
#include "services/advocacy/rpc/advocacy_service.h"
#include "tests/unit/advocacy/app/world.h"

namespace kith::advocacy {
namespace {

using v1::AdvocacyService;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() : world_("sqlite"), pool_(2, 16) {
    log::Configure(log::Level::kOff, "advocacy");
    runtime_.executor = &world_.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world_.clock();
    runtime_.metrics = &registry_;
    service_ = rpc::MakeAdvocacyService(world_.database(), world_.clock(), &runtime_);
    server_ = *server::GrpcServer::Start("127.0.0.1:0", {service_->grpc_service()}, false);
    stub_ = AdvocacyService::NewStub(kith::rpc::MakeChannel(server_->address()));
  }
  ~ServiceTest() override {
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  // Calls and returns the reason of the refusal, or nothing.
  template <class Request, class Response>
  std::string Call(grpc::Status (AdvocacyService::Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    const absl::Status status =
        kith::rpc::FromGrpc((stub_.get()->*method)(&context, request, response));
    return status.ok() ? "" : GetErrorReason(status);
  }
  std::string Apply(const v1::ApplyScoringPolicyRequest& request) {
    return Call(&AdvocacyService::Stub::ApplyScoringPolicy, request, &applied_);
  }
  std::string Record(const v1::RecordActivitiesRequest& request) {
    return Call(&AdvocacyService::Stub::RecordActivities, request, &recorded_);
  }
  v1::ApplyScoringPolicyRequest Policy(const std::string& request_id) {
    v1::ApplyScoringPolicyRequest request;
    request.mutable_policy()->set_program_id("acme");
    request.set_request_id(request_id);
    return request;
  }
  v1::RecordActivitiesRequest Act(const std::string& request_id, const std::string& id,
                                  const std::string& behaviour) {
    v1::RecordActivitiesRequest request;
    request.set_program_id("acme");
    request.set_request_id(request_id);
    v1::NewActivity& act = *request.add_activities();
    act.set_activity_id(id);
    act.set_advocate_id("ann");
    act.set_behaviour(behaviour);
    return request;
  }
  v1::Advocate GetAnn() {
    v1::GetAdvocateRequest request;
    request.set_program_id("acme");
    request.set_advocate_id("ann");
    v1::GetAdvocateResponse response;
    EXPECT_EQ(Call(&AdvocacyService::Stub::GetAdvocate, request, &response), "");
    return response.advocate();
  }

  World world_;
  BoundedPool pool_;
  metrics::Registry registry_;
  kith::rpc::Runtime runtime_;
  std::unique_ptr<kith::rpc::Service> service_;
  std::unique_ptr<server::GrpcServer> server_;
  std::unique_ptr<AdvocacyService::Stub> stub_;
  v1::ApplyScoringPolicyResponse applied_;
  v1::RecordActivitiesResponse recorded_;
};

TEST_F(ServiceTest, BindsEveryMethod) { EXPECT_TRUE(service_->UnboundMethods().empty()); }

TEST_F(ServiceTest, AppliesAndReturnsThePolicyWhole) {
  v1::ApplyScoringPolicyRequest request = Policy("r1");
  v1::ScoringPolicy& policy = *request.mutable_policy();
  v1::Behaviour& behaviour = *policy.add_behaviours();
  behaviour.set_name("review");
  behaviour.set_points(5);
  behaviour.set_max_per_period(0);
  behaviour.set_period_days(7);
  v1::Tier& tier = *policy.add_tiers();
  tier.set_name("gold");
  tier.set_min_points(10);
  tier.add_benefits("cake");
  policy.set_referral_points(0);
  EXPECT_EQ(Apply(request), "");
  EXPECT_EQ(applied_.version(), 1);
  EXPECT_TRUE(applied_.changed());
  EXPECT_EQ(applied_.differences_size(), 6);

  v1::GetScoringPolicyRequest get;
  get.set_program_id("acme");
  v1::GetScoringPolicyResponse response;
  EXPECT_EQ(Call(&AdvocacyService::Stub::GetScoringPolicy, get, &response), "");
  EXPECT_EQ(response.version(), 1);
  EXPECT_EQ(response.policy().SerializeAsString(), policy.SerializeAsString());
}

TEST_F(ServiceTest, ADryRunLeavesItsRequestIdFree) {
  v1::ApplyScoringPolicyRequest request = Policy("r1");
  request.set_dry_run(true);
  EXPECT_EQ(Apply(request), "");
  EXPECT_TRUE(applied_.changed());
  EXPECT_EQ(applied_.version(), 1);
  request.set_dry_run(false);
  EXPECT_EQ(Apply(request), "");
  EXPECT_TRUE(applied_.changed());
}

TEST_F(ServiceTest, RecordsActsAndShowsTheAdvocate) {
  ASSERT_EQ(Apply(Policy("r1")), "");
  v1::RecordActivitiesRequest request = Act("r2", "a1", "speaking");
  request.mutable_activities(0)->mutable_activity_time()->set_seconds(1'600'000'000);
  request.mutable_activities(0)->mutable_activity_time()->set_nanos(123'456'789);
  *request.add_activities() = Act("", "a2", "bribery").activities(0);
  ASSERT_EQ(Record(request), "");
  ASSERT_EQ(recorded_.results_size(), 2);
  const v1::Activity& activity = recorded_.results(0).activity();
  EXPECT_EQ(activity.points(), 200);
  EXPECT_FALSE(activity.capped());
  EXPECT_FALSE(activity.reversed());
  EXPECT_EQ(activity.activity_time().nanos(), 123'456'000);
  EXPECT_EQ(recorded_.results(1).error().reason(), "UNKNOWN_BEHAVIOUR");

  const v1::Advocate ann = GetAnn();
  EXPECT_EQ(ann.points(), 200);
  EXPECT_EQ(ann.tier(), "supporter");
  EXPECT_EQ(ann.next_tier(), "defender");
  EXPECT_EQ(ann.points_to_next_tier(), 50);
  EXPECT_EQ(ann.segment(), v1::SEGMENT_DORMANT);
  EXPECT_EQ(ann.activities(), 1);
  EXPECT_EQ(ann.benefits_size(), 2);
}

TEST_F(ServiceTest, AnswersARequestAgainAndRefusesItsIdForAnother) {
  ASSERT_EQ(Apply(Policy("r1")), "");
  ASSERT_EQ(Record(Act("r2", "a1", "review")), "");
  const std::string first = recorded_.SerializeAsString();
  world_.clock().Advance(absl::Hours(1));
  ASSERT_EQ(Record(Act("r2", "a1", "review")), "");
  EXPECT_EQ(recorded_.SerializeAsString(), first);
  EXPECT_EQ(Record(Act("r2", "a2", "review")), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetAnn().points(), 50);
}

TEST_F(ServiceTest, ReversesAnAct) {
  ASSERT_EQ(Apply(Policy("r1")), "");
  ASSERT_EQ(Record(Act("r2", "a1", "review")), "");
  v1::ReverseActivityRequest request;
  request.set_program_id("acme");
  request.set_activity_id("a1");
  request.set_request_id("r3");
  request.set_cause("fake review");
  v1::ReverseActivityResponse response;
  ASSERT_EQ(Call(&AdvocacyService::Stub::ReverseActivity, request, &response), "");
  EXPECT_TRUE(response.activity().reversed());
  EXPECT_EQ(response.activity().points(), 50);
  EXPECT_EQ(GetAnn().points(), 0);
  EXPECT_EQ(GetAnn().activities(), 0);
}

TEST_F(ServiceTest, ListsByTierAndSegmentInPages) {
  ASSERT_EQ(Apply(Policy("r1")), "");
  for (const char* advocate : {"ann", "bob", "cid"}) {
    world_.Convert(std::string("c-") + advocate, advocate);
  }
  for (int i = 0; i < 9; ++i) world_.Convert("d-" + std::to_string(i), "dan");
  v1::ListAdvocatesRequest request;
  request.set_program_id("acme");
  request.set_segment(v1::SEGMENT_CONTRIBUTOR);
  request.set_page_size(2);
  v1::ListAdvocatesResponse page;
  ASSERT_EQ(Call(&AdvocacyService::Stub::ListAdvocates, request, &page), "");
  EXPECT_EQ(page.advocates_size(), 2);
  request.set_page_token(page.next_page_token());
  v1::ListAdvocatesResponse last;
  ASSERT_EQ(Call(&AdvocacyService::Stub::ListAdvocates, request, &last), "");
  ASSERT_EQ(last.advocates_size(), 1);
  EXPECT_EQ(last.advocates(0).advocate_id(), "cid");
  EXPECT_EQ(last.next_page_token(), "");
  request.set_segment(v1::SEGMENT_CHAMPION);
  EXPECT_EQ(Call(&AdvocacyService::Stub::ListAdvocates, request, &last), "INVALID_PAGE_TOKEN");
}

TEST_F(ServiceTest, ReportsSegmentsAndConcentration) {
  ASSERT_EQ(Apply(Policy("r1")), "");
  world_.Enrol("zoe");
  world_.Convert("c1", "ann");
  for (int i = 0; i < 9; ++i) world_.Convert("d-" + std::to_string(i), "dan");
  ASSERT_EQ(Record(Act("r2", "a1", "review")), "");
  v1::GetSegmentsRequest request;
  request.set_program_id("acme");
  v1::GetSegmentsResponse segments;
  ASSERT_EQ(Call(&AdvocacyService::Stub::GetSegments, request, &segments), "");
  ASSERT_EQ(segments.segments_size(), 3);
  EXPECT_EQ(segments.segments(0).segment(), v1::SEGMENT_CHAMPION);
  EXPECT_EQ(segments.segments(0).advocates(), 1);
  EXPECT_EQ(segments.segments(0).min_successes(), 9);
  EXPECT_EQ(segments.segments(1).max_successes(), 1);
  EXPECT_EQ(segments.segments(2).advocates(), 1);
  EXPECT_EQ(segments.goodness_of_variance_fit(), 1);
  EXPECT_EQ(segments.tiers(0).tier(), "");
  EXPECT_EQ(segments.tiers(0).advocates(), 1);
  EXPECT_EQ(segments.tiers(3).advocates(), 1);
  EXPECT_EQ(segments.points(), 10 * 75 + 50);
  EXPECT_EQ(segments.activities(), 1);

  v1::GetConcentrationRequest ask;
  ask.set_program_id("acme");
  v1::GetConcentrationResponse concentration;
  ASSERT_EQ(Call(&AdvocacyService::Stub::GetConcentration, ask, &concentration), "");
  EXPECT_EQ(concentration.advocates(), 3);
  EXPECT_EQ(concentration.successes(), 10);
  // (0, 1, 9): (-2·0 + 0·1 + 2·9) / (3·10).
  EXPECT_DOUBLE_EQ(concentration.gini(), .6);
  EXPECT_EQ(concentration.top(0).share_of_advocates(), .01);
  EXPECT_DOUBLE_EQ(concentration.top(0).share_of_successes(), .9);
  EXPECT_EQ(concentration.lorenz_size(), 100);
}

TEST_F(ServiceTest, RefusalsHaveReasons) {
  EXPECT_EQ(Record(Act("r1", "a1", "review")), "PROGRAM_NOT_FOUND");
  EXPECT_EQ(Record(Act("", "a1", "review")), "INVALID_FIELD");
  v1::ApplyScoringPolicyRequest request = Policy("r2");
  v1::Behaviour& behaviour = *request.mutable_policy()->add_behaviours();
  behaviour.set_name("review");
  behaviour.set_max_per_period(1);
  EXPECT_EQ(Apply(request), "INVALID_POLICY");
  // What was refused may be sent again, corrected, under the same id.
  behaviour.set_period_days(1);
  EXPECT_EQ(Apply(request), "");
}

}  // namespace
}  // namespace kith::advocacy
