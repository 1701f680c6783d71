#include "clients/cli/import/batch.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/patience.h"
#include "clients/cli/unseen.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/rpc/limits.h"
#include "kith/type/v1/types.pb.h"

namespace kith::cli {
namespace {

using google::protobuf::Message;

// How long the feed may take to tell a service of a program.
constexpr absl::Duration kFeedPatience = absl::Seconds(5);

absl::string_view PolicyOf(Target target) {
  switch (target) {
    case Target::kAdvocacy:
      return "a ScoringPolicy";
    case Target::kRetention:
      return "a RetentionPolicy";
    default:
      return "a Playbook";
  }
}

// The index in `referrals[3].advocate_id`, when the list is `items`.
std::optional<size_t> ItemIndex(absl::string_view field, absl::string_view items) {
  if (!absl::ConsumePrefix(&field, items) || !absl::ConsumePrefix(&field, "[")) {
    return std::nullopt;
  }
  size_t index = 0;
  const size_t close = field.find(']');
  if (close == absl::string_view::npos || !absl::SimpleAtoi(field.substr(0, close), &index)) {
    return std::nullopt;
  }
  return index;
}

// `advocate_id` of `referrals[3].advocate_id`.
absl::string_view FieldOfItem(absl::string_view field) {
  const size_t close = field.find("].");
  return close == absl::string_view::npos ? field : field.substr(close + 2);
}

// The refusal in one result of a response, if it has one.
const kith::type::v1::ItemError* ErrorOf(const Message& result) {
  const auto* field = result.GetDescriptor()->FindFieldByName("error");
  if (field == nullptr || !result.GetReflection()->HasField(result, field)) return nullptr;
  return dynamic_cast<const kith::type::v1::ItemError*>(
      &result.GetReflection()->GetMessage(result, field));
}

std::string ReasonText(const kith::type::v1::ItemError& error) {
  if (error.message().empty()) return error.reason();
  return absl::StrCat(error.reason(), ": ", error.field(), error.field().empty() ? "" : ": ",
                      error.message());
}

void Reject(BatchRow& row, std::string reason) {
  if (row.rejection.empty()) row.rejection = std::move(reason);
}

}  // namespace

BatchCall::BatchCall(Target target, std::unique_ptr<Message> request, std::string items_field,
                     std::unique_ptr<Message> response, CallTraits traits)
    : target_(target),
      request_(std::move(request)),
      items_(request_->GetDescriptor()->FindFieldByName(items_field)),
      response_(std::move(response)),
      traits_(traits) {}

Message& BatchCall::AddItem(size_t row) {
  rows_.push_back(row);
  invalid_.push_back(false);
  return *request_->GetReflection()->AddMessage(request_.get(), items_);
}

void BatchCall::SetRequestId(const std::string& id) {
  const auto* field = request_->GetDescriptor()->FindFieldByName("request_id");
  request_->GetReflection()->SetString(request_.get(), field, id);
}

void BatchCall::DropRejected(const std::vector<BatchRow>& rows) {
  const auto& reflection = *request_->GetReflection();
  size_t kept = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const bool rejected = !traits_.for_all_rows && !rows[rows_[i]].rejection.empty();
    if (invalid_[i] || rejected) continue;
    if (kept != i) {
      reflection.SwapElements(request_.get(), items_, static_cast<int>(kept),
                              static_cast<int>(i));
      rows_[kept] = rows_[i];
      invalid_[kept] = false;
    }
    ++kept;
  }
  for (size_t size = rows_.size(); size > kept; --size) {
    reflection.RemoveLast(request_.get(), items_);
  }
  rows_.resize(kept);
  invalid_.resize(kept);
}

// Rejects the rows of the items that `violations` name; whether there were any.
bool BatchCall::RejectNamed(const std::vector<FieldViolation>& violations,
                            const std::string& reason, std::vector<BatchRow>* rows) {
  bool any = false;
  for (const auto& [field, description] : violations) {
    const auto index = ItemIndex(field, items_->name());
    if (!index.has_value() || *index >= rows_.size()) continue;
    Reject((*rows)[rows_[*index]],
           absl::StrCat(reason, ": ", FieldOfItem(field), ": ", description));
    invalid_[*index] = true;
    any = true;
  }
  return any;
}

