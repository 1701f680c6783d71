// The typed parts of a working set (see unit.h). Internal to the executor.
#ifndef KITH_COMMON_EXECUTOR_CACHES_H_
#define KITH_COMMON_EXECUTOR_CACHES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/types/span.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::exec::internal {

// A part of the working set: loads in bulk, can undo its changes one by one, writes in bulk.
class Cache {
 public:
  virtual ~Cache() = default;
  virtual bool HasWants() const { return false; }
  // Appends the statements that load what is wanted; TakeLoaded gets their results.
  virtual void AppendLoads(std::vector<db::Call>&) {}
  virtual void TakeLoaded(absl::Span<const db::Result>) {}
  virtual void UndoLast() = 0;
  virtual void AppendWrites(std::vector<db::Call>& calls) const = 0;
};

// Hears of every change of a table's row.
template <class Row>
class RowListener {
 public:
  virtual ~RowListener() = default;
  virtual void OnChange(const Row* before, const Row* after) = 0;
};

template <Table T>
class TableCache final : public Cache {
 public:
  using Row = typename T::Row;
  using Key = typename T::Key;

  // What is known of a row. Stays where it is.
  struct Entry {
    std::optional<Row> row;
    bool loaded = false;  // or else only wanted
    bool stored = false;  // there is a row in the store
    bool dirty = false;   // differs from the store
    bool listed = false;  // is in written_
    const Row* get() const { return row.has_value() ? &*row : nullptr; }
  };

  void Want(const Key& key) {
    const auto [it, fresh] = entries_.try_emplace(key);
    if (fresh) wanted_.push_back(&*it);
  }
  // The entry of `key`, or nullptr when it is not loaded.
  Entry* FindLoaded(const Key& key) {
    const auto it = entries_.find(key);
    return it == entries_.end() || !it->second.loaded ? nullptr : &it->second;
  }
  // The row, or nullptr when it is not loaded or does not exist.
  const Row* Peek(const Key& key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? nullptr : it->second.get();
  }
  // Replaces the row (nullopt: deletes it). The key must be loaded.
  void Set(const Key& key, std::optional<Row> row) {
    auto& item = *entries_.find(key);
    Entry& entry = item.second;
    undo_.push_back({&entry, std::move(entry.row), entry.dirty});
    if (!std::exchange(entry.listed, true)) written_.push_back(&item);
    entry.dirty = true;
    entry.row = std::move(row);
    Notify(undo_.back().row, entry.row);
  }
  // Takes a row that an index has read, unless the key is loaded already.
  void Adopt(Row row) {
    Entry& entry = entries_[T::KeyOf(row)];
    Take(entry, std::move(row));
  }
  void Listen(RowListener<Row>* listener) {
    listeners_.push_back(listener);
    for (const auto& [key, entry] : entries_) {
      if (entry.row.has_value()) listener->OnChange(nullptr, &*entry.row);
    }
  }

  bool HasWants() const override { return !wanted_.empty(); }
  void AppendLoads(std::vector<db::Call>& calls) override {
    for (const Item* item : wanted_) calls.push_back({T::kSelect, T::KeyParams(item->first)});
  }
  void TakeLoaded(absl::Span<const db::Result> results) override {
    for (size_t i = 0; i < results.size(); ++i) {
      Entry& entry = wanted_[i]->second;
      if (results[i].rows.empty()) {
        entry.loaded = true;
      } else {
        Take(entry, T::Decode(results[i].rows.front()));
      }
    }
    wanted_.clear();
  }
  void UndoLast() override {
    Undo last = std::move(undo_.back());
    undo_.pop_back();
    std::optional<Row> undone = std::exchange(last.entry->row, std::move(last.row));
    last.entry->dirty = last.dirty;
    Notify(undone, last.entry->row);
  }
  void AppendWrites(std::vector<db::Call>& calls) const override {
    for (const auto* item : written_) {
      const Entry& entry = item->second;
      if (!entry.dirty) continue;
      if (entry.row.has_value()) {
        calls.push_back({T::kUpsert, T::Encode(*entry.row)});
      } else if (entry.stored) {
        calls.push_back({T::kDelete, T::KeyParams(item->first)});
      }
    }
  }

 private:
  using Item = std::pair<const Key, Entry>;
  struct Undo {
    Entry* entry;
    std::optional<Row> row;
    bool dirty;
  };

  void Take(Entry& entry, Row row) {
    if (std::exchange(entry.loaded, true)) return;
    entry.stored = true;
    entry.row = std::move(row);
    Notify(std::nullopt, entry.row);
  }
  void Notify(const std::optional<Row>& before, const std::optional<Row>& after) {
    for (RowListener<Row>* listener : listeners_) {
      listener->OnChange(before.has_value() ? &*before : nullptr,
                         after.has_value() ? &*after : nullptr);
    }
  }

