// Named errors: every refusal has a stable reason that programs can act on.
//
// A service keeps a catalogue of `ErrorDef` constants (one header, `domain/errors.h`).
// `MakeError` turns one into an absl::Status that carries reason, fields and metadata as
// a payload; `common/rpc` turns that into a gRPC status with google.rpc.ErrorInfo and
// BadRequest. Nothing else of a status reaches a client.
#ifndef KITH_COMMON_BASE_ERROR_H_
#define KITH_COMMON_BASE_ERROR_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith {

// An entry of an error catalogue. `reason` is UPPER_SNAKE_CASE and never changes.
struct ErrorDef {
  absl::StatusCode code;
  absl::string_view reason;
  absl::string_view text;
};

// A field of the request that is wrong, by its path (`referrals[3].submitted_time`).
struct FieldViolation {
  std::string field;
  std::string description;
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// What a named error carries besides code and message.
struct ErrorDetails {
  std::string reason;
  std::vector<FieldViolation> fields;
  std::vector<std::pair<std::string, std::string>> metadata;
  absl::Duration retry_delay = absl::ZeroDuration();  // > 0: the client may retry after it
  friend bool operator==(const ErrorDetails&, const ErrorDetails&) = default;
};

// The status of `def`. Its message is `text` when given, else that of the catalogue.
absl::Status MakeError(const ErrorDef& def, absl::string_view text = {});
// The same about one field; `description` says what would be right.
absl::Status MakeFieldError(const ErrorDef& def, absl::string_view field,
                            absl::string_view description);
// The same with all details; `details.reason` is taken from `def`.
absl::Status MakeDetailedError(const ErrorDef& def, ErrorDetails details,
                               absl::string_view text = {});

// The details of a named error, or nullopt if `status` is not one.
std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status);
// The reason of a named error, or empty.
std::string GetErrorReason(const absl::Status& status);

// A refusal of one item of a batch; maps onto kith.type.v1.ItemError.
struct ItemError {
  std::string reason;
  std::string field;
  std::string message;
  friend bool operator==(const ItemError&, const ItemError&) = default;
};
// The item error of a named error (first field violation, if any).
ItemError ToItemError(const absl::Status& status);

// Errors that any service may return.
namespace errors {
inline constexpr ErrorDef kInvalidField{absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                                        "a field of the request is not valid"};
inline constexpr ErrorDef kMalformedRequest{absl::StatusCode::kInvalidArgument,
                                            "MALFORMED_REQUEST",
                                            "the request is not a valid message"};
inline constexpr ErrorDef kRequestIdReused{
    absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
    "the request_id was used before with other content"};
inline constexpr ErrorDef kProgramNotFound{absl::StatusCode::kNotFound, "PROGRAM_NOT_FOUND",
                                           "the program does not exist"};
inline constexpr ErrorDef kOverloaded{absl::StatusCode::kResourceExhausted, "OVERLOADED",
                                      "the service is busy; try again later"};
inline constexpr ErrorDef kDeadlineExceeded{absl::StatusCode::kDeadlineExceeded,
                                            "DEADLINE_EXCEEDED",
                                            "the deadline passed before the work began"};
inline constexpr ErrorDef kUnavailable{absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                                       "the store did not answer; try again"};
inline constexpr ErrorDef kShuttingDown{absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                                        "the service is stopping; try again"};
inline constexpr ErrorDef kInvalidPageToken{absl::StatusCode::kInvalidArgument,
                                            "INVALID_PAGE_TOKEN",
                                            "the page_token is not one of this listing"};
}  // namespace errors
}  // namespace kith

#endif  // KITH_COMMON_BASE_ERROR_H_
