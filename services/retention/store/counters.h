// The counters that commands add to (see common/executor/table.h).
#ifndef KITH_SERVICES_RETENTION_STORE_COUNTERS_H_
#define KITH_SERVICES_RETENTION_STORE_COUNTERS_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/executor/table.h"
#include "services/retention/domain/population.h"

namespace kith::retention::store {

// Revenue of a customer in one currency.
struct CustomerRevenueCounter {
  using Key =
      std::tuple<std::string, std::string, std::string>;  // program, customer, currency
  static constexpr bool kSigned = true;                   // refunds may come first
  static constexpr absl::string_view kAdd =
      "INSERT INTO customer_revenue (program_id, customer_id, currency, amount_minor) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (program_id, customer_id, currency) DO UPDATE SET "
      "amount_minor = customer_revenue.amount_minor + excluded.amount_minor";
  static constexpr absl::string_view kPrune =
      "DELETE FROM customer_revenue WHERE program_id = $1 AND customer_id = $2 "
      "AND currency = $3 AND amount_minor = 0";
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key), delta};
  }
};

// The counters of reports.
struct ProgramCounter {
  using Key = std::pair<std::string, CounterKey>;  // program, counter
  static constexpr absl::string_view kAdd =
      "INSERT INTO counter (program_id, measure, channel, day, total) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, measure, channel, day) "
      "DO UPDATE SET total = counter.total + excluded.total";
  static constexpr absl::string_view kPrune =
      "DELETE FROM counter WHERE program_id = $1 AND measure = $2 AND channel = $3 "
      "AND day = $4 AND total = 0";
  static db::Params KeyParams(const Key& key) {
    return {key.first, static_cast<int64_t>(key.second.measure), key.second.channel,
            key.second.day};
  }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, static_cast<int64_t>(key.second.measure), key.second.channel,
            key.second.day, delta};
  }
};

}  // namespace kith::retention::store

#endif  // KITH_SERVICES_RETENTION_STORE_COUNTERS_H_
