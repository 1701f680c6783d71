#include "tests/property/misses.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace kith::property {
namespace {

// "reward by program_id reward_id" of a SELECT.
std::string NameOf(absl::string_view sql) {
  const std::vector<std::string> words =
      absl::StrSplit(sql, absl::ByAnyChar(" ,()"), absl::SkipEmpty());
  std::string name;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "FROM" && name.empty()) name = words[i + 1] + " by";
    if (absl::StartsWith(words[i + 1], "$")) continue;
    if (words[i] == "WHERE" || words[i] == "AND") absl::StrAppend(&name, " ", words[i + 1]);
  }
  return name;
}

std::string ParamsOf(const db::Call& call) {
  std::string text;
  for (const db::Value& value : call.params) {
    if (const auto* word = std::get_if<std::string>(&value))
      absl::StrAppend(&text, " ", *word);
    if (const auto* n = std::get_if<int64_t>(&value)) absl::StrAppend(&text, " ", *n);
  }
  return text;
}

}  // namespace

void Misses::SetCommand(std::string command) {
  absl::MutexLock lock(&mutex_);
  command_ = std::move(command);
}

void Misses::OnBegin() {
  absl::MutexLock lock(&mutex_);
  loads_.clear();
}

void Misses::OnLoad(absl::Span<const db::Call> calls) {
  static const bool told = std::getenv("KITH_SEED") != nullptr;
  absl::MutexLock lock(&mutex_);
  loads_.push_back(absl::StrJoin(calls, ", ", [](std::string* out, const db::Call& call) {
    absl::StrAppend(out, NameOf(call.sql), told ? ParamsOf(call) : "");
  }));
}

void Misses::OnMisses(int64_t n) {
  absl::MutexLock lock(&mutex_);
  for (size_t i = loads_.size() - static_cast<size_t>(n); i < loads_.size(); ++i) {
    ++counts_[absl::StrCat(command_, ": ", loads_[i])];
  }
}

std::map<std::string, int64_t> Misses::counts() const {
  absl::MutexLock lock(&mutex_);
  return counts_;
}

}  // namespace kith::property
