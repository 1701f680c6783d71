// A real Prometheus scrapes the four services, promtool finds nothing to say about our
// metrics, and every method is there at 0 before its first call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "tests/integration/contract.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using nlohmann::json;

std::string Fetch(const std::string& url) {
  return RunCommand("/usr/bin/curl", {"-sS", "--max-time", "5", url}).out;
}

// Of a method that was never called, all codes are there, at 0.
void CheckAtZero(const std::string& metrics,
                 const google::protobuf::MethodDescriptor* method) {
  static const std::vector<std::string> codes = {"OK",
                                                 "Canceled",
                                                 "Unknown",
                                                 "InvalidArgument",
                                                 "NotFound",
                                                 "DeadlineExceeded",
                                                 "AlreadyExists",
                                                 "PermissionDenied",
                                                 "Aborted",
                                                 "OutOfRange",
                                                 "ResourceExhausted",
                                                 "FailedPrecondition",
                                                 "Unimplemented",
                                                 "Internal",
                                                 "Unavailable",
                                                 "DataLoss",
                                                 "Unauthenticated"};
  const std::string labels =
      absl::StrCat("grpc_method=\"", method->name(), "\",grpc_service=\"",
                   method->service()->full_name(), "\"");
  int found = 0;
  for (absl::string_view line : absl::StrSplit(metrics, '\n')) {
    if (!absl::StrContains(line, labels)) continue;
    if (absl::StartsWith(line, "grpc_server_handled_total")) {
      EXPECT_TRUE(absl::EndsWith(line, " 0")) << line;
      for (const std::string& code : codes) {
        found += absl::StrContains(line, absl::StrCat("grpc_code=\"", code, "\"")) ? 1 : 0;
      }
    }
    if (absl::StartsWith(line, "grpc_server_started_total")) {
      EXPECT_TRUE(absl::EndsWith(line, " 0")) << line;
      ++found;
    }
  }
  EXPECT_EQ(found, 18) << labels;
}

class MetricsTest : public ::testing::Test {
 protected:
  MetricsTest() { suite_.StartAll(); }
  std::string Metrics(const std::string& name) {
    return Fetch(absl::StrCat("http://", suite_.metrics_address(name), "/metrics"));
  }
  Suite suite_;
};

TEST_F(MetricsTest, EveryMethodAndCodeIsThereAtZeroBeforeTheFirstCall) {
  for (const std::string& name : Suite::Names()) {
    const std::string metrics = Metrics(name);
    for (const auto* service : AllServices()) {
      if (!IsOwnPackage(service->file()->package(), name)) continue;
      for (int i = 0; i < service->method_count(); ++i)
        CheckAtZero(metrics, service->method(i));
    }
  }
}

TEST_F(MetricsTest, PromtoolFindsNothingToSay) {
  for (const std::string& name : Suite::Names()) {
    const std::string path = absl::StrCat(suite_.folder(), "/", name, ".metrics");
    std::ofstream(path) << Metrics(name);
    const CommandResult checked =
        RunCommand("/bin/sh", {"-c", absl::StrCat("promtool check metrics < ", path)});
    EXPECT_EQ(checked.status, 0) << name << checked.out << checked.err;
    EXPECT_EQ(checked.out + checked.err, "") << name;
  }
}

TEST_F(MetricsTest, ARealPrometheusScrapesAllFour) {
  const std::string config = absl::StrCat(suite_.folder(), "/prometheus.yml");
  std::ofstream file(config);
  file << "global: {scrape_interval: 1s}\nscrape_configs:\n";
  for (const std::string& name : Suite::Names()) {
    file << "  - job_name: " << name << "\n    static_configs: [{targets: ['"
         << suite_.metrics_address(name) << "']}]\n";
  }
  file.close();
  const std::string address = absl::StrCat("127.0.0.1:", FreePort());
  ServerProcess prometheus(
      "/usr/bin/prometheus",
      {absl::StrCat("--config.file=", config), absl::StrCat("--web.listen-address=", address),
       absl::StrCat("--storage.tsdb.path=", suite_.folder(), "/prometheus")},
      absl::StrCat(suite_.folder(), "/prometheus.log"));
  prometheus.Start();
  const absl::Time end = SystemClock().Now() + absl::Seconds(60);
  int up = 0;
  while (up < 4 && SystemClock().Now() < end) {
    const json answer = json::parse(
        Fetch(absl::StrCat("http://", address, "/api/v1/query?query=kith_build_info")),
        nullptr, false);
    if (!answer.is_object()) continue;
    up = static_cast<int>(answer["data"]["result"].size());
  }
  EXPECT_EQ(up, 4) << prometheus.Log();
  const json targets = json::parse(Fetch(absl::StrCat("http://", address, "/api/v1/targets")));
  for (const json& target : targets["data"]["activeTargets"]) {
    EXPECT_EQ(target["lastError"], "") << target.dump();
  }
}

}  // namespace
}  // namespace kith::test
