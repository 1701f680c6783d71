// Random histories through the whole service, against the reference model: every answer, and
// in the end the same referrals, rewards, balances, counts, cases and stock. A history is some
// months of an advocate programme: rules and campaigns that change, codes, touches, leads and
// signups out of order and reported again, payments and refunds, attribution and its
// overrides, fraud, cases and suspensions, caps, rewards that are held, released, expire, are
// claimed, fail and are tried again, pieces in stock, recalculation, and crashes between. Rows
// that a command needed without having wanted them are told, too.
//
//   KITH_HISTORIES=10000   how many (default 200, or one if a seed is given)
//   KITH_SEED=…            of the first one; a failure prints the seed of the one that failed
//   KITH_BACKEND=postgres  where all are played; by default on SQLite, and of each 50, and of
//                          the first 10, one more on PostgreSQL
//
// A history that fails is shortened as long as it fails, and printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/property/generator.h"
#include "tests/property/reference.h"
#include "tests/property/subject.h"
#include "tests/support/test_database.h"

namespace kith::property {
namespace {

constexpr char kNotForeseen[] = "not foreseen";

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::atoll(value) : otherwise;
}

// A folder that needs no disk, where there is one: the histories are many.
std::string Folder() {
  const std::string folder = test::TempDir();
  const std::filesystem::path memory = "/dev/shm";
  if (!std::filesystem::exists(memory)) return folder;
  const auto fast = memory / absl::StrCat("kith-property-", getpid());
  std::filesystem::create_directory(fast);
  return fast;
}

// What is wrong with books and caps whatever the reference says; empty: nothing.
std::string CheckInvariants(const Picture& picture) {
  std::map<std::string, int64_t> sums;
  std::set<std::string> rewards;
  for (const std::string& line : picture) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "balance") sums[words[2]] += std::stoll(words[3]);
    if (words[0] == "reward" && !rewards.insert(words[1]).second) return "twice: " + line;
  }
  for (const auto& [unit, sum] : sums) {
    if (sum != 0) return absl::StrCat(unit, " does not balance: ", sum);
  }
  return "";
}

// Where two sorted pictures differ: "-" is missing, "+" is there but must not.
std::string Difference(Picture expected, Picture actual) {
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  std::string text;
  Picture missing, wrong;
  std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(),
                      std::back_inserter(missing));
  std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(),
                      std::back_inserter(wrong));
  for (const std::string& line : missing) absl::StrAppend(&text, "  - ", line, "\n");
  for (const std::string& line : wrong) absl::StrAppend(&text, "  + ", line, "\n");
  return text;
}

class PropertyTest : public ::testing::Test {
 protected:
  PropertyTest() : folder_(Folder()) {}
  ~PropertyTest() override { std::filesystem::remove_all(folder_); }

  // Where the next history is played: in a store that others were played in before, now and
  // then in a new one.
  const std::string& StoreOf(const std::string& backend) {
    auto& [runs, url] = stores_[backend];
    if (runs++ % kRunsOfAStore == 0) {
      url = backend == "sqlite" ? absl::StrCat("sqlite:", folder_, "/", runs, ".db")
                                : test::FreshStoreUrl(backend);
    }
    return url;
  }

  // Runs a history on service and reference; what differs, and otherwise what was missing,
  // empty if nothing.
  std::string Run(const History& history, const std::string& backend) {
    misses_.emplace();
    try {
      const std::string difference = Play(history, backend);
      if (!difference.empty()) return difference;
    } catch (const std::exception& thrown) {
      return absl::StrCat("  thrown: ", thrown.what(), "\n");
    }
    std::string text;
    for (const auto& [name, count] : misses_->counts()) {
      absl::StrAppend(&text, "  ", kNotForeseen, ": ", name, "\n");
    }
    return text;
  }
  std::string Play(const History& history, const std::string& backend) {
    History own = history;
    const std::string program_id = absl::StrCat("p", ++runs_);
    for (Step& step : own) {
      if (step.program) step.program->set_program_id(program_id);
    }
    Subject subject(StoreOf(backend), program_id, *misses_);
    Reference reference;
    for (size_t i = 0; i < own.size();) {
      size_t end = i + 1;
      while (end < own.size() && own[end].joined && own[end].act == own[i].act) ++end;
      const auto answers = subject.Take(absl::MakeConstSpan(own).subspan(i, end - i));
      for (size_t n = i; n < end; ++n) {
        const std::string expected =
            reference.Take(own[n], answers[n - i].paid, /*more_of_request=*/n + 1 < end);
        if (expected != answers[n - i].text) {
          return absl::StrCat("step ", n, " ", ToText(own[n]), "\n  must be ", expected,
                              ", is ", answers[n - i].text, "\n");
        }
      }
      i = end;
    }
    const Picture picture = subject.Look();
    return CheckInvariants(picture) + Difference(reference.Look(), picture);
  }

