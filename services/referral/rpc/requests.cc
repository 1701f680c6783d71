#include "services/referral/rpc/requests.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/referral/app/apply_program.h"
#include "services/referral/app/attribute_signups.h"
#include "services/referral/app/enroll_advocates.h"
#include "services/referral/app/record_conversions.h"
#include "services/referral/app/record_touches.h"
#include "services/referral/app/reverse_conversion.h"
#include "services/referral/app/submit_referrals.h"
#include "services/referral/app/update_advocates.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/program_messages.h"
#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

app::AttributeSignups::NewSignup ToSignup(const v1::Signup& message) {
  return {.signup = {.customer_id = message.customer_id(),
                     .signup_time = KITH_OPTIONAL_TIME(message, signup_time),
                     .email_hash = {},
                     .code = message.code(),
                     .referrer_id = message.referrer_id(),
                     .visitor_id = message.visitor_id(),
                     .channel = message.channel(),
                     .identity = {},
                     .source = message.source(),
                     .attributes = ToAttributes(message.attributes())},
          .email = message.email(),
          .phone = message.phone(),
          .device_id = message.device_id(),
          .payment_fingerprint = message.payment_fingerprint(),
          .ip_address = message.ip_address()};
}

app::SubmitReferrals::NewLead ToLead(const v1::NewReferral& message) {
  return {
      .lead = {.referral_id = message.referral_id(),
               .advocate_id = message.advocate_id(),
               .referee_id = message.referee_id(),
               .email_hash = {},
               .submitted_time = KITH_OPTIONAL_TIME(message, submitted_time),
               .campaign = message.campaign(),
               .phone_hash = {},
               .name_hash = {},
               .sealed_note = {},
               .expectations = {message.expectations().begin(), message.expectations().end()},
               .attributes = ToAttributes(message.attributes())},
      .email = message.referee_email(),
      .phone = message.referee_phone(),
      .name = message.referee_name(),
      .note = message.note(),
      .ip_address = message.ip_address(),
      .device_id = message.device_id()};
}

domain::ConversionReport ToReport(const v1::NewConversion& message) {
  domain::ConversionReport report{
      .conversion_id = message.conversion_id(),
      .customer_id = message.customer_id(),
      .referral_id = message.referral_id(),
      .conversion_time = KITH_OPTIONAL_TIME(message, conversion_time),
      .amount = std::nullopt,
      .event = message.event(),
      .annual_minor = std::nullopt,
      .lines = {},
      .attributes = ToAttributes(message.attributes()),
      .order_id = message.order_id()};
  if (message.has_amount()) {
    report.amount = Money{message.amount().amount_minor(), message.amount().currency()};
  }
  if (message.has_annual_minor()) report.annual_minor = message.annual_minor();
  for (const v1::OrderLine& line : message.lines()) {
    report.lines.push_back({line.name(), line.amount_minor()});
  }
  return report;
}

}  // namespace

absl::StatusOr<WriteCall> ToCall(const v1::ApplyProgramRequest& request) {
  app::ApplyProgram::Request command{
      .program = ToProgram(request.program()),
      .effective_time = KITH_OPTIONAL_TIME(request.program(), effective_time),
      .dry_run = request.dry_run()};
  const auto encode =
      [](const app::ApplyProgram::Response& response) -> absl::StatusOr<std::string> {
    v1::ApplyProgramResponse message;
    Set(message, response);
    return message.SerializeAsString();
  };
  // A dry run stores nothing, not even its response.
  return WriteCall{request.program().program_id(),
                   request.dry_run() ? std::string() : request.request_id(), 1,
                   std::make_unique<app::ApplyProgram>(std::move(command), encode)};
}