// The refusal of an item in the response; null: it was not refused.
const kith::type::v1::ItemError* BatchCall::ErrorAt(size_t item) const {
  const auto* results = response_->GetDescriptor()->FindFieldByName("results");
  const auto& reflection = *response_->GetReflection();
  if (results == nullptr ||
      item >= static_cast<size_t>(reflection.FieldSize(*response_, results))) {
    return nullptr;
  }
  return ErrorOf(reflection.GetRepeatedMessage(*response_, results, static_cast<int>(item)));
}

const Message& BatchCall::ItemAt(size_t item) const {
  return request_->GetReflection()->GetRepeatedMessage(*request_, items_,
                                                       static_cast<int>(item));
}

const Message* BatchCall::RecordedBeside(size_t item) const {
  for (const size_t other : {item + 1, item - 1}) {  // item - 1 of 0 is none
    if (other >= rows_.size() || rows_[other] != rows_[item]) continue;
    if (ErrorAt(other) == nullptr) return &ItemAt(other);
  }
  return nullptr;
}

void BatchCall::RejectRefused(std::vector<BatchRow>* rows) const {
  for (size_t i = 0; i < rows_.size(); ++i) {
    const auto* error = ErrorAt(i);
    if (error == nullptr) continue;
    std::string text;
    if (traits_.explain != nullptr) {
      text = traits_.explain({ItemAt(i), *error, RecordedBeside(i)});
    }
    Reject((*rows)[rows_[i]],
           text.empty() ? ReasonText(*error) : absl::StrCat(error->reason(), ": ", text));
  }
}

void BatchCall::RejectInvalidItems(std::vector<BatchRow>* rows) {
  const auto& limits = rpc::LimitsOf(request_->GetDescriptor());
  const std::string reason(errors::kInvalidField.reason);
  SetRequestId("unsent");
  do {  // again, because only so many violations are found at once
    DropRejected(*rows);
  } while (RejectNamed(rpc::FindViolations(limits, *request_), reason, rows));
}

bool BatchCall::IsRowValid(size_t row) const {
  const auto& limits = rpc::LimitsOf(items_->message_type());
  for (size_t i = rows_.size(); i > 0 && rows_[i - 1] == row; --i) {
    const Message& item = request_->GetReflection()->GetRepeatedMessage(
        *request_, items_, static_cast<int>(i - 1));
    if (!rpc::FindViolations(limits, item).empty()) return false;
  }
  return true;
}

absl::Status BatchCall::Send(const Wire& wire) {
  const auto* field = request_->GetDescriptor()->FindFieldByName("program_id");
  const std::string program_id = request_->GetReflection()->GetString(*request_, field);
  // Of the time since the service first said so: before, it may have been away.
  std::optional<Patience> attempts;
  do {
    const absl::Status status =
        CallPatiently(wire.caller, target_, *request_, response_.get(), wire.patience);
    if (!IsUnseen(wire.caller, program_id, status)) return status;
    if (!attempts.has_value()) attempts.emplace(std::min(wire.patience, kFeedPatience));
  } while (attempts->Pause());
  return absl::NotFoundError(absl::StrCat(
      "the ", TargetName(target_), " service has seen nothing of the program ", program_id,
      " yet: apply ", PolicyOf(target_), " of it, or import what makes it known first"));
}

absl::Status BatchCall::Run(const Wire& wire, std::vector<BatchRow>* rows) {
  for (;;) {
    DropRejected(*rows);
    if (rows_.empty()) return absl::OkStatus();
    SetRequestId(NewUuid(wire.clock.Now()));
    const absl::Status status = Send(wire);
    if (status.ok()) break;
    const auto details = GetErrorDetails(status);
    if (!absl::IsInvalidArgument(status) || !details.has_value() ||
        !RejectNamed(details->fields, details->reason, rows)) {
      return status;
    }
  }
  RejectRefused(rows);
  return absl::OkStatus();
}

bool IsRowValid(const Batch& batch, size_t row) {
  return std::all_of(batch.calls.begin(), batch.calls.end(),
                     [row](const BatchCall& call) { return call.IsRowValid(row); });
}

}  // namespace kith::cli
