// Random histories through the whole service, against the reference model: every answer, and
// in the end the same referrals, rewards, balances and counts.
//
//   KITH_HISTORIES=10000   how many (default 300)
//   KITH_SEED=…            one only, to look at it; the seed that a failure prints
//
// A history that fails is shortened as long as it fails, and printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/property/generator.h"
#include "tests/property/reference.h"
#include "tests/property/subject.h"
#include "tests/support/test_database.h"

namespace kith::property {
namespace {

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

  // Runs a history on service and reference; what differs, empty if nothing.
  std::string Run(const History& history) {
    if (++runs_ % kRunsOfAStore == 1) store_ = absl::StrCat(folder_, "/", runs_, ".db");
    History own = history;
    const std::string program_id = absl::StrCat("p", runs_);
    for (Step& step : own) {
      if (step.program) step.program->set_program_id(program_id);
    }
    Subject subject("sqlite:" + store_, program_id);
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
    misses_ += subject.misses();
    const Picture picture = subject.Look();
    return CheckInvariants(picture) + Difference(reference.Look(), picture);
  }

  bool Fails(const History& history) { return HasRules(history) && !Run(history).empty(); }

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
  bool CheckSeed(uint64_t seed) {
    const History history = RandomHistory(seed, "p");
    const std::string difference = Run(history);
    if (difference.empty()) return true;
    const History shortest = Shrink(history);
    std::string text;
    for (const Step& step : shortest) absl::StrAppend(&text, "  ", ToText(step), "\n");
    const std::string shortest_difference = Run(shortest);
    ADD_FAILURE() << "KITH_SEED=" << seed << ", " << shortest.size() << " of "
                  << history.size() << " steps:\n"
                  << text << "differs:\n"
                  << (shortest_difference.empty()
                          ? "  not when run again; before:\n" + difference
                          : shortest_difference);
    return false;
  }

  static constexpr int64_t kRunsOfAStore = 200;
  const std::string folder_;
  std::string store_;
  int64_t runs_ = 0, misses_ = 0;
};

TEST_F(PropertyTest, TheServiceDoesWhatTheReferenceDoes) {
  if (const int64_t seed = FromEnvironment("KITH_SEED", 0); seed != 0) {
    EXPECT_TRUE(CheckSeed(static_cast<uint64_t>(seed)));
    return;
  }
  const int64_t histories = FromEnvironment("KITH_HISTORIES", 300);
  std::random_device random;
  const uint64_t first = random() % 1'000'000'000 * 1'000 + 1;
  std::cout << histories << " histories, seeds from " << first << "\n";
  int64_t failed = 0;
  for (int64_t i = 0; i < histories && failed < 3; ++i) {
    failed += CheckSeed(first + i) ? 0 : 1;
  }
  std::cout << misses_ << " rows were not foreseen by their commands\n";
}

}  // namespace
}  // namespace kith::property
