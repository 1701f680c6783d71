// Many runs of one statement as one statement over arrays. The server spends more on the
// start and end of a statement than on finding or inserting one row.
#ifndef KITH_COMMON_DB_PG_BULK_H_
#define KITH_COMMON_DB_PG_BULK_H_

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/db.h"

namespace kith::db {

// The bulk form of a statement:
//
//   SELECT … WHERE a = $1
//   SELECT k.o, q.* FROM unnest($1) WITH ORDINALITY k (p1, o),
//     LATERAL (SELECT … WHERE a = k.p1 OFFSET 0) q
//
//   INSERT INTO t (…) VALUES ($1, …)
//   INSERT INTO t (…) SELECT k.p1, … FROM unnest($1, …) k (p1, …)
//
// The lateral part is kept as it is (OFFSET 0), so that the server plans it like the single
// statement and runs it once for each set of parameters. Immutable.
class PgBulk {
 public:
  // The bulk form of `sql`, whose parameters have these types; nullopt when it has none, or
  // when one run could see what another one did.
  static std::optional<PgBulk> Make(absl::string_view sql, const std::vector<Oid>& types);

  const std::string& sql() const { return sql_; }
  // The first column of its rows is the ordinal of the call that they answer, from 1.
  bool is_select() const { return is_select_; }
  // The parameters of all calls as arrays. nullopt when they cannot go together: a value of
  // another type, a text that no store keeps, or two rows with the same conflict key.
  std::optional<Params> Encode(absl::Span<const Call> calls) const;

 private:
  bool MakeSelect(absl::string_view sql);
  bool MakeInsert(absl::string_view sql);
  bool ReadConflictKey(absl::string_view columns, absl::string_view values,
                       absl::string_view tail);
  std::string Arrays(absl::string_view more_columns) const;
  bool HaveDistinctKeys(absl::Span<const Call> calls) const;

  std::string sql_;
  bool is_select_ = false;
  std::vector<Oid> types_;
  std::vector<size_t> key_;  // parameters of the conflict key, from 0
};

}  // namespace kith::db

#endif  // KITH_COMMON_DB_PG_BULK_H_
