// The maintained counts. There is no row for a count of 0.
#ifndef KITH_SERVICES_ADVOCACY_STORE_COUNTERS_H_
#define KITH_SERVICES_ADVOCACY_STORE_COUNTERS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::advocacy::store {

// Advocates by number of successes, and by points.
struct AdvocatesBySuccesses {
  using Key = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kAdd =
      "INSERT INTO advocates_by_successes (program_id, successes, advocates) "
      "VALUES ($1, $2, $3) ON CONFLICT (program_id, successes) DO UPDATE SET "
      "advocates = advocates_by_successes.advocates + excluded.advocates";
  static constexpr absl::string_view kPrune =
      "DELETE FROM advocates_by_successes "
      "WHERE program_id = $1 AND successes = $2 AND advocates = 0";
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, key.second, delta};
  }
};
struct AdvocatesByPoints {
  using Key = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kAdd =
      "INSERT INTO advocates_by_points (program_id, points, advocates) "
      "VALUES ($1, $2, $3) ON CONFLICT (program_id, points) DO UPDATE SET "
      "advocates = advocates_by_points.advocates + excluded.advocates";
  static constexpr absl::string_view kPrune =
      "DELETE FROM advocates_by_points "
      "WHERE program_id = $1 AND points = $2 AND advocates = 0";
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, key.second, delta};
  }
};
// Acts that count, by behaviour.
struct ActivitiesByBehaviour {
  using Key = std::pair<std::string, std::string>;
  static constexpr absl::string_view kAdd =
      "INSERT INTO activities_by_behaviour (program_id, behaviour, activities) "
      "VALUES ($1, $2, $3) ON CONFLICT (program_id, behaviour) DO UPDATE SET "
      "activities = activities_by_behaviour.activities + excluded.activities";
  static constexpr absl::string_view kPrune =
      "DELETE FROM activities_by_behaviour "
      "WHERE program_id = $1 AND behaviour = $2 AND activities = 0";
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, key.second, delta};
  }
};

}  // namespace kith::advocacy::store

#endif  // KITH_SERVICES_ADVOCACY_STORE_COUNTERS_H_
