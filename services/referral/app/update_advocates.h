// Changes what is known of advocates.
#ifndef KITH_SERVICES_REFERRAL_APP_UPDATE_ADVOCATES_H_
#define KITH_SERVICES_REFERRAL_APP_UPDATE_ADVOCATES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Each changes what it names and leaves the rest. What is judged from then on is judged by the
// new facts; what was judged, granted or refused before stays so. An advocate whom the rules
// no longer let recommend stays enrolled.
//
// ADVOCATE_NOT_FOUND; IDENTITY_INVALID; INVALID_FIELD when an attribute is both set and
// removed or there would be more than kMaxAttributes.
class UpdateAdvocates final : public exec::Command {
 public:
  static constexpr size_t kMaxAttributes = 32;

  // Absent: stays as it is. Empty: not known any more.
  struct Update {
    std::string advocate_id;
    std::optional<std::string> email = std::nullopt;
    std::optional<std::string> kind = std::nullopt;
    std::optional<std::string> phone = std::nullopt;
    std::optional<std::string> device_id = std::nullopt;
    std::optional<std::string> payment_fingerprint = std::nullopt;
    std::optional<std::string> ip_address = std::nullopt;
    domain::Attributes attributes = {};  // set, beside those there are
    std::vector<std::string> removed_attributes = {};
  };
  using Response = Results<domain::Advocate>;  // as stored afterwards

  UpdateAdvocates(std::string program_id, std::vector<Update> updates,
                  Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<domain::Advocate> Apply(exec::Unit& unit, const Rules& rules,
                                         const Update& update, absl::Time now) const;

  const std::string program_id_;
  const std::vector<Update> updates_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_UPDATE_ADVOCATES_H_
