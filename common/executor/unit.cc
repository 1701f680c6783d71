#include "common/executor/unit.h"

#include <algorithm>
#include <atomic>

namespace kith::exec {

Unit::Unit(db::WriteTransaction* transaction, int shard)
    : transaction_(transaction), shard_(shard) {}

void Unit::Emit(PendingEvent event) {
  events_.events.push_back(std::move(event));
  journal_.push_back(&events_);
}

void Unit::RollbackTo(Mark mark) {
  while (journal_.size() > mark) {
    journal_.back()->UndoLast();
    journal_.pop_back();
  }
}

size_t Unit::NextCacheId() {
  static std::atomic<size_t> next{0};
  return next++;
}

bool Unit::HasWants() const {
  return std::any_of(caches_.begin(), caches_.end(),
                     [](const auto& cache) { return cache->HasWants(); });
}

std::vector<db::Result> Unit::Load(std::vector<db::Call> first) {
  std::vector<db::Call> calls = std::move(first);
  const size_t own = calls.size();
  std::vector<size_t> ends;
  for (const auto& cache : caches_) {
    cache->AppendLoads(calls);
    ends.push_back(calls.size());
  }
  if (calls.empty()) return {};
  absl::StatusOr<std::vector<db::Result>> results = transaction_->QueryMany(calls);
  if (!results.ok()) {
    status_ = results.status();
    return {};
  }
  size_t begin = own;
  // Taking rows may make no new caches, so the two lists stay in step.
  for (size_t i = 0; i < ends.size(); ++i) {
    caches_[i]->TakeLoaded(absl::MakeSpan(*results).subspan(begin, ends[i] - begin));
    begin = ends[i];
  }
  results->resize(own, db::Result{});
  return *std::move(results);
}

std::vector<db::Call> Unit::Writes() const {
  std::vector<db::Call> calls;
  for (const auto& cache : caches_) cache->AppendWrites(calls);
  return calls;
}

}  // namespace kith::exec
