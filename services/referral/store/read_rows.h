// Reads whole rows of a table, for the queries of the read RPCs.
#ifndef KITH_SERVICES_REFERRAL_STORE_READ_ROWS_H_
#define KITH_SERVICES_REFERRAL_STORE_READ_ROWS_H_

#include <concepts>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::referral::store {

// A table some of whose rows may be of no use: Check says why.
template <class T>
concept Checked = requires(const typename T::Row& row) {
  { T::Check(row) } -> std::same_as<absl::Status>;
};

// The rows of `sql`, which selects the table's columns; those of no use too.
template <exec::Table T>
absl::StatusOr<std::vector<typename T::Row>> ReadRowsUnchecked(
    db::ReadTransaction& transaction, absl::string_view sql, db::Params params) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(sql, std::move(params)));
  std::vector<typename T::Row> rows;
  rows.reserve(result.rows.size());
  for (const db::Row& row : result.rows) rows.push_back(T::Decode(row));
  return rows;
}

// The same; an error when one of them is of no use.
template <exec::Table T>
absl::StatusOr<std::vector<typename T::Row>> ReadRows(db::ReadTransaction& transaction,
                                                      absl::string_view sql,
                                                      db::Params params) {
  KITH_ASSIGN_OR_RETURN(std::vector<typename T::Row> rows,
                        ReadRowsUnchecked<T>(transaction, sql, std::move(params)));
  if constexpr (Checked<T>) {
    for (const auto& row : rows) KITH_RETURN_IF_ERROR(T::Check(row));
  }
  return rows;
}

// The first of them, if there is one.
template <exec::Table T>
absl::StatusOr<std::optional<typename T::Row>> ReadRow(db::ReadTransaction& transaction,
                                                       absl::string_view sql,
                                                       db::Params params) {
  KITH_ASSIGN_OR_RETURN(std::vector<typename T::Row> rows,
                        ReadRows<T>(transaction, sql, std::move(params)));
  if (rows.empty()) return std::optional<typename T::Row>();
  return std::optional(std::move(rows.front()));
}

// The row of a key, if there is one.
template <exec::Table T>
absl::StatusOr<std::optional<typename T::Row>> ReadByKey(db::ReadTransaction& transaction,
                                                         const typename T::Key& key) {
  return ReadRow<T>(transaction, T::kSelect, T::KeyParams(key));
}

// The rows of an index's key.
template <exec::Index I>
absl::StatusOr<std::vector<typename I::Table::Row>> ReadAll(db::ReadTransaction& transaction,
                                                            const typename I::Key& key) {
  return ReadRows<typename I::Table>(transaction, I::kSelect, I::KeyParams(key));
}

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_READ_ROWS_H_
