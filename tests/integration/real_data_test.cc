// The main job on the bundled data, through the real binaries: apply, import, report. An
// independent recomputation (recompute/recompute.py) must agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using nlohmann::json;

// The day until which the data was observed; the clock of the services stands there, so
// that two runs write the same rows.
constexpr char kClock[] = "--clock=manual:2019-09-03T00:00:00Z";
constexpr char kAsOf[] = "2019-09-03";

std::string Source(const std::string& path) {
  const char* root = std::getenv("KITH_SOURCE");
  return absl::StrCat(root != nullptr ? root : ".", "/", path);
}

std::string Data(const std::string& kind) {
  return Source(absl::StrCat("tests/data/debian_advocacy/", kind, ".csv"));
}

Suite::Options Frozen(const std::string& backend) {
  Suite::Options options;
  options.backend = backend;
  options.extra_args = {kClock};
  return options;
}

void ExpectOk(const CommandResult& result, std::set<int> statuses = {0}) {
  EXPECT_TRUE(statuses.count(result.status)) << result.status << "\n"
                                             << result.out << result.err;
}

void Apply(const Suite& suite) {
  ExpectOk(suite.Kith({"apply", "-f", Source("clients/examples/debian.yaml")}));
}

// Imports everything. Later leads for the same newcomer are refused, as the rules say, and
// listed: status 3.
void ImportAll(const Suite& suite) {
  const std::string rejects = absl::StrCat(suite.folder(), "/rejects-");
  for (const std::string kind : {"customers", "referrals", "events"}) {
    ExpectOk(suite.Kith({"import", kind, Data(kind), "--program", "debian", "--rejects",
                         absl::StrCat(rejects, kind)}),
             kind == "referrals" ? std::set<int>{3} : std::set<int>{0});
  }
}

json Ask(const Suite& suite, std::vector<std::string> args) {
  args.push_back("--json");
  const CommandResult result = suite.Kith(std::move(args));
  ExpectOk(result);
  return json::parse(result.out, nullptr, /*allow_exceptions=*/false);
}

// Every row of every table that does not name the run itself, by table. The turn of a shard
// counts transactions, which depend on timing.
std::map<std::string, std::vector<std::string>> Dump(const Suite& suite,
                                                     const std::string& name) {
  const std::string path = suite.store_url(name).substr(std::string("sqlite:").size());
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  const auto rows = [db](const std::string& sql) {
    std::vector<std::string> found;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      std::string row;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, i));
        row.append(text, text + sqlite3_column_bytes(statement, i)).append("|");
      }
      found.push_back(std::move(row));
    }
    sqlite3_finalize(statement);
    return found;
  };
  std::map<std::string, std::vector<std::string>> dump;
  for (const std::string& entry :
       rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
    const std::string table = entry.substr(0, entry.size() - 1);
    if (table == "store_info" || table == "due_lease") continue;
    std::string columns = "*";
    if (table == "shard") columns = "shard, head_position";
    if (table == "feed_cursor") columns = "source, source_shard, shard, position";
    dump[table] = rows(absl::StrCat("SELECT ", columns, " FROM ", table));
    std::sort(dump[table].begin(), dump[table].end());
  }
  sqlite3_close(db);
  return dump;
}

class RealDataTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RealDataTest, TheReportAgreesWithTheIndependentRecomputation) {
  Suite suite(Frozen(GetParam()));
  suite.StartAll();
  Apply(suite);
  ImportAll(suite);
  suite.AwaitCaughtUp();
  std::vector<std::string> command = {Source("tests/integration/recompute/recompute.py"),
                                      Source("tests/data/debian_advocacy"),
                                      "--as-of",
                                      kAsOf,
                                      "--now",
                                      kAsOf,
                                      "--compare"};
  const std::vector<std::pair<std::string, std::vector<std::string>>> sections = {
      {"survival", {"survival", "debian", "--by", "channel", "--as-of", kAsOf}},
      {"churn", {"churn", "debian", "--by", "channel", "--as-of", kAsOf}},
      {"concentration", {"concentration", "debian"}},
      {"rewards", {"rewards", "debian"}},
      {"report", {"report", "debian", "--as-of", kAsOf}}};
  for (const auto& [section, args] : sections) {
    const json answer = Ask(suite, args);
    ASSERT_TRUE(answer.is_object()) << section;
    const std::string path = absl::StrCat(suite.folder(), "/", section, ".json");
    std::ofstream(path) << answer.dump();
    command.push_back(absl::StrCat(section, "=", path));
  }
  const json champion = Ask(suite, {"advocate", "debian", "m_bcca674d4dc6"});
  const std::string path = absl::StrCat(suite.folder(), "/advocate.json");
  std::ofstream(path) << champion.dump();
  command.push_back(absl::StrCat("advocate:m_bcca674d4dc6=", path));
  command.insert(command.begin(), "python3");
  const CommandResult compared = RunCommand("/usr/bin/env", command);
  EXPECT_EQ(compared.status, 0) << compared.out << compared.err;
}

