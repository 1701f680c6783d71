#include "common/db/db.h"

#include "absl/strings/cord.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/db/postgres.h"
#include "common/db/sqlite.h"

namespace kith::db {
namespace {

constexpr absl::string_view kCommitUnknown = "kith.db/commit-unknown";

const std::string& EmptyString() {
  static const std::string* const kEmpty = new std::string();
  return *kEmpty;
}

}  // namespace

int64_t Row::Int(size_t i) const {
  const int64_t* value = std::get_if<int64_t>(&values_[i]);
  return value == nullptr ? 0 : *value;
}

double Row::Double(size_t i) const {
  const double* value = std::get_if<double>(&values_[i]);
  return value == nullptr ? static_cast<double>(Int(i)) : *value;
}

const std::string& Row::Text(size_t i) const {
  const std::string* value = std::get_if<std::string>(&values_[i]);
  return value == nullptr ? EmptyString() : *value;
}

const std::string& Row::Bytes(size_t i) const {
  const Blob* value = std::get_if<Blob>(&values_[i]);
  return value == nullptr ? EmptyString() : value->bytes;
}

absl::StatusOr<Result> ReadTransaction::Query(absl::string_view sql, Params params) {
  const Call call{sql, std::move(params)};
  KITH_ASSIGN_OR_RETURN(std::vector<Result> results, QueryMany(absl::MakeSpan(&call, 1)));
  return std::move(results.front());
}

absl::StatusOr<int64_t> WriteTransaction::Execute(absl::string_view sql, Params params) {
  const Call call{sql, std::move(params)};
  KITH_ASSIGN_OR_RETURN(std::vector<int64_t> affected, ExecuteMany(absl::MakeSpan(&call, 1)));
  return affected.front();
}

absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url,
                                               const OpenOptions& options) {
  absl::string_view rest = url;
  if (absl::ConsumePrefix(&rest, "sqlite:")) {
    return OpenSqlite(std::string(rest), options);
  }
  if (absl::ConsumePrefix(&rest, "postgres://") ||
      absl::ConsumePrefix(&rest, "postgresql://")) {
    return OpenPostgres(url, options);
  }
  return absl::InvalidArgumentError(
      "a store is sqlite:PATH, postgres://... or postgresql://...");
}

bool IsCommitUnknown(const absl::Status& status) {
  return status.GetPayload(kCommitUnknown).has_value();
}

absl::Status MarkCommitUnknown(absl::Status status) {
  status.SetPayload(kCommitUnknown, absl::Cord("1"));
  return status;
}

bool IsRetryable(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsUnavailable(status);
}

}  // namespace kith::db
