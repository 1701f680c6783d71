// Times and money as facts carry them.
#ifndef KITH_SERVICES_REFERRAL_APP_FACT_VALUES_H_
#define KITH_SERVICES_REFERRAL_APP_FACT_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/type/v1/types.pb.h"

namespace kith::referral::app {

inline void SetTime(google::protobuf::Timestamp& out, absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

inline void SetMoney(type::v1::Money& out, int64_t minor, const std::string& currency) {
  out.set_amount_minor(minor);
  out.set_currency(currency);
}

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FACT_VALUES_H_
