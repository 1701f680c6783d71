#include "tests/support/postgres_cluster.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"

namespace kith::test {
namespace {

// Makes the server, says "ready" when it accepts connections, waits for the end of its
// standard input (which comes even when the test crashes), and removes everything.
constexpr char kKeeperScript[] = R"sh(
cd "$DIR" || exit 1
trap '' INT TERM HUP
end() { rm -rf "$DIR"; exit "$1"; }
"$BIN/initdb" -D "$DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$DIR/initdb.log" 2>&1 || { cat "$DIR/initdb.log" >&2; end 1; }
cat >>"$DIR/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = '$DIR'
fsync = $FSYNC
max_connections = 200
shared_buffers = 64MB
CONF
"$BIN/postgres" -D "$DIR/data" </dev/null >"$DIR/log" 2>&1 &
SERVER=$!
until "$BIN/pg_isready" -q -h "$DIR" -p "$PORT"; do
  kill -0 "$SERVER" 2>/dev/null || { cat "$DIR/log" >&2; end 1; }
  sleep 0.02
done
echo ready
exec >/dev/null 2>&1
cat
kill -QUIT "$SERVER"
wait "$SERVER"
end 0
)sh";

[[noreturn]] void Die(absl::string_view what) {
  std::fprintf(stderr, "PostgreSQL for tests: %s\n", std::string(what).c_str());
  std::abort();
}

std::string Env(const char* name, absl::string_view otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || value[0] == '\0' ? std::string(otherwise) : value;
}

// The folder of initdb: Debian's, of the newest version, or one of PATH.
std::string FindBinaries() {
  glob_t found{};
  std::string dir;
  if (glob("/usr/lib/postgresql/*/bin/initdb", 0, nullptr, &found) == 0) {
    dir = found.gl_pathv[found.gl_pathc - 1];
  }
  globfree(&found);
  std::string path = Env("PATH", "");
  for (char* part = strtok(path.data(), ":"); dir.empty() && part;
       part = strtok(nullptr, ":")) {
    const std::string candidate = absl::StrCat(part, "/initdb");
    if (access(candidate.c_str(), X_OK) == 0) dir = candidate;
  }
  if (dir.empty()) Die("initdb is not installed");
  return dir.substr(0, dir.rfind('/'));
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Die("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

// The user that owns the server: PostgreSQL refuses to run as root.
const passwd* ServerUser() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) user = getpwnam("nobody");
  if (user == nullptr) Die("no unprivileged user");
  return user;
}

// A short path, because a Unix socket's has at most 107 characters.
std::string NewFolder(const passwd* owner) {
  std::string path = "/tmp/kith-pg-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) Die("no temporary folder");
  if (owner != nullptr && chown(path.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
    Die("chown of the temporary folder");
  }
  return path;
}

[[noreturn]] void RunKeeper(int in, int out, const passwd* user, char* const* environment) {
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  setsid();
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(1);
  }
  const char* const argv[] = {"sh", "-c", kKeeperScript, nullptr};
  execve("/bin/sh", const_cast<char* const*>(argv), environment);
  _exit(127);
}

// True when the keeper says that the server is ready, false when it has given up.
bool AwaitReady(int fd) {
  char text[16];
  ssize_t size;
  do {
    size = read(fd, text, sizeof(text));
  } while (size < 0 && errno == EINTR);
  close(fd);
  return size > 0;
}

void RunSql(const std::string& url, const std::string& sql) {
  std::unique_ptr<PGconn, decltype(&PQfinish)> conn(PQconnectdb(url.c_str()), &PQfinish);
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(conn.get(), sql.c_str()),
                                                       &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    Die(absl::StrCat(sql, ": ", PQerrorMessage(conn.get())));
  }
}

}  // namespace

PostgresCluster& PostgresCluster::Shared() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() {
  admin_url_ = Env("KITH_TEST_POSTGRES_URL", "");
  external_ = !admin_url_.empty();
  if (!external_) Start();
}

PostgresCluster::~PostgresCluster() {
  if (external_) {
    absl::MutexLock lock(&mutex_);
    for (const std::string& name : databases_) {
      RunAsAdmin(absl::StrCat("DROP DATABASE ", name, " WITH (FORCE)"));
    }
    return;
  }
  close(lifeline_);
  waitpid(keeper_, nullptr, 0);
}

void PostgresCluster::Start() {
  const std::string bin_dir = FindBinaries();
  // Another process may take the free port first.
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (TryStart(bin_dir, FreePort())) return;
  }
  Die("the server does not start");
}

bool PostgresCluster::TryStart(absl::string_view bin_dir, int port) {
  const passwd* const user = ServerUser();
  std::string variables[] = {absl::StrCat("DIR=", NewFolder(user)),
                             absl::StrCat("BIN=", bin_dir), absl::StrCat("PORT=", port),
                             absl::StrCat("FSYNC=", Env("KITH_TEST_POSTGRES_FSYNC", "on")),
                             absl::StrCat("PATH=", Env("PATH", "/usr/bin:/bin"))};
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);

  int lifeline[2];
  int ready[2];
  if (pipe2(lifeline, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0) Die("pipe");
  const pid_t child = fork();
  if (child < 0) Die("fork");
  if (child == 0) RunKeeper(lifeline[0], ready[1], user, environment.data());
  close(lifeline[0]);
  close(ready[1]);
  if (!AwaitReady(ready[0])) {
    close(lifeline[1]);
    waitpid(child, nullptr, 0);
    return false;
  }
  keeper_ = child;
  lifeline_ = lifeline[1];
  admin_url_ = absl::StrCat("postgresql://postgres@127.0.0.1:", port, "/postgres");
  return true;
}

std::string PostgresCluster::UrlOf(absl::string_view database) const {
  const size_t authority = admin_url_.find("://") + 3;
  const size_t query = std::min(admin_url_.find('?'), admin_url_.size());
  const size_t path = std::min(admin_url_.find('/', authority), query);
  return absl::StrCat(admin_url_.substr(0, path), "/", database, admin_url_.substr(query));
}

std::string PostgresCluster::NewDatabaseUrl() {
  const std::string name = absl::StrCat("kith_test_", getpid(), "_", ++next_);
  RunAsAdmin(absl::StrCat("CREATE DATABASE ", name));
  if (external_) {
    absl::MutexLock lock(&mutex_);
    databases_.push_back(name);
  }
  return UrlOf(name);
}

void PostgresCluster::RunAsAdmin(const std::string& sql) { RunSql(admin_url_, sql); }

}  // namespace kith::test
