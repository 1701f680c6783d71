// How rows and tables meet: what a store declares for the executor's working set.
//
// A *table* has rows that are found by key, changed and put back:
//
//   struct AdvocateTable {
//     using Row = domain::Advocate;
//     using Key = std::pair<std::string, std::string>;      // hashable, ordered
//     static constexpr absl::string_view kSelect = "SELECT … WHERE program_id=$1 AND
//     advocate_id=$2"; static constexpr absl::string_view kUpsert = "INSERT … ON CONFLICT (…)
//     DO UPDATE SET …"; static constexpr absl::string_view kDelete = "DELETE … WHERE
//     program_id=$1 AND advocate_id=$2"; static Key KeyOf(const Row& row); static db::Params
//     KeyParams(const Key& key);          // of kSelect and kDelete static db::Params
//     Encode(const Row& row);             // of kUpsert static Row Decode(const db::Row& row);
//     // of kSelect
//     // optional: what a row adds to maintained counters; `sign` is +1 or -1
//     static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
//   };
//
// An *index* finds the rows of a table that share another key. It returns whole rows and
// must be bounded by the business (the messages of one contact, say):
//
//   struct MessagesByContact {
//     using Table = MessageTable;
//     using Key = std::pair<std::string, std::string>;
//     static constexpr absl::string_view kSelect = "SELECT … WHERE program_id=$1 AND
//     contact_id=$2"; static std::optional<Key> KeyOf(const Table::Row& row);  // nullopt: not
//     in the index static db::Params KeyParams(const Key& key);
//   };
//
// An index with `static constexpr bool kSnapshot = true` keeps what its kSelect found in the
// store (a page of a queue, say): its KeyOf returns nullopt, and the rows are as this batch
// has changed them since, so that some may no longer be what was asked for.
//
// A *log* is only appended to: `using Row; kInsert; Encode(row)`.
//
// A *counter* is only added to: `using Key; kAdd` (an upsert that adds its parameter to the
// stored value); `Encode(key, delta)`. `kPrune` deletes the row of `KeyParams(key)` if its
// value is 0; it runs after each subtraction (after each change when the counter has
// `static constexpr bool kSigned = true`: its value may be negative), so that a count that
// returns to nothing leaves nothing, however the steps were divided into transactions.
#ifndef KITH_COMMON_EXECUTOR_TABLE_H_
#define KITH_COMMON_EXECUTOR_TABLE_H_

#include <concepts>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/db/db.h"

namespace kith::exec {

class Unit;

template <class T>
concept Table = requires(const typename T::Row& row, const typename T::Key& key,
                         const db::Row& stored) {
  { T::kSelect } -> std::convertible_to<absl::string_view>;
  { T::kUpsert } -> std::convertible_to<absl::string_view>;
  { T::kDelete } -> std::convertible_to<absl::string_view>;
  { T::KeyOf(row) } -> std::convertible_to<typename T::Key>;
  { T::KeyParams(key) } -> std::same_as<db::Params>;
  { T::Encode(row) } -> std::same_as<db::Params>;
  { T::Decode(stored) } -> std::convertible_to<typename T::Row>;
};

template <class I>
concept Index = Table<typename I::Table> &&
    requires(const typename I::Table::Row& row, const typename I::Key& key) {
  { I::kSelect } -> std::convertible_to<absl::string_view>;
  { I::KeyOf(row) } -> std::same_as<std::optional<typename I::Key>>;
  { I::KeyParams(key) } -> std::same_as<db::Params>;
};

template <class I>
concept SnapshotIndex = Index<I> && I::kSnapshot;

template <class L>
concept Log = requires(const typename L::Row& row) {
  { L::kInsert } -> std::convertible_to<absl::string_view>;
  { L::Encode(row) } -> std::same_as<db::Params>;
};

template <class C>
concept Counter = requires(const typename C::Key& key, int64_t delta) {
  { C::kAdd } -> std::convertible_to<absl::string_view>;
  { C::kPrune } -> std::convertible_to<absl::string_view>;
  { C::Encode(key, delta) } -> std::same_as<db::Params>;
  { C::KeyParams(key) } -> std::same_as<db::Params>;
};

template <class T>
concept Contributing = requires(const typename T::Row& row, Unit& unit) {
  T::Contribute(row, int64_t{1}, unit);
};

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_TABLE_H_
