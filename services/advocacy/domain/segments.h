// Champion, Contributor, Dormant: who brings how many successes.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_SEGMENTS_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_SEGMENTS_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/advocacy/domain/natural_breaks.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::domain {

enum class Segment { kDormant = 1, kContributor = 2, kChampion = 3 };

// "dormant", "contributor" or "champion".
absl::string_view SegmentName(Segment segment);

// Where Contributors end and Champions begin. Those without a success are Dormant; those
// with at most `contributor_max` are Contributors; absent: nobody is a Champion.
struct CutOff {
  std::optional<int64_t> contributor_max;
  double goodness_of_variance_fit = 0;  // of the split of those with successes
};

// The cut-off that the data give: those without a success stand apart first, then the rest
// is split into two natural classes (a naive split of everything into three is wrong: the
// many zeros would swallow the Contributors). With fewer than two distinct numbers of
// successes everybody with a success is a Contributor. `counts` (advocates by number of
// successes) must be distinct and rising.
CutOff FindCutOff(absl::Span<const WeightedValue> counts);

Segment SegmentOf(const CutOff& cut_off, int64_t successes);

// The numbers of successes that make the segment; empty when none do.
Range SuccessesOf(const CutOff& cut_off, Segment segment);

// One segment in numbers; the extremes are 0 when it is empty.
struct SegmentSize {
  Segment segment = Segment::kDormant;
  int64_t advocates = 0;
  int64_t min_successes = 0;
  int64_t max_successes = 0;
  friend bool operator==(const SegmentSize&, const SegmentSize&) = default;
};

// The segments, Champion first.
std::array<SegmentSize, 3> CountSegments(const CutOff& cut_off,
                                         absl::Span<const WeightedValue> counts);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_SEGMENTS_H_
