// How many pieces of an item there are.
#ifndef KITH_SERVICES_REFERRAL_APP_CHANGE_STOCK_H_
#define KITH_SERVICES_REFERRAL_APP_CHANGE_STOCK_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/fulfilment.h"

namespace kith::referral::app {

// Sets the pieces on hand, or adds to them. The item is stocked from then on. What waited for
// it may be claimed as soon as there are pieces. Errors: PROGRAM_NOT_FOUND.
class ChangeStock final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string item;
    int64_t pieces = 0;
    bool set = false;  // or else added
  };
  using Response = domain::Stock;

  ChangeStock(Request request, Encoder<Response> encode);
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CHANGE_STOCK_H_
