#include "common/server/store_probe.h"

#include <utility>

#include "common/base/clock.h"
#include "common/log/log.h"

namespace kith::server {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

absl::Status Ping(db::Database& database) {
  auto transaction = database.BeginRead(SystemClock().Now() + kTimeout);
  if (!transaction.ok()) return transaction.status();
  // Reads a page: a statement without a table would not notice that the store is gone.
  return (*transaction)->Query("SELECT head_position FROM shard WHERE shard = 0").status();
}

}  // namespace

StoreProbe::StoreProbe(db::Database& database, metrics::Registry& registry,
                       std::function<void(bool)> report, absl::Duration interval)
    : database_(database),
      up_(registry.GetGauge("kith_store_up", "Whether the store answered the last probe.")),
      report_(std::move(report)),
      interval_(interval) {}

StoreProbe::~StoreProbe() { Stop(); }

void StoreProbe::Start() {
  Probe();
  thread_ = std::thread([this] { Loop(); });
}

void StoreProbe::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void StoreProbe::Probe() {
  const absl::Status status = Ping(database_);
  if (!status.ok()) log::Warn("store_down", {{"cause", status.message()}});
  up_.Set(status.ok() ? 1 : 0);
  report_(status.ok());
}

void StoreProbe::Loop() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval_);
      if (stopping_) return;
    }
    Probe();
  }
}

}  // namespace kith::server