TEST(ImportTest, ImportingAgainChangesNothing) {
  Suite suite(Frozen("sqlite"));
  suite.StartAll();
  Apply(suite);
  ImportAll(suite);
  suite.AwaitCaughtUp();
  std::map<std::string, std::map<std::string, std::vector<std::string>>> before;
  for (const std::string& name : Suite::Names()) before[name] = Dump(suite, name);
  ImportAll(suite);
  suite.AwaitCaughtUp();
  for (const std::string& name : Suite::Names()) {
    for (const auto& [table, rows] : Dump(suite, name)) {
      // Every run asks anew; what it asks for is there already.
      if (table == "stored_response") continue;
      EXPECT_EQ(rows, before[name][table]) << name << "." << table;
    }
  }
}

std::string WriteFile(const Suite& suite, const std::string& name, const std::string& text) {
  const std::string path = absl::StrCat(suite.folder(), "/", name);
  std::ofstream(path) << text;
  return path;
}

TEST(ImportTest, WhatWasRefusedIsImportedOnceItsCauseIsMended) {
  Suite suite(Frozen("sqlite"));
  suite.StartAll();
  Apply(suite);
  const std::string file = WriteFile(suite, "acts.csv",
                                     "activity_id,advocate_id,behaviour,time\n"
                                     "x1,ada,review,2019-09-03\n"
                                     "x2,ada,barn_raising,2019-09-03\n");
  const std::vector<std::string> import = {"import", "activities", file, "--program",
                                           "debian"};
  const CommandResult refused = suite.Kith(import);
  ExpectOk(refused, {3});
  EXPECT_THAT(refused.err, ::testing::HasSubstr("UNKNOWN_BEHAVIOUR: 1"));
  EXPECT_EQ(Ask(suite, {"advocate", "debian", "ada"})["points"], 50);

  const std::string policy = WriteFile(suite, "policy.yaml",
                                       "kind: ScoringPolicy\nprogram_id: debian\n"
                                       "behaviours: [{name: review, points: 50},\n"
                                       "             {name: barn_raising, points: 30}]\n");
  const CommandResult dry = suite.Kith({"apply", "-f", policy, "--dry-run"});
  EXPECT_THAT(dry.out,
              ::testing::StartsWith("ScoringPolicy debian: would change version 1 to 2:\n"));
  ExpectOk(suite.Kith({"apply", "-f", policy}));
  for (int times = 0; times < 2; ++times) {
    const CommandResult imported = suite.Kith(import);
    ExpectOk(imported);
    EXPECT_THAT(imported.out, ::testing::HasSubstr("2 imported or already there, 0 rejected"));
    EXPECT_EQ(Ask(suite, {"advocate", "debian", "ada"})["points"], 80);
  }
}

// Whether every consumer of the referral feed has this problem.
bool AllHave(const Suite& suite, const std::string& problem) {
  int found = 0;
  const json feeds = Ask(suite, {"feeds", "status"});
  for (const json& consumer : feeds["consumers"]) {
    if (consumer["source"] != "referral" || !consumer["problem"].is_object()) continue;
    found += consumer["problem"]["reason"] == problem ? 1 : 0;
  }
  return found == 3;
}

