// Rows by key and index from one snapshot of the store, as the working set of a command gives
// them (common/executor/unit.h), so that what commands decide by can be explained by the same
// code. Not thread-safe.
#ifndef KITH_SERVICES_REFERRAL_STORE_ROW_READER_H_
#define KITH_SERVICES_REFERRAL_STORE_ROW_READER_H_

#include <map>
#include <memory>
#include <optional>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::store {

class RowReader {
 public:
  // `transaction` must outlive the reader.
  explicit RowReader(db::ReadTransaction& transaction) : transaction_(transaction) {}

  // The row of `key`, or nullptr. Valid as long as the reader. When the store fails, nullptr
  // is returned and `status` tells.
  template <exec::Table T>
  const typename T::Row* Find(const typename T::Key& key) {
    auto& rows = Cache<T, std::optional<typename T::Row>>();
    auto it = rows.find(key);
    if (it == rows.end()) {
      it = rows.emplace(key, Keep(ReadByKey<T>(transaction_, key))).first;
    }
    return it->second.has_value() ? &*it->second : nullptr;
  }
  // The rows of an index, in order of their keys.
  template <exec::Index I>
  std::vector<const typename I::Table::Row*> Select(const typename I::Key& key) {
    using Row = typename I::Table::Row;
    auto& lists = Cache<I, std::vector<Row>>();
    auto it = lists.find(key);
    if (it == lists.end()) it = lists.emplace(key, Keep(ReadAll<I>(transaction_, key))).first;
    std::map<typename I::Table::Key, const Row*> in_order;
    for (const Row& row : it->second) in_order[I::Table::KeyOf(row)] = &row;
    std::vector<const Row*> result;
    for (const auto& [row_key, row] : in_order) result.push_back(row);
    return result;
  }

  // The first failure of the store, if any.
  const absl::Status& status() const { return status_; }

 private:
  // What was read of a table or index so far, by key.
  template <class Source, class Value>
  std::map<typename Source::Key, Value>& Cache() {
    using Rows = std::map<typename Source::Key, Value>;
    std::shared_ptr<void>& cache = caches_[std::type_index(typeid(Source))];
    if (cache == nullptr) cache = std::make_shared<Rows>();
    return *static_cast<Rows*>(cache.get());
  }
  template <class T>
  T Keep(absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    status_.Update(value.status());
    return T();
  }

  db::ReadTransaction& transaction_;
  absl::Status status_;
  std::map<std::type_index, std::shared_ptr<void>> caches_;
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_ROW_READER_H_
