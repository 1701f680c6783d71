// Gives the conversions of a time the rewards that a version of the rules would have given.
#ifndef KITH_SERVICES_REFERRAL_APP_RECALCULATE_PROGRAM_H_
#define KITH_SERVICES_REFERRAL_APP_RECALCULATE_PROGRAM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/paging.h"
#include "services/referral/app/results.h"

namespace kith::referral::app {

// What becomes of a reward by other rules.
enum class RecalculationOutcome {
  kCreated,       // it did not exist
  kAdjusted,      // it is not paid yet and gets the new amount
  kSupplemented,  // it is paid or being paid: another reward makes up the difference
  kPaid,          // it is paid or being paid and was larger: it stays
  kWithdrawn,     // it is not paid yet and not owed by the new rules: it is taken back
  kCapped,        // a cap leaves nothing, or nothing more, of what the new rules would give
  kSuperseded     // a newer version has granted it or judged it since: it stays
};

// One reward that the new rules see differently.
struct RecalculatedReward {
  std::string reward_id;
  std::string conversion_id;
  std::string recipient_id;
  int64_t old_minor = 0;  // 0: there was none
  int64_t new_minor = 0;  // 0: the new rules give nothing
  std::string currency;   // or the unit of what is no money
  RecalculationOutcome outcome = RecalculationOutcome::kCreated;
  std::string supplement_id;  // of kSupplemented: the reward that makes up the difference
  int64_t superseded_by = 0;  // of kSuperseded: that version
  friend bool operator==(const RecalculatedReward&, const RecalculatedReward&) = default;
};

// One page of a recalculation, in one transaction. The same again changes nothing. One by an
// older version changes nothing that a newer one has granted or judged, and says so.
class RecalculateProgram final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    int64_t version = 0;  // 0: the one in force
    absl::Time from_time;
    absl::Time to_time;  // exclusive
    PageRequest page;    // of conversions; at most 500
    bool dry_run = false;
  };
  struct Response {
    int64_t version = 0;
    std::vector<RecalculatedReward> rewards;  // in order of conversion
    int64_t conversions = 0;                  // looked at
    std::string next_token;                   // empty at the end
  };

  RecalculateProgram(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RECALCULATE_PROGRAM_H_
