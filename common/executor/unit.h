// The working set of one batch: rows loaded in bulk, changed in memory by the commands in
// their order, written in bulk. Each command sees what the earlier ones did. What a refused
// command did is undone.
//
// Not thread-safe; lives for one transaction.
#ifndef KITH_COMMON_EXECUTOR_UNIT_H_
#define KITH_COMMON_EXECUTOR_UNIT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/db/db.h"
#include "common/executor/caches.h"
#include "common/executor/table.h"

namespace kith::exec {

// A fact to be published on the feed, in the transaction that makes it true.
struct PendingEvent {
  std::string program_id;
  std::string fact;  // a serialized kith.events.v1.Fact
};

class Unit {
 public:
  // `transaction` must outlive the unit.
  Unit(db::WriteTransaction* transaction, int shard);
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  int shard() const { return shard_; }

  // The row of `key`, or nullptr. Valid until the row is next put or erased. A row that was
  // not prefetched is loaded here, which costs a round trip (see `misses`). When the store
  // fails, nullptr is returned and `status` tells; the executor then runs the batch again.
  template <Table T>
  const typename T::Row* Find(const typename T::Key& key) {
    auto& cache = Get<internal::TableCache<T>>();
    if (const auto* entry = cache.FindLoaded(key)) return entry->get();
    LoadMiss([&] { cache.Want(key); });
    return cache.Peek(key);
  }
  // The rows of an index, in order of their keys, with all changes of this batch.
  template <Index I>
  std::vector<const typename I::Table::Row*> Select(const typename I::Key& key) {
    auto& cache = GetIndex<I>();
    if (!cache.IsLoaded(key)) LoadMiss([&] { cache.Want(key); });
    return cache.Peek(key);
  }
  // Inserts or replaces a row.
  template <Table T>
  void Put(typename T::Row row) {
    const auto key = T::KeyOf(row);
    const typename T::Row* before = Find<T>(key);
    if (!status_.ok()) return;
    if constexpr (Contributing<T>) {
      if (before != nullptr) T::Contribute(*before, -1, *this);
      T::Contribute(row, +1, *this);
    }
    Set<T>(key, std::move(row));
  }
  // Deletes a row, if it is there.
  template <Table T>
  void Erase(const typename T::Key& key) {
    const typename T::Row* before = Find<T>(key);
    if (before == nullptr) return;
    if constexpr (Contributing<T>) T::Contribute(*before, -1, *this);
    Set<T>(key, std::nullopt);
  }
  // Appends to a log.
  template <Log L>
  void Append(typename L::Row row) {
    auto& cache = Get<internal::LogCache<L>>();
    cache.Append(std::move(row));
    journal_.push_back(&cache);
  }
  // Adds to a counter.
  template <Counter C>
  void Count(const typename C::Key& key, int64_t delta) {
    auto& cache = Get<internal::CounterCache<C>>();
    cache.Add(key, delta);
    journal_.push_back(&cache);
  }
  // Publishes a fact.
  void Emit(PendingEvent event);

  // A point to return to: everything done after Mark is undone by RollbackTo.
  using Mark = size_t;
  Mark GetMark() const { return journal_.size(); }
  void RollbackTo(Mark mark);

  // The first failure of the store, if any.
  const absl::Status& status() const { return status_; }
  // Rows and indexes that were needed but not prefetched.
  int64_t misses() const { return misses_; }

 private:
  friend class Loader;
  friend class Batch;

  class EventLog final : public internal::Cache {
   public:
    std::vector<PendingEvent> events;
    void UndoLast() override { events.pop_back(); }
    void AppendWrites(std::vector<db::Call>&) const override {}
  };

  // Numbers the types of caches in this process.
  static size_t NextCacheId();
  // The cache of one type; made at first use.
  template <class C>
  C& Get() {
    return GetOrMake<C>([] { return std::make_unique<C>(); });
  }
  template <Index I>
  internal::IndexCache<I>& GetIndex() {
    return GetOrMake<internal::IndexCache<I>>([this] {
      return std::make_unique<internal::IndexCache<I>>(
          &Get<internal::TableCache<typename I::Table>>());
    });
  }
  template <class C, class Make>
  C& GetOrMake(Make make) {
    static const size_t id = NextCacheId();
    if (by_id_.size() <= id) by_id_.resize(id + 1, nullptr);
    if (by_id_[id] == nullptr) {
      auto cache = make();  // may make other caches
      by_id_[id] = cache.get();
      caches_.push_back(std::move(cache));
    }
    return static_cast<C&>(*by_id_[id]);
  }
  template <Table T>
  void Set(const typename T::Key& key, std::optional<typename T::Row> row) {
    auto& cache = Get<internal::TableCache<T>>();
    cache.Set(key, std::move(row));
    journal_.push_back(&cache);
  }
  template <class Want>
  void LoadMiss(Want want) {
    if (!status_.ok()) return;
    ++misses_;
    want();
    Load({});
  }

  // Loads all that is wanted in one round trip, after `first`, whose results are returned.
  std::vector<db::Result> Load(std::vector<db::Call> first);
  bool HasWants() const;
  // All changes as statements.
  std::vector<db::Call> Writes() const;
  const std::vector<PendingEvent>& events() const { return events_.events; }

  db::WriteTransaction* const transaction_;
  const int shard_;
  absl::Status status_;
  int64_t misses_ = 0;
  std::vector<internal::Cache*> by_id_;
  std::vector<std::unique_ptr<internal::Cache>> caches_;  // in order of first use
  std::vector<internal::Cache*> journal_;
  EventLog events_;
};

// What a command may do before it decides: say which rows it will need. Prefetch is called
// again after each load, a few times at most, to want keys that it finds in rows just loaded.
class Loader {
 public:
  Loader(Unit* unit, absl::Time now) : unit_(unit), now_(now) {}
  absl::Time about_now() const { return now_; }  // close to what Decide will be given
  template <Table T>
  void Want(const typename T::Key& key) {
    unit_->Get<internal::TableCache<T>>().Want(key);
  }
  template <Index I>
  void WantAll(const typename I::Key& key) {
    unit_->GetIndex<I>().Want(key);
  }
  // The row, or nullptr when it is not loaded yet or does not exist.
  template <Table T>
  const typename T::Row* Peek(const typename T::Key& key) {
    return unit_->Get<internal::TableCache<T>>().Peek(key);
  }
  // The loaded rows of an index; empty when it is not loaded yet.
  template <Index I>
  std::vector<const typename I::Table::Row*> PeekAll(const typename I::Key& key) {
    return unit_->GetIndex<I>().Peek(key);
  }

 private:
  Unit* const unit_;
  const absl::Time now_;
};

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_UNIT_H_
