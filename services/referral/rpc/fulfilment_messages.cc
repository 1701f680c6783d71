#include "services/referral/rpc/fulfilment_messages.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/referral/app/change_stock.h"
#include "services/referral/app/extend_lease.h"
#include "services/referral/app/retry_fulfilment.h"
#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/reward_messages.h"

namespace kith::referral::rpc {
namespace {

template <class Message>
WriteCall ToStockCall(const Message& request, app::ChangeStock::Request change) {
  using Response = std::conditional_t<std::is_same_v<Message, v1::SetStockRequest>,
                                      v1::SetStockResponse, v1::AdjustStockResponse>;
  return MakeCall(request, 1,
                  std::make_unique<app::ChangeStock>(
                      std::move(change), EncodeResult<Response, domain::Stock>(
                                             [](auto& response, const domain::Stock& stock) {
                                               Set(*response.mutable_stock(), stock);
                                             })));
}

domain::FulfilmentReport ToReport(const v1::FulfilmentReport& message) {
  return {message.reward_id(),       message.lease_token(),
          message.has_succeeded(),   message.succeeded().reference(),
          message.failed().reason(), message.failed().retryable()};
}

}  // namespace

void Set(v1::Fulfilment& out, const app::FulfilmentView& view) {
  const domain::Fulfilment& fulfilment = view.fulfilment;
  const domain::Reward& reward = view.reward;
  out.set_reward_id(fulfilment.reward_id);
  out.set_state(ToProto(fulfilment.state));
  out.set_provider(fulfilment.provider);
  out.set_attempts(static_cast<int32_t>(fulfilment.attempts));
  if (fulfilment.state == domain::FulfilmentState::kClaimed) {
    Set(*out.mutable_lease_end_time(), fulfilment.lease_end_time);
  }
  if (fulfilment.next_attempt_time.has_value()) {
    Set(*out.mutable_next_attempt_time(), *fulfilment.next_attempt_time);
  }
  out.set_failure_reason(fulfilment.failure_reason);
  out.set_reference(fulfilment.reference);
  if (fulfilment.attempts > 0) Set(*out.mutable_claimed_time(), fulfilment.claimed_time);
  Set(*out.mutable_changed_time(), fulfilment.changed_time);
  out.set_recipient_id(reward.recipient_id);
  out.set_kind(ToProto(reward.kind));
  out.set_item(reward.item);
  Set(*out.mutable_amount(), reward.amount_minor, reward.currency);
  if (view.retry.has_value()) {
    Set(*out.mutable_retried_time(), view.retry->decided_time);
    out.set_retried_by(view.retry->decided_by);
  }
}

void Set(v1::ClaimedReward& out, const app::ClaimRewards::Claimed& claimed) {
  Set(*out.mutable_reward(), claimed.reward, claimed.fulfilment.claimed_time);
  out.set_lease_token(claimed.fulfilment.lease_token);
  Set(*out.mutable_lease_end_time(), claimed.fulfilment.lease_end_time);
  out.set_attempt(static_cast<int32_t>(claimed.fulfilment.attempts));
}

void Set(v1::Stock& out, const domain::Stock& stock) {
  out.set_item(stock.item);
  out.set_on_hand(stock.on_hand);
  out.set_reserved(stock.reserved);
  out.set_handed_out(stock.handed_out);
  Set(*out.mutable_changed_time(), stock.changed_time);
}

void Set(v1::ListFulfilmentsResponse& out, const app::Page<app::FulfilmentView>& page) {
  for (const app::FulfilmentView& view : page.rows) Set(*out.add_fulfilments(), view);
  out.set_next_page_token(page.next_token);
}

void Set(v1::ListStockResponse& out, const app::Page<domain::Stock>& page) {
  for (const domain::Stock& stock : page.rows) Set(*out.add_stock(), stock);
  out.set_next_page_token(page.next_token);
}

absl::StatusOr<WriteCall> ToCall(const v1::ClaimRewardsRequest& request, absl::Time now) {
  app::ClaimRewards::Request claim;
  claim.program_id = request.program_id();
  claim.request_id = request.request_id();
  claim.provider = request.provider();
  for (int i = 0; i < request.kinds_size(); ++i) {
    const auto kind = ToDomain(request.kinds(i));
    if (!kind.has_value()) {
      return MakeFieldError(kith::errors::kInvalidField, absl::StrCat("kinds[", i, "]"),
                            "must be a kind of reward");
    }
    claim.kinds.push_back(*kind);
  }
  claim.item = request.item();
  claim.max_rewards = request.max_rewards();
  claim.lease_duration = ToDuration(request.lease_duration());
  claim.received_time = now;
  return MakeCall(request, 1,
                  std::make_unique<app::ClaimRewards>(
                      std::move(claim),
                      EncodeResult<v1::ClaimRewardsResponse, app::ClaimRewards::Response>(
                          [](auto& response, const app::ClaimRewards::Response& rewards) {
                            for (const auto& claimed : rewards)
                              Set(*response.add_rewards(), claimed);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::ExtendLeaseRequest& request) {
  app::ExtendLease::Request extension{request.program_id(), request.reward_id(),
                                      request.lease_token(),
                                      ToDuration(request.lease_duration())};
  return MakeCall(request, 1,
                  std::make_unique<app::ExtendLease>(
                      std::move(extension),
                      EncodeResult<v1::ExtendLeaseResponse, domain::Fulfilment>(
                          [](auto& response, const domain::Fulfilment& fulfilment) {
                            Set(*response.mutable_lease_end_time(), fulfilment.lease_end_time);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::ReportFulfilmentsRequest& request) {
  std::vector<domain::FulfilmentReport> reports;
  for (int i = 0; i < request.reports_size(); ++i) {
    const v1::FulfilmentReport& report = request.reports(i);
    if (report.outcome_case() == v1::FulfilmentReport::OUTCOME_NOT_SET) {
      return MakeFieldError(kith::errors::kInvalidField,
                            absl::StrCat("reports[", i, "].succeeded"),
                            "must be set, or else `failed`");
    }
    reports.push_back(ToReport(report));
  }
  const auto weight = static_cast<int64_t>(reports.size());
  return MakeCall(request, weight,
                  std::make_unique<app::ReportFulfilments>(
                      request.program_id(), std::move(reports),
                      EncodeResults<v1::ReportFulfilmentsResponse, app::FulfilmentView>(
                          [](v1::FulfilmentResult& result, const app::FulfilmentView& view) {
                            Set(*result.mutable_fulfilment(), view);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RetryFulfilmentRequest& request) {
  return MakeCall(request, 1,
                  std::make_unique<app::RetryFulfilment>(
                      request.program_id(), request.reward_id(), request.requested_by(),
                      EncodeResult<v1::RetryFulfilmentResponse, app::FulfilmentView>(
                          [](auto& response, const app::FulfilmentView& view) {
                            Set(*response.mutable_fulfilment(), view);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::SetStockRequest& request) {
  return ToStockCall(request, {request.program_id(), request.item(), request.on_hand(), true});
}

absl::StatusOr<WriteCall> ToCall(const v1::AdjustStockRequest& request) {
  return ToStockCall(request, {request.program_id(), request.item(), request.pieces(), false});
}

}  // namespace kith::referral::rpc
