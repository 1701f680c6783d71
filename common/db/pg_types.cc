#include "common/db/pg_types.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace kith::db {
namespace {

// The fixed object ids of PostgreSQL's own types (pg_type.dat).
enum PgType : Oid {
  kBool = 16,
  kBytea = 17,
  kChar = 18,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kOid = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kUnknown = 705,
  kBpchar = 1042,
  kVarchar = 1043,
  kVoid = 2278,
};

// The integer of `bytes` big-endian bytes.
uint64_t ReadBigEndian(const char* data, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(data[i]);
  return value;
}

absl::StatusOr<Value> DecodeValue(Oid type, const char* data, int size) {
  switch (type) {
    case kBool:
    case kOid:
      return static_cast<int64_t>(ReadBigEndian(data, size));
    case kInt2:
      return int64_t{static_cast<int16_t>(ReadBigEndian(data, 2))};
    case kInt4:
      return int64_t{static_cast<int32_t>(ReadBigEndian(data, 4))};
    case kInt8:
      return static_cast<int64_t>(ReadBigEndian(data, 8));
    case kFloat4:
      return double{std::bit_cast<float>(static_cast<uint32_t>(ReadBigEndian(data, 4)))};
    case kFloat8:
      return std::bit_cast<double>(ReadBigEndian(data, 8));
    case kBytea:
      return Blob{std::string(data, size)};
    case kChar:
    case kName:
    case kText:
    case kUnknown:
    case kBpchar:
    case kVarchar:
      return std::string(data, size);
    case kVoid:
      return Null();
    default:
      return absl::InternalError(
          absl::StrCat("postgres: a result column has the unsupported type ", type));
  }
}

absl::StatusOr<Row> DecodeRow(const PGresult* result, int row, int first, int columns) {
  std::vector<Value> values;
  values.reserve(columns - first);
  for (int i = first; i < columns; ++i) {
    if (PQgetisnull(result, row, i)) {
      values.emplace_back(Null());
      continue;
    }
    KITH_ASSIGN_OR_RETURN(Value value,
                          DecodeValue(PQftype(result, i), PQgetvalue(result, row, i),
                                      PQgetlength(result, row, i)));
    values.push_back(std::move(value));
  }
  return Row(std::move(values));
}

int64_t AffectedRows(const PGresult* result) {
  PGresult* const mutable_result = const_cast<PGresult*>(result);  // libpq lacks the const
  int64_t affected = 0;
  if (absl::StartsWith(PQcmdStatus(mutable_result), "SELECT")) return 0;
  return absl::SimpleAtoi(PQcmdTuples(mutable_result), &affected) ? affected : 0;
}

absl::StatusCode CodeOf(absl::string_view state) {
  if (state == "40001" || state == "40P01") return absl::StatusCode::kAborted;
  if (state == "23505") return absl::StatusCode::kAlreadyExists;
  if (absl::StartsWith(state, "23")) return absl::StatusCode::kFailedPrecondition;
  if (state == "57014") return absl::StatusCode::kDeadlineExceeded;
  if (state == "22021") return absl::StatusCode::kInvalidArgument;
  // The wrong number of parameters: our mistake, not the connection's.
  if (state == "08P01") return absl::StatusCode::kInternal;
  // A standby that takes no writes: the primary has moved.
  if (state == "25006" || state == "25P03") return absl::StatusCode::kUnavailable;
  // The server's condition: going down, short of memory, connections or disk, I/O errors.
  if (state.empty() || absl::StartsWith(state, "08") || absl::StartsWith(state, "57P0") ||
      absl::StartsWith(state, "53") || absl::StartsWith(state, "58")) {
    return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kInternal;
}

absl::string_view Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? absl::string_view() : absl::string_view(text);
}

}  // namespace

absl::Status PgParams::Encode(const Params& params) {
  values_.assign(params.size(), nullptr);
  lengths_.assign(params.size(), 0);
  formats_.assign(params.size(), 0);
  if (digits_.size() < params.size()) digits_.resize(params.size());
  for (size_t i = 0; i < params.size(); ++i) {
    KITH_RETURN_IF_ERROR(EncodeOne(i, params[i]));
  }
  return absl::OkStatus();
}

absl::Status PgParams::EncodeOne(size_t i, const Value& value) {
  Digits& digits = digits_[i];
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    *std::to_chars(digits.begin(), digits.end() - 1, *integer).ptr = '\0';
    values_[i] = digits.data();
  } else if (const auto* real = std::get_if<double>(&value)) {
    *std::to_chars(digits.begin(), digits.end() - 1, *real).ptr = '\0';
    values_[i] = digits.data();
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (std::memchr(text->data(), '\0', text->size()) != nullptr) {
      return absl::InvalidArgumentError("postgres: a text with a NUL");
    }
    values_[i] = text->c_str();
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    values_[i] = blob->bytes.data();
    lengths_[i] = static_cast<int>(blob->bytes.size());
    formats_[i] = 1;
  }
  return absl::OkStatus();
}

absl::StatusOr<Result> DecodePgResult(const PGresult* result, bool want_rows) {
  Result decoded;
  decoded.affected = AffectedRows(result);
  if (!want_rows) return decoded;
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  decoded.rows.reserve(rows);
  for (int i = 0; i < rows; ++i) {
    KITH_ASSIGN_OR_RETURN(Row row, DecodeRow(result, i, 0, columns));
    decoded.rows.push_back(std::move(row));
  }
  return decoded;
}

absl::Status DecodeBulkRows(const PGresult* result, absl::Span<Result> results) {
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  for (int i = 0; i < rows; ++i) {
    const auto ordinal = static_cast<uint64_t>(ReadBigEndian(PQgetvalue(result, i, 0), 8));
    if (ordinal < 1 || ordinal > results.size()) {
      return absl::InternalError("postgres: a row without its call");
    }
    KITH_ASSIGN_OR_RETURN(Row row, DecodeRow(result, i, 1, columns));
    results[ordinal - 1].rows.push_back(std::move(row));
  }
  return absl::OkStatus();
}

absl::Status PgError(const PGresult* result, absl::string_view sql) {
  const absl::string_view state = Field(result, PG_DIAG_SQLSTATE);
  const absl::string_view constraint = Field(result, PG_DIAG_CONSTRAINT_NAME);
  if (state.empty()) return absl::UnavailableError("postgres: the connection was lost");
  // The server's message of bad data (class 22) quotes the data.
  const absl::string_view text =
      absl::StartsWith(state, "22") ? "bad data" : Field(result, PG_DIAG_MESSAGE_PRIMARY);
  return absl::Status(
      CodeOf(state),
      absl::StrCat("postgres ", state, ": ", text, constraint.empty() ? "" : " [", constraint,
                   constraint.empty() ? " (" : "] (", sql, ")"));
}

bool IsStalePlan(const PGresult* result) {
  const absl::string_view state = Field(result, PG_DIAG_SQLSTATE);
  return state == "0A000" || state == "26000";
}

}  // namespace kith::db
