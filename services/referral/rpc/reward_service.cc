#include "services/referral/rpc/reward_service.h"

#include <memory>
#include <utility>

#include "common/base/status_macros.h"
#include "kith/referral/v1/reward.pb.h"
#include "services/referral/app/take_back_reward.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/reward_messages.h"

namespace kith::referral::rpc {
namespace {

absl::StatusOr<WriteCall> ToCall(const v1::TakeBackRewardRequest& request) {
  app::TakeBackReward::Request command{.program_id = request.program_id(),
                                       .reward_id = request.reward_id(),
                                       .cause = request.cause(),
                                       .decided_by = request.decided_by()};
  return MakeCall(request, 1,
                  std::make_unique<app::TakeBackReward>(
                      std::move(command),
                      EncodeResult<v1::TakeBackRewardResponse, app::TakeBackReward::Response>(
                          [](auto& response, const auto& result) {
                            Set(*response.mutable_reward(), result.reward, result.now);
                          })));
}

void BindRewards(Service& service, const app::RewardReader& reader) {
  service.Read<v1::GetRewardRequest, v1::GetRewardResponse>(
      "GetReward", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto reward,
            reader.GetReward(request.program_id(), request.reward_id(), context.deadline));
        Set(*response.mutable_reward(), reward, context.now);
        return absl::OkStatus();
      });
  service.Read<v1::ExplainRewardRequest, v1::ExplainRewardResponse>(
      "ExplainReward",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto story,
                              reader.Explain(request.program_id(), request.reward_id(),
                                             context.now, context.deadline));
        Set(response, story, context.now);
        return absl::OkStatus();
      });
  service.Read<v1::ExplainConversionRequest, v1::ExplainConversionResponse>(
      "ExplainConversion",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto story,
            reader.ExplainConversion(request.program_id(), request.conversion_id(),
                                     context.now, context.deadline));
        Set(response, story, context.now);
        return absl::OkStatus();
      });
  service.Read<v1::ExplainReferralRequest, v1::ExplainReferralResponse>(
      "ExplainReferral",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto story,
            reader.ExplainReferral(request.program_id(), request.referral_id(), context.now,
                                   context.deadline));
        Set(response, story, context.now);
        return absl::OkStatus();
      });
  service.Read<v1::GetCapUseRequest, v1::GetCapUseResponse>(
      "GetCapUse", [reader](const auto& request, const CallContext& context, auto& response) {
        const absl::Time time = request.has_time() ? ToTime(request.time()) : context.now;
        KITH_ASSIGN_OR_RETURN(const auto uses,
                              reader.GetCapUse(request.program_id(), request.recipient_id(),
                                               time, context.deadline));
        for (const app::CapUseView& use : uses) Set(*response.add_uses(), use);
        return absl::OkStatus();
      });
}

void BindLedger(Service& service, const app::RewardReader& reader) {
  service.Read<v1::ListLedgerEntriesRequest, v1::ListLedgerEntriesResponse>(
      "ListLedgerEntries",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page,
                              reader.ListLedger(request.program_id(), request.reward_id(),
                                                ToPage(request), context.deadline));
        for (const auto& entry : page.rows) Set(*response.add_entries(), entry);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
  service.Read<v1::GetLedgerBalancesRequest, v1::GetLedgerBalancesResponse>(
      "GetLedgerBalances",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto balances,
                              reader.GetBalances(request.program_id(), context.deadline));
        Set(response, balances);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeRewardService(const app::RewardReader& reader,
                                           kith::rpc::Runtime* runtime) {
  const auto* file = v1::GetRewardRequest::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("RewardService"), runtime);
  service->Write<v1::TakeBackRewardRequest>(
      "TakeBackReward",
      [](const v1::TakeBackRewardRequest& request) { return ToCall(request); });
  BindRewards(*service, reader);
  BindLedger(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
