// Values, results and errors as they travel between PostgreSQL and us.
#ifndef KITH_COMMON_DB_PG_TYPES_H_
#define KITH_COMMON_DB_PG_TYPES_H_

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/db.h"

namespace kith::db {

struct PgResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, PgResultDeleter>;

// Parameters in the form that libpq wants: numbers and texts as text, whose types the
// server infers, and a Blob as bytes. Reused from call to call. Points into the Params.
class PgParams {
 public:
  // INVALID_ARGUMENT for a text with a NUL, which libpq would cut off in silence.
  absl::Status Encode(const Params& params);
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  using Digits = std::array<char, 32>;
  absl::Status EncodeOne(size_t i, const Value& value);

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<Digits> digits_;
};

// The affected rows and, with `want_rows`, the rows of a result in binary format.
// INTERNAL for a column of a type that the seam does not know.
absl::StatusOr<Result> DecodePgResult(const PGresult* result, bool want_rows);

// The rows of a bulk statement (see pg_bulk.h), each into the result that its first column
// names, from 1.
absl::Status DecodeBulkRows(const PGresult* result, absl::Span<Result> results);

// The error of a failed result, by its SQLSTATE. Names no values of the row.
absl::Status PgError(const PGresult* result, absl::string_view sql);

// Whether the error says that a statement prepared earlier no longer fits (the schema
// changed, or a proxy forgot it), so that it would succeed when prepared anew.
bool IsStalePlan(const PGresult* result);

}  // namespace kith::db

#endif  // KITH_COMMON_DB_PG_TYPES_H_