  absl::node_hash_map<Key, Entry> entries_;
  std::vector<Item*> wanted_;
  std::vector<const Item*> written_;  // in order of first change
  std::vector<Undo> undo_;
  std::vector<RowListener<Row>*> listeners_;
};

template <Index I>
class IndexCache final : public Cache, public RowListener<typename I::Table::Row> {
 public:
  using Row = typename I::Table::Row;
  using RowKey = typename I::Table::Key;
  using Key = typename I::Key;

  explicit IndexCache(TableCache<typename I::Table>* table) : table_(table) {
    table_->Listen(this);
  }
  bool IsLoaded(const Key& key) const {
    const auto it = entries_.find(key);
    return it != entries_.end() && it->second.loaded;
  }
  void Want(const Key& key) {
    auto& item = *entries_.try_emplace(key).first;
    if (!std::exchange(item.second.wanted, true)) wanted_.push_back(&item);
  }
  // The rows of `key`, in order of their own keys.
  std::vector<const Row*> Peek(const Key& key) const {
    std::vector<const Row*> rows;
    if (const auto it = entries_.find(key); it != entries_.end()) {
      for (const RowKey& row_key : it->second.members) rows.push_back(table_->Peek(row_key));
    }
    return rows;
  }

  void OnChange(const Row* before, const Row* after) override {
    if (before != nullptr) {
      if (const auto key = I::KeyOf(*before)) {
        entries_[*key].members.erase(I::Table::KeyOf(*before));
      }
    }
    if (after != nullptr) {
      if (const auto key = I::KeyOf(*after)) {
        entries_[*key].members.insert(I::Table::KeyOf(*after));
      }
    }
  }
  bool HasWants() const override { return !wanted_.empty(); }
  void AppendLoads(std::vector<db::Call>& calls) override {
    for (const Item* item : wanted_) calls.push_back({I::kSelect, I::KeyParams(item->first)});
  }
  void TakeLoaded(absl::Span<const db::Result> results) override {
    for (size_t i = 0; i < results.size(); ++i) {
      Entry& entry = wanted_[i]->second;
      for (const db::Row& stored : results[i].rows) {
        Row row = I::Table::Decode(stored);
        if constexpr (SnapshotIndex<I>) entry.members.insert(I::Table::KeyOf(row));
        table_->Adopt(std::move(row));
      }
      entry.loaded = true;
    }
    wanted_.clear();
  }
  void UndoLast() override {}
  void AppendWrites(std::vector<db::Call>&) const override {}

 private:
  struct Entry {
    std::set<RowKey> members;
    bool wanted = false;
    bool loaded = false;
  };
  using Item = std::pair<const Key, Entry>;

  TableCache<typename I::Table>* const table_;
  absl::node_hash_map<Key, Entry> entries_;
  std::vector<Item*> wanted_;
};

template <Log L>
class LogCache final : public Cache {
 public:
  void Append(typename L::Row row) { rows_.push_back(std::move(row)); }
  void UndoLast() override { rows_.pop_back(); }
  void AppendWrites(std::vector<db::Call>& calls) const override {
    for (const auto& row : rows_) calls.push_back({L::kInsert, L::Encode(row)});
  }

 private:
  std::vector<typename L::Row> rows_;
};

// Whether a counter may be negative, so that an addition may bring it back to 0.
template <class C>
inline constexpr bool Signed = requires {
  requires C::kSigned;
};

template <Counter C>
class CounterCache final : public Cache {
 public:
  void Add(const typename C::Key& key, int64_t delta) {
    sums_[key] += delta;
    undo_.emplace_back(key, delta);
  }
  void UndoLast() override {
    sums_[undo_.back().first] -= undo_.back().second;
    undo_.pop_back();
  }
  void AppendWrites(std::vector<db::Call>& calls) const override {
    for (const auto& [key, sum] : sums_) {
      if (sum == 0) continue;
      calls.push_back({C::kAdd, C::Encode(key, sum)});
      if (sum < 0 || Signed<C>) calls.push_back({C::kPrune, C::KeyParams(key)});
    }
  }

 private:
  std::map<typename C::Key, int64_t> sums_;  // ordered: writes are local and repeatable
  std::vector<std::pair<typename C::Key, int64_t>> undo_;
};

}  // namespace kith::exec::internal

#endif  // KITH_COMMON_EXECUTOR_CACHES_H_
