#include "tests/support/server_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace kith::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

int ExitStatus(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

// Starts `binary`; `out` and `err` are files to write to.
pid_t Spawn(const std::string& binary, const std::vector<std::string>& args,
            const std::string& out, const std::string& err, bool append) {
  const int mode = O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC);
  const int out_fd = open(out.c_str(), mode, 0600);
  const int err_fd = err == out ? out_fd : open(err.c_str(), mode, 0600);
  std::vector<char*> argv = {const_cast<char*>(binary.c_str())};
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    const int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(out_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    execv(binary.c_str(), argv.data());
    _exit(127);
  }
  close(out_fd);
  if (err_fd != out_fd) close(err_fd);
  if (pid < 0) Die(absl::StrCat("cannot start ", binary));
  return pid;
}

}  // namespace

int FreePort() {
  static absl::Mutex mutex;
  static std::set<int>* const given = new std::set<int>;
  absl::MutexLock lock(&mutex);
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(fd, raw, size) == 0 && getsockname(fd, raw, &size) == 0;
    close(fd);
    if (bound && given->insert(ntohs(address.sin_port)).second) return ntohs(address.sin_port);
  }
  Die("no free port");
}

std::string BinaryPath(absl::string_view name) {
  if (!name.empty() && name.front() == '/') return std::string(name);
  if (const char* folder = std::getenv("KITH_BIN"); folder != nullptr) {
    return absl::StrCat(folder, "/", name);
  }
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof(self));
  if (size <= 0) Die("no path of the running program");
  const std::string path(self, static_cast<size_t>(size));
  return absl::StrCat(path.substr(0, path.rfind('/')), "/", name);
}

ServerProcess::ServerProcess(std::string binary, std::vector<std::string> args,
                             std::string log_path)
    : binary_(std::move(binary)), args_(std::move(args)), log_path_(std::move(log_path)) {}

ServerProcess::~ServerProcess() { Kill(); }

void ServerProcess::Start() {
  if (pid_ > 0) Die(absl::StrCat(binary_, " is running already"));
  pid_ = Spawn(binary_, args_, log_path_, log_path_, /*append=*/true);
}

void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

int ServerProcess::Terminate() {
  if (pid_ > 0) kill(pid_, SIGTERM);
  return Wait();
}

int ServerProcess::Wait() {
  int status = 0;
  if (pid_ <= 0 || waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = -1;
  return ExitStatus(status);
}

std::string ServerProcess::Log() const { return ReadFile(log_path_); }

int64_t ServerProcess::ResidentKilobytes() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

CommandResult RunCommand(absl::string_view binary, const std::vector<std::string>& args) {
  char folder[] = "/tmp/kith-command-XXXXXX";
  if (mkdtemp(folder) == nullptr) Die("no temporary folder");
  const std::string out = absl::StrCat(folder, "/out"), err = absl::StrCat(folder, "/err");
  const pid_t pid = Spawn(BinaryPath(binary), args, out, err, /*append=*/false);
  int status = 0;
  waitpid(pid, &status, 0);
  CommandResult result{ExitStatus(status), ReadFile(out), ReadFile(err)};
  unlink(out.c_str());
  unlink(err.c_str());
  rmdir(folder);
  return result;
}

}  // namespace kith::test