TEST(RecoveryTest, AfterABackupWasRestoredTheSuiteGoesOnWhenToldTo) {
  Suite suite(Frozen("sqlite"));
  suite.StartAll();
  Apply(suite);
  const std::string header = "customer_id,signup_time,referrer_id\n";
  const auto import = [&](const std::string& name, const std::string& rows) {
    ExpectOk(suite.Kith({"import", "customers", WriteFile(suite, name, header + rows),
                         "--program", "debian"}));
  };
  const std::string store = suite.store_url("referral").substr(std::string("sqlite:").size());
  import("first.csv", "c1,2019-01-01,ada\nc2,2019-01-02,ada\n");
  suite.AwaitCaughtUp();
  EXPECT_EQ(suite.process("referral").Terminate(), 0);
  std::filesystem::copy_file(store, store + ".backup");
  suite.process("referral").Start();
  suite.AwaitServing("referral");
  const std::string rows = "c3,2019-01-03,ada\nc4,2019-01-04,bob\n";
  import("second.csv", rows);
  suite.AwaitCaughtUp();

  EXPECT_EQ(suite.process("referral").Terminate(), 0);
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(store + suffix);
  }
  std::filesystem::copy_file(store + ".backup", store);
  suite.process("referral").Start();
  suite.AwaitServing("referral");
  const absl::Time end = SystemClock().Now() + absl::Minutes(2);
  while (!AllHave(suite, "FEED_REWOUND")) {
    ASSERT_LT(SystemClock().Now(), end) << Ask(suite, {"feeds", "status"}).dump();
  }
  EXPECT_EQ(Ask(suite, {"status"})["ready"], false);
  ExpectOk(suite.Kith({"feeds", "restart", "advocacy", "referral", "--from", "now"}));
  ExpectOk(suite.Kith({"feeds", "restart", "retention", "referral", "--from", "start"}));
  ExpectOk(suite.Kith({"feeds", "restart", "outreach", "referral", "--from", "now"}));
  import("second.csv", rows);
  suite.AwaitCaughtUp();
  const CommandResult status = suite.Kith({"status", "--wait"});
  ExpectOk(status);
  ExpectOk(suite.Kith({"feeds", "retry"}));
  const json report = Ask(suite, {"report", "debian", "--as-of", kAsOf});
  EXPECT_EQ(report["referral"]["advocates"], 2) << report.dump();
  const json survival =
      Ask(suite, {"survival", "debian", "--by", "channel", "--as-of", kAsOf});
  ASSERT_EQ(survival["groups"].size(), 1);
  EXPECT_EQ(survival["groups"][0]["group"], "referral");
  EXPECT_EQ(survival["groups"][0]["n"], 4);
}

TEST(CatchUpTest, AServiceThatWasDownCatchesUpToTheSameStateByteForByte) {
  Suite steady(Frozen("sqlite")), stopped(Frozen("sqlite"));
  steady.StartAll();
  Apply(steady);
  ImportAll(steady);
  steady.AwaitCaughtUp();
  stopped.StartAll();
  Apply(stopped);
  EXPECT_EQ(stopped.process("advocacy").Terminate(), 0);
  ImportAll(stopped);
  stopped.process("advocacy").Start();
  stopped.AwaitServing("advocacy");
  stopped.AwaitCaughtUp();
  const auto want = Dump(steady, "advocacy"), got = Dump(stopped, "advocacy");
  ASSERT_GT(want.at("event").size(), 0);
  for (const auto& [table, rows] : want) {
    // The two runs applied the policy under request ids of their own.
    if (table == "stored_response") continue;
    EXPECT_EQ(got.at(table), rows) << table;
  }
}

TEST(ImportTest, BrokenLinesAreListedAndTheOthersImported) {
  Suite suite(Frozen("sqlite"));
  suite.StartAll();
  Apply(suite);
  const std::string file = absl::StrCat(suite.folder(), "/customers.csv");
  const std::string rejects = absl::StrCat(suite.folder(), "/rejects.csv");
  std::ofstream(file) << "\xEF\xBB\xBF customer_id , signup_time,channel,shoe_size\r\n"
                         "c1,2019-01-02,paid,42\r\n"
                         "c2,not a date,paid,42\r\n"
                         ",2019-01-02,paid,42\r\n"
                         "c3,2019-01-03T10:00:00Z,\"organic\",42\r\n"
                         "c4,2019-01-03,with space,42\r\n"
                         "c5,2019-01-03\r\n";
  const CommandResult result =
      suite.Kith({"import", "customers", file, "--program", "debian", "--rejects", rejects});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_THAT(result.err + result.out, ::testing::HasSubstr("shoe_size"));
  std::ifstream rejected(rejects);
  std::stringstream text;
  text << rejected.rdbuf();
  for (const std::string bad : {"not a date", ",2019-01-02,paid", "with space", "c5"}) {
    EXPECT_THAT(text.str(), ::testing::HasSubstr(bad));
  }
  EXPECT_THAT(text.str(), ::testing::Not(::testing::HasSubstr("c3,")));
  const json report = Ask(suite, {"survival", "debian", "--by", "channel", "--as-of", kAsOf});
  std::map<std::string, int> customers;
  for (const json& group : report["groups"]) customers[group["group"]] = group["n"];
  EXPECT_EQ(customers, (std::map<std::string, int>{{"organic", 1}, {"paid", 1}}));
}

INSTANTIATE_TEST_SUITE_P(Backends, RealDataTest, ::testing::Values("sqlite", "postgres"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
