#include "common/config/options.h"

#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::config {
namespace {

ServiceFacts Facts() {
  ServiceFacts facts;
  facts.name = "referral";
  facts.description = "Who brought whom.";
  facts.port = 7001;
  facts.metrics_port = 9001;
  facts.follows = {"advocacy", "retention"};
  return facts;
}

std::variant<Options, int> Parse(std::vector<const char*> args) {
  args.insert(args.begin(), "kith-referral");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  auto parsed = ParseOptions(Facts(), static_cast<int>(args.size()), args.data());
  ::testing::internal::GetCapturedStdout();
  ::testing::internal::GetCapturedStderr();
  return parsed;
}

Options Good(const std::vector<const char*>& args) {
  const auto parsed = Parse(args);
  EXPECT_TRUE(std::holds_alternative<Options>(parsed));
  return std::holds_alternative<Options>(parsed) ? std::get<Options>(parsed) : Options();
}

// An environment variable for the length of a test.
class ScopedEnv {
 public:
  ScopedEnv(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~ScopedEnv() { unsetenv(name_); }

 private:
  const char* const name_;
};

TEST(OptionsTest, Defaults) {
  const Options options = Good({});
  EXPECT_EQ(options.listen, "127.0.0.1:7001");
  EXPECT_EQ(options.metrics, "127.0.0.1:9001");
  EXPECT_EQ(options.store, "sqlite:./kith-referral.db");
  EXPECT_EQ(options.migrate, db::MigrateMode::kAuto);
  EXPECT_EQ(options.shards, 0);
  EXPECT_TRUE(options.follows.empty());
  EXPECT_TRUE(options.reflection);
  EXPECT_EQ(options.log_level, log::Level::kInfo);
  EXPECT_EQ(options.drain_timeout, absl::Seconds(20));
  EXPECT_FALSE(options.manual_clock.has_value());
}

TEST(OptionsTest, Flags) {
  const Options options =
      Good({"--listen=0.0.0.0:0", "--metrics=off", "--store=postgres://u@h/d", "--migrate",
            "only", "--shards=4", "--follow=advocacy=h1:1", "--follow=retention=h2:2",
            "--reflection=off", "--log-level=debug", "--drain-timeout=1m30s",
            "--clock=manual:2026-03-01T10:00:00Z", "--read-threads=3", "--max-queue=10"});
  EXPECT_EQ(options.listen, "0.0.0.0:0");
  EXPECT_EQ(options.metrics, "");
  EXPECT_EQ(options.store, "postgres://u@h/d");
  EXPECT_EQ(options.migrate, db::MigrateMode::kOnly);
  EXPECT_EQ(options.shards, 4);
  EXPECT_THAT(options.follows, ::testing::ElementsAre(::testing::Pair("advocacy", "h1:1"),
                                                      ::testing::Pair("retention", "h2:2")));
  EXPECT_FALSE(options.reflection);
  EXPECT_EQ(options.log_level, log::Level::kDebug);
  EXPECT_EQ(options.drain_timeout, absl::Seconds(90));
  EXPECT_EQ(options.manual_clock, absl::FromUnixSeconds(1772359200));
  EXPECT_EQ(options.read_threads, 3);
  EXPECT_EQ(options.max_queue, 10);
}

TEST(OptionsTest, LastOfTwoCounts) {
  EXPECT_EQ(Good({"--max-queue=1", "--max-queue=2"}).max_queue, 2);
}

TEST(OptionsTest, WrongCommandLinesExitWithTwo) {
  for (const char* wrong : {"--nope",
                            "--listen=here",
                            "--listen=h:70000",
                            "--store=mysql://x",
                            "--store=sqlite:",
                            "--migrate=maybe",
                            "--shards=0",
                            "--shards=1025",
                            "--follow=outreach=h:1",
                            "--follow=advocacy",
                            "--follow=advocacy=",
                            "--follow=advocacy=bad",
                            "--follow=advocacy=h:0",
                            "--follow=advocacy=h:70000",
                            "--reflection=1",
                            "--log-level=loud",
                            "--drain-timeout=20",
                            "--clock=manual:tomorrow",
                            "--auth-token-file=/does/not/exist",
                            "extra"}) {
    const auto parsed = Parse({wrong});
    ASSERT_TRUE(std::holds_alternative<int>(parsed)) << wrong;
    EXPECT_EQ(std::get<int>(parsed), 2) << wrong;
  }
}

TEST(OptionsTest, APasswordIsNotRepeated) {
  const char* const args[] = {"kith-referral", "--store=Postgres://bob:s3cr3t@host/db"};
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const auto parsed = ParseOptions(Facts(), 2, args);
  const std::string said =
      ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
  EXPECT_TRUE(std::holds_alternative<int>(parsed));
  EXPECT_THAT(said,
              ::testing::HasSubstr(
                  "--store: it is neither sqlite:PATH nor postgres://USER@HOST/DATABASE"));
  EXPECT_THAT(said, ::testing::Not(::testing::HasSubstr("s3cr3t")));
}

TEST(OptionsTest, HelpAndVersionExitWithZero) {
  for (const char* flag : {"--help", "--version"}) {
    const auto parsed = Parse({flag});
    ASSERT_TRUE(std::holds_alternative<int>(parsed)) << flag;
    EXPECT_EQ(std::get<int>(parsed), 0) << flag;
  }
}

TEST(OptionsTest, EnvironmentFillsWhatTheCommandLineLeavesOut) {
  const ScopedEnv common("KITH_DRAIN_TIMEOUT", "5s");
  const ScopedEnv level("KITH_LOG_LEVEL", "warn");
  const ScopedEnv own("KITH_REFERRAL_LOG_LEVEL", "error");
  const ScopedEnv follow("KITH_FOLLOW", "advocacy=h1:1,retention=h2:2");
  EXPECT_EQ(Good({}).drain_timeout, absl::Seconds(5));
  EXPECT_EQ(Good({"--drain-timeout=7s"}).drain_timeout, absl::Seconds(7));
  EXPECT_EQ(Good({}).log_level, log::Level::kError);
  EXPECT_EQ(Good({}).follows.size(), 2u);
}

}  // namespace
}  // namespace kith::config
