#include "services/retention/store/codec.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kith::retention::store {
namespace {

int64_t ToInt(absl::string_view text) {
  int64_t value = 0;
  return absl::SimpleAtoi(text, &value) ? value : 0;
}

}  // namespace

std::string EncodeEras(const AhaEras& eras) {
  std::string text;
  for (const AhaEra& era : eras) {
    const AhaRule rule = era.rule.value_or(AhaRule());
    const absl::Duration within = rule.within.value_or(absl::ZeroDuration());
    absl::StrAppend(&text, text.empty() ? "" : ";", era.version, ",",
                    absl::ToUnixMicros(era.from), ",", rule.event_name, ",", rule.min_count,
                    ",", absl::ToInt64Microseconds(within));
  }
  return text;
}

AhaEras DecodeEras(absl::string_view text) {
  AhaEras eras;
  for (const absl::string_view item : absl::StrSplit(text, ';', absl::SkipEmpty())) {
    const std::vector<absl::string_view> cells = absl::StrSplit(item, ',');
    if (cells.size() != 5) continue;
    AhaEra era{ToInt(cells[0]), absl::FromUnixMicros(ToInt(cells[1])), std::nullopt};
    if (!cells[2].empty()) {
      era.rule =
          AhaRule{std::string(cells[2]), static_cast<int32_t>(ToInt(cells[3])), std::nullopt};
      const int64_t within = ToInt(cells[4]);
      if (within > 0) era.rule->within = absl::Microseconds(within);
    }
    eras.push_back(std::move(era));
  }
  return eras;
}

std::string EncodeProgress(const AhaProgress& progress) {
  std::string text;
  for (const auto& [version, times] : progress) {
    absl::StrAppend(&text, text.empty() ? "" : ";", version, ":");
    for (size_t i = 0; i < times.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "" : ",", absl::ToUnixMicros(times[i]));
    }
  }
  return text;
}

AhaProgress DecodeProgress(absl::string_view text) {
  AhaProgress progress;
  for (const absl::string_view item : absl::StrSplit(text, ';', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits(':', 1));
    std::vector<absl::Time>& times = progress[ToInt(parts.first)];
    for (const absl::string_view time : absl::StrSplit(parts.second, ',')) {
      times.push_back(absl::FromUnixMicros(ToInt(time)));
    }
  }
  return progress;
}

}  // namespace kith::retention::store
