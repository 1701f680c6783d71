#include "services/advocacy/domain/segments.h"

#include <algorithm>

namespace kith::advocacy::domain {

absl::string_view SegmentName(Segment segment) {
  switch (segment) {
    case Segment::kDormant:
      return "dormant";
    case Segment::kContributor:
      return "contributor";
    case Segment::kChampion:
      return "champion";
  }
  return "";
}

CutOff FindCutOff(absl::Span<const WeightedValue> counts) {
  const auto first_positive = std::find_if(counts.begin(), counts.end(),
                                           [](const auto& count) { return count.value > 0; });
  const auto positives = counts.subspan(first_positive - counts.begin());
  const NaturalBreaks breaks = FindNaturalBreaks(positives, 2);
  CutOff cut_off;
  cut_off.goodness_of_variance_fit = breaks.goodness_of_variance_fit;
  if (breaks.class_maxima.size() == 2) cut_off.contributor_max = breaks.class_maxima.front();
  return cut_off;
}

Segment SegmentOf(const CutOff& cut_off, int64_t successes) {
  if (successes <= 0) return Segment::kDormant;
  if (!cut_off.contributor_max.has_value()) return Segment::kContributor;
  return successes <= *cut_off.contributor_max ? Segment::kContributor : Segment::kChampion;
}

Range SuccessesOf(const CutOff& cut_off, Segment segment) {
  Range range;
  switch (segment) {
    case Segment::kDormant:
      range.max = 0;
      return range;
    case Segment::kContributor:
      range.min = 1;
      if (cut_off.contributor_max.has_value()) range.max = *cut_off.contributor_max;
      return range;
    case Segment::kChampion:
      if (!cut_off.contributor_max.has_value()) return kEmptyRange;
      range.min = *cut_off.contributor_max + 1;
      return range;
  }
  return kEmptyRange;
}

std::array<SegmentSize, 3> CountSegments(const CutOff& cut_off,
                                         absl::Span<const WeightedValue> counts) {
  std::array<SegmentSize, 3> sizes = {SegmentSize{.segment = Segment::kChampion},
                                      SegmentSize{.segment = Segment::kContributor},
                                      SegmentSize{.segment = Segment::kDormant}};
  for (const auto& [successes, advocates] : counts) {
    const Segment segment = SegmentOf(cut_off, successes);
    SegmentSize& size = sizes[segment == Segment::kChampion      ? 0
                              : segment == Segment::kContributor ? 1
                                                                 : 2];
    if (size.advocates == 0) size.min_successes = successes;
    size.max_successes = successes;
    size.advocates += advocates;
  }
  return sizes;
}

}  // namespace kith::advocacy::domain
