#include "tests/bench/plain_postgres.h"

#include <atomic>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "tests/bench/require.h"

namespace kith::bench {

PlainConnection::PlainConnection(const std::string& url) : conn_(PQconnectdb(url.c_str())) {
  if (PQstatus(conn_.get()) != CONNECTION_OK) Die(PQerrorMessage(conn_.get()));
}

void PlainConnection::Script(const std::string& sql) {
  Check(PQexec(conn_.get(), sql.c_str()));
}

void PlainConnection::Prepare(const char* name, absl::string_view sql) {
  Check(PQprepare(conn_.get(), name, std::string(sql).c_str(), 0, nullptr));
}

void PlainConnection::Run(const char* name, const db::Params& params) {
  RequireOk(params_.Encode(params));
  Check(PQexecPrepared(conn_.get(), name, params_.count(), params_.values(), params_.lengths(),
                       params_.formats(), 1));
}

void PlainConnection::Check(PGresult* raw) {
  const db::PgResult result(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    Die(PQerrorMessage(conn_.get()));
  }
}

double PlainLoop(const std::string& url, int connections, absl::Duration duration,
                 const std::function<void(PlainConnection&)>& prepare,
                 const std::function<void(PlainConnection&)>& once) {
  std::atomic<int64_t> done{0};
  const absl::Time start = SystemClock().Now();
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) {
    threads.emplace_back([&] {
      PlainConnection connection(url);
      prepare(connection);
      while (SystemClock().Now() < start + duration) {
        once(connection);
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(done) / absl::ToDoubleSeconds(SystemClock().Now() - start);
}

}  // namespace kith::bench
