// Random histories.
#ifndef KITH_TESTS_PROPERTY_GENERATOR_H_
#define KITH_TESTS_PROPERTY_GENERATOR_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "tests/property/step.h"

namespace kith::property {

// When every history begins.
inline const absl::Time kBeginning = absl::FromUnixSeconds(1'700'000'000);

// For how long a provider claims rewards.
inline constexpr absl::Duration kLease = absl::Hours(6);

// The history of a seed, for a program of that id: rules and advocates, then leads, touches,
// signups, payments, refunds and so on of a handful of people over some months, out of order,
// with duplicates, changes of the rules and crashes between.
History RandomHistory(uint64_t seed, const std::string& program_id);

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_GENERATOR_H_
