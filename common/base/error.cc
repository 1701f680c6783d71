#include "common/base/error.h"

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kith {
namespace {

constexpr absl::string_view kPayloadUrl = "kith/error";

void AppendText(std::string& out, absl::string_view text) {
  absl::StrAppend(&out, text.size(), ":", text);
}

// Reads what AppendText wrote; false at the end or on damage.
bool TakeText(absl::string_view& in, std::string& out) {
  const size_t colon = in.find(':');
  size_t size = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(in.substr(0, colon), &size)) {
    return false;
  }
  in.remove_prefix(colon + 1);
  if (in.size() < size) return false;
  out.assign(in.data(), size);
  in.remove_prefix(size);
  return true;
}

std::string Encode(const ErrorDetails& details) {
  std::string out;
  AppendText(out, details.reason);
  AppendText(out, absl::StrCat(absl::ToInt64Microseconds(details.retry_delay)));
  AppendText(out, absl::StrCat(details.fields.size()));
  for (const auto& [field, description] : details.fields) {
    AppendText(out, field);
    AppendText(out, description);
  }
  for (const auto& [key, value] : details.metadata) {
    AppendText(out, key);
    AppendText(out, value);
  }
  return out;
}

ErrorDetails Decode(absl::string_view in) {
  ErrorDetails details;
  std::string micros, count, first, second;
  int64_t delay = 0;
  size_t fields = 0;
  if (!TakeText(in, details.reason) || !TakeText(in, micros) || !TakeText(in, count)) {
    return details;
  }
  if (absl::SimpleAtoi(micros, &delay)) details.retry_delay = absl::Microseconds(delay);
  if (!absl::SimpleAtoi(count, &fields)) return details;
  for (; TakeText(in, first) && TakeText(in, second); fields -= fields > 0 ? 1 : 0) {
    if (fields > 0) {
      details.fields.push_back({first, second});
    } else {
      details.metadata.emplace_back(first, second);
    }
  }
  return details;
}

}  // namespace

absl::Status MakeDetailedError(const ErrorDef& def, ErrorDetails details,
                               absl::string_view text) {
  details.reason = std::string(def.reason);
  absl::Status status(def.code, text.empty() ? def.text : text);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(details)));
  return status;
}

absl::Status MakeError(const ErrorDef& def, absl::string_view text) {
  return MakeDetailedError(def, {}, text);
}

absl::Status MakeFieldError(const ErrorDef& def, absl::string_view field,
                            absl::string_view description) {
  ErrorDetails details;
  details.fields.push_back({std::string(field), std::string(description)});
  return MakeDetailedError(def, std::move(details), absl::StrCat(field, ": ", description));
}

std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  return Decode(std::string(*payload));
}

std::string GetErrorReason(const absl::Status& status) {
  const auto details = GetErrorDetails(status);
  return details.has_value() ? details->reason : std::string();
}

ItemError ToItemError(const absl::Status& status) {
  ItemError item;
  item.message = std::string(status.message());
  if (const auto details = GetErrorDetails(status); details.has_value()) {
    item.reason = details->reason;
    if (!details->fields.empty()) {
      item.field = details->fields.front().field;
      item.message = details->fields.front().description;
    }
  }
  return item;
}

}  // namespace kith