absl::StatusOr<WriteCall> ToCall(const v1::EnrollAdvocatesRequest& request) {
  std::vector<app::EnrollAdvocates::NewAdvocate> advocates;
  for (const v1::NewAdvocate& message : request.advocates()) {
    advocates.push_back({.advocate_id = message.advocate_id(),
                         .email = message.email(),
                         .enrolled_time = KITH_OPTIONAL_TIME(message, enrolled_time),
                         .kind = message.kind(),
                         .attributes = ToAttributes(message.attributes()),
                         .phone = message.phone(),
                         .device_id = message.device_id(),
                         .payment_fingerprint = message.payment_fingerprint(),
                         .ip_address = message.ip_address()});
  }
  return MakeCall(request, request.advocates_size(),
                  std::make_unique<app::EnrollAdvocates>(
                      request.program_id(), std::move(advocates),
                      EncodeResults<v1::EnrollAdvocatesResponse, app::Enrolment>(
                          [](auto& result, const auto& item) {
                            Set(*result.mutable_advocate(), item.advocate);
                            result.set_enrolled_now(item.is_new);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::UpdateAdvocatesRequest& request) {
  std::vector<app::UpdateAdvocates::Update> updates;
  for (const v1::AdvocateUpdate& message : request.updates()) {
    app::UpdateAdvocates::Update update{.advocate_id = message.advocate_id()};
    if (message.has_email()) update.email = message.email();
    if (message.has_kind()) update.kind = message.kind();
    if (message.has_phone()) update.phone = message.phone();
    if (message.has_device_id()) update.device_id = message.device_id();
    if (message.has_payment_fingerprint()) {
      update.payment_fingerprint = message.payment_fingerprint();
    }
    if (message.has_ip_address()) update.ip_address = message.ip_address();
    update.attributes = ToAttributes(message.attributes());
    update.removed_attributes.assign(message.removed_attributes().begin(),
                                     message.removed_attributes().end());
    updates.push_back(std::move(update));
  }
  return MakeCall(
      request, request.updates_size(),
      std::make_unique<app::UpdateAdvocates>(
          request.program_id(), std::move(updates),
          EncodeResults<v1::UpdateAdvocatesResponse, domain::Advocate>(
              [](auto& result, const auto& item) { Set(*result.mutable_advocate(), item); })));
}

absl::StatusOr<WriteCall> ToCall(const v1::SubmitReferralsRequest& request) {
  std::vector<app::SubmitReferrals::NewLead> leads;
  for (const v1::NewReferral& message : request.referrals()) leads.push_back(ToLead(message));
  return MakeCall(request, request.referrals_size(),
                  std::make_unique<app::SubmitReferrals>(
                      request.program_id(), std::move(leads),
                      EncodeResults<v1::SubmitReferralsResponse, app::SubmittedReferral>(
                          [](auto& result, const auto& item) {
                            Set(*result.mutable_referral(), item.referral);
                            for (const std::string& warning : item.warnings)
                              result.add_warnings(warning);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RecordTouchesRequest& request) {
  std::vector<app::RecordTouches::NewTouch> touches;
  for (const v1::NewTouch& message : request.touches()) {
    touches.push_back({.touch_id = message.touch_id(),
                       .code = message.code(),
                       .visitor_id = message.visitor_id(),
                       .touch_time = KITH_OPTIONAL_TIME(message, touch_time),
                       .kind = ToDomain(message.kind()).value_or(domain::TouchKind::kClick),
                       .source = message.source()});
  }
  return MakeCall(request, request.touches_size(),
                  std::make_unique<app::RecordTouches>(
                      request.program_id(), std::move(touches),
                      EncodeResults<v1::RecordTouchesResponse, app::RecordedTouch>(
                          [](auto& result, const auto& item) {
                            result.set_advocate_id(item.touch.advocate_id);
                            result.set_uncounted_reason(item.uncounted);
                            if (!item.honoured_until.has_value()) return;
                            Set(*result.mutable_honoured_until(), *item.honoured_until);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::AttributeSignupRequest& request) {
  const auto encode =
      [](const app::AttributeSignups::Response& results) -> absl::StatusOr<std::string> {
    if (!results.front().ok()) return results.front().status();
    v1::AttributeSignupResponse response;
    Set(*response.mutable_attribution(), *results.front());
    return response.SerializeAsString();
  };
  std::vector<app::AttributeSignups::NewSignup> signups = {ToSignup(request.signup())};
  return MakeCall(request, 1,
                  std::make_unique<app::AttributeSignups>(request.program_id(),
                                                          std::move(signups), encode));
}

absl::StatusOr<WriteCall> ToCall(const v1::AttributeSignupsRequest& request) {
  std::vector<app::AttributeSignups::NewSignup> signups;
  for (const v1::Signup& message : request.signups()) signups.push_back(ToSignup(message));
  return MakeCall(request, request.signups_size(),
                  std::make_unique<app::AttributeSignups>(
                      request.program_id(), std::move(signups),
                      EncodeResults<v1::AttributeSignupsResponse, domain::Customer>(
                          [](auto& result, const auto& item) {
                            Set(*result.mutable_attribution(), item);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RecordConversionsRequest& request) {
  std::vector<domain::ConversionReport> reports;
  for (const auto& message : request.conversions()) reports.push_back(ToReport(message));
  return MakeCall(request, request.conversions_size(),
                  std::make_unique<app::RecordConversions>(
                      request.program_id(), std::move(reports),
                      EncodeResults<v1::RecordConversionsResponse, app::ConversionView>(
                          [](auto& result, const auto& item) {
                            Set(*result.mutable_conversion(), item);
                          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::ReverseConversionRequest& request) {
  const auto encode = [](const app::ConversionView& view) -> absl::StatusOr<std::string> {
    v1::ReverseConversionResponse response;
    Set(*response.mutable_conversion(), view);
    return response.SerializeAsString();
  };
  app::ReverseConversion::Request command{.program_id = request.program_id(),
                                          .conversion_id = request.conversion_id(),
                                          .cause = request.cause(),
                                          .time = KITH_OPTIONAL_TIME(request, reversal_time)};
  return MakeCall(request, 1,
                  std::make_unique<app::ReverseConversion>(std::move(command), encode));
}

app::ReferralFilter ToFilter(const v1::ListReferralsRequest& request) {
  return {request.program_id(), request.advocate_id(), ToDomain(request.state())};
}

app::RewardFilter ToFilter(const v1::ListRewardsRequest& request, absl::Time now) {
  return {request.program_id(), request.recipient_id(), request.referral_id(),
          ToDomain(request.state()), now};
}

}  // namespace kith::referral::rpc