  // Whether it fails in the same way: something differs, or was only not foreseen.
  bool Fails(const History& history) {
    if (!HasRules(history)) return false;
    const std::string text = Run(history, backend_);
    return !text.empty() && absl::StrContains(text, kNotForeseen) == only_not_foreseen_;
  }

  // The history without all that can be left out while it still fails.
  History Shrink(History history) {
    for (size_t size = history.size() / 2; size > 0; size /= 2) {
      for (size_t at = 0; at + size <= history.size();) {
        History shorter = history;
        shorter.erase(shorter.begin() + at, shorter.begin() + at + size);
        if (Fails(shorter)) {
          history = std::move(shorter);
        } else {
          at += size;
        }
      }
    }
    for (Step& step : history) {
      if (!step.program) continue;
      ShrinkList(history, *step.program->mutable_rewards());
      ShrinkList(history, *step.program->mutable_campaigns());
      ShrinkList(history, *step.program->mutable_caps());
    }
    return history;
  }
  // The same for a list of rules within the history.
  template <class List>
  void ShrinkList(const History& history, List& list) {
    for (int i = list.size() - 1; i >= 0; --i) {
      const List before = list;
      list.DeleteSubrange(i, 1);
      if (!Fails(history)) list = before;
    }
  }

  // Whether rules and the four advocates come first, as everything else needs.
  static bool HasRules(const History& history) {
    int enrolled = 0;
    for (size_t i = 0; i < 6 && i < history.size(); ++i) {
      enrolled += history[i].act == Act::kEnroll ? 1 : 0;
    }
    return enrolled == 4 && history[1].act == Act::kApply;
  }

  // Whether the history of a seed passes.
  bool CheckSeed(uint64_t seed, const std::string& backend) {
    backend_ = backend;
    const History history = RandomHistory(seed, "p");
    const std::string difference = Run(history, backend);
    for (const auto& [name, count] : misses_->counts()) not_foreseen_[name] += count;
    if (difference.empty()) return true;
    only_not_foreseen_ = absl::StrContains(difference, kNotForeseen);
    // It costs a round trip and nothing else; a few are borne, and replayed by their seed.
    if (only_not_foreseen_ && bear_not_foreseen_) {
      std::cout << "KITH_SEED=" << seed << " KITH_BACKEND=" << backend << ":\n" << difference;
      return true;
    }
    const History shortest = Shrink(history);
    std::string text;
    for (const Step& step : shortest) absl::StrAppend(&text, "  ", ToText(step), "\n");
    const std::string shortest_difference = Run(shortest, backend);
    ADD_FAILURE() << "KITH_SEED=" << seed << " KITH_BACKEND=" << backend << ": "
                  << shortest.size() << " of " << history.size() << " steps:\n"
                  << text << "differs:\n"
                  << (shortest_difference.empty()
                          ? "  not when run again; before:\n" + difference
                          : shortest_difference);
    return false;
  }

  static constexpr int64_t kRunsOfAStore = 200;
  const std::string folder_;
  std::map<std::string, std::pair<int64_t, std::string>> stores_;  // runs and URL, by backend
  std::string backend_;
  int64_t runs_ = 0;
  std::optional<Misses> misses_;                 // of the last run
  bool only_not_foreseen_ = false;               // of the failure that is shrunk
  bool bear_not_foreseen_ = false;               // rows that were missing are no failure
  std::map<std::string, int64_t> not_foreseen_;  // in all histories
};

TEST_F(PropertyTest, TheServiceDoesWhatTheReferenceDoes) {
  // What a server survives is tested elsewhere; the histories are many.
  setenv("KITH_TEST_POSTGRES_FSYNC", "off", /*overwrite=*/0);
  const int64_t seed = FromEnvironment("KITH_SEED", 0);
  const int64_t histories = FromEnvironment("KITH_HISTORIES", seed == 0 ? 200 : 1);
  const char* only = std::getenv("KITH_BACKEND");
  std::random_device random;
  const uint64_t first = seed == 0 ? random() + uint64_t{1} : static_cast<uint64_t>(seed);
  std::cout << histories << " histories, seeds from " << first << "\n";
  int64_t failed = 0;
  bear_not_foreseen_ = histories > 1;
  for (int64_t i = 0; i < histories && failed < 3; ++i) {
    failed += CheckSeed(first + i, only ? only : "sqlite") ? 0 : 1;
    const bool both = only == nullptr && seed == 0 && (i < 10 || i % 50 == 0);
    if (both) failed += CheckSeed(first + i, "postgres") ? 0 : 1;
  }
  int64_t missing = 0;
  for (const auto& [name, count] : not_foreseen_) {
    std::cout << count << " " << kNotForeseen << ": " << name << "\n";
    missing += count;
  }
  EXPECT_LE(missing, 10 + histories / 100);
}

}  // namespace
}  // namespace kith::property
