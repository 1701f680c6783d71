// Several batches on their way at once.
#ifndef KITH_CLIENTS_CLI_IMPORT_PIPELINE_H_
#define KITH_CLIENTS_CLI_IMPORT_PIPELINE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/import/batch.h"

namespace kith::cli {

// Runs the calls of batches on a few threads. A call that asks for it waits until the batch
// before has made the same call. Finished batches are handed out in the order of the file.
// After the first error nothing more is sent. Submit and Finish are for one thread.
class Pipeline {
 public:
  // `done` is called for each finished batch, never twice at once.
  using Done = std::function<void(const Batch&)>;

  // At most `workers` batches are on their way, and as many wait.
  Pipeline(const Wire& wire, int workers, Done done);
  ~Pipeline();

  // Takes a batch; waits while too many are waiting. Batches are numbered from 0, and all
  // have the same number of calls. False after an error: nothing more is taken.
  bool Submit(std::unique_ptr<Batch> batch);
  // Waits for everything. The first error, if there was one.
  absl::Status Finish();

 private:
  void Work();
  void Process(Batch& batch);
  void AwaitTurn(size_t stage, int64_t index);
  void EndTurn(size_t stage);
  bool Failed();
  void Fail(absl::Status status);

  const Wire wire_;
  const size_t limit_;
  const Done done_;
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Batch>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<int64_t> turns_ ABSL_GUARDED_BY(mutex_);  // by stage: whose turn it is
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_PIPELINE_H_
