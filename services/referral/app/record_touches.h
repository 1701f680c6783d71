// Records clicks and views that carried a code.
#ifndef KITH_SERVICES_REFERRAL_APP_RECORD_TOUCHES_H_
#define KITH_SERVICES_REFERRAL_APP_RECORD_TOUCHES_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// A touch as stored, and whether it may count.
struct RecordedTouch {
  domain::Touch touch;
  std::string uncounted;                     // why it counts for nobody; empty: it counts
  std::optional<absl::Time> honoured_until;  // of a code that was retired
};

// A touch of a code that is retired, or whose campaign is closed, is kept like any other: it
// is refused as evidence, with its reason, when a signup is judged. Visitors who signed up
// before their touches were known are judged again, once, by all of them.
class RecordTouches final : public exec::Command {
 public:
  struct NewTouch {
    std::string touch_id;
    std::string code;  // as typed
    std::string visitor_id;
    std::optional<absl::Time> touch_time;  // absent: now
    domain::TouchKind kind = domain::TouchKind::kClick;
    std::string source = "";
  };
  using Response = Results<RecordedTouch>;

  RecordTouches(std::string program_id, std::vector<NewTouch> touches,
                Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // `code_text`: what `input` has, in normal form. Adds the visitor of a new one to
  // `visitors`.
  absl::StatusOr<RecordedTouch> Record(exec::Unit& unit, const Rules& rules,
                                       const NewTouch& input, const std::string& code_text,
                                       absl::Time now, std::set<std::string>& visitors) const;
  void JudgeVisitor(exec::Unit& unit, const Rules& rules, const std::string& visitor_id,
                    absl::Time now) const;

  const std::string program_id_;
  const std::vector<NewTouch> touches_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RECORD_TOUCHES_H_
