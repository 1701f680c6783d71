// PostgreSQL as a program uses it that sends one statement after another.
#ifndef KITH_TESTS_BENCH_PLAIN_POSTGRES_H_
#define KITH_TESTS_BENCH_PLAIN_POSTGRES_H_

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/db/pg_types.h"

namespace kith::bench {

// A connection that prepares each statement once and waits for each answer. What fails ends
// the process.
class PlainConnection {
 public:
  explicit PlainConnection(const std::string& url);
  // Runs statements without parameters.
  void Script(const std::string& sql);
  void Prepare(const char* name, absl::string_view sql);
  void Run(const char* name, const db::Params& params);

 private:
  struct Close {
    void operator()(PGconn* conn) const { PQfinish(conn); }
  };
  void Check(PGresult* raw);

  std::unique_ptr<PGconn, Close> conn_;
  db::PgParams params_;
};

// Runs `once` again and again on so many connections, each made ready by `prepare`, until
// `duration` is over; returns how often a second.
double PlainLoop(const std::string& url, int connections, absl::Duration duration,
                 const std::function<void(PlainConnection&)>& prepare,
                 const std::function<void(PlainConnection&)>& once);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_PLAIN_POSTGRES_H_
