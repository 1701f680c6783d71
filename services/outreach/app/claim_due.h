// Leases messages that are due to a sender. This is the moment at which lateness,
// suppression, quiet hours and caps are judged, by the function that explains them too.
#ifndef KITH_SERVICES_OUTREACH_APP_CLAIM_DUE_H_
#define KITH_SERVICES_OUTREACH_APP_CLAIM_DUE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

class CapHistory;

struct ClaimDueRequest {
  std::string program_id;
  std::string request_id;
  Channel channel = Channel::kAny;
  int max_messages = 0;                                  // 0: 10
  absl::Duration lease_duration = absl::ZeroDuration();  // 0: 60 s
  std::string worker_id;
  absl::Time received_time;  // what is due by then is loaded ahead; decides nothing
};

struct LeasedMessage {
  Message message;
  std::string template_name;
  std::string locale;
};
struct ClaimDueResult {
  std::vector<LeasedMessage> messages;  // earliest due first
};

// Messages that are late, suppressed or capped are settled on the way. One claim looks at
// kMaxJudged messages at most: when so many in a row are settled otherwise, it returns fewer
// than are due, perhaps none, and the next one goes on. Errors: PROGRAM_NOT_FOUND,
// INVALID_FIELD (lease_duration).
class ClaimDue final : public exec::Command {
 public:
  static constexpr int kMaxJudged = 1024;
  using Encoder = std::function<std::string(const ClaimDueResult&)>;
  ClaimDue(ClaimDueRequest request, Encoder encode)
      : request_(std::move(request)), encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;
  // Not when nothing was leased: senders that poll would fill the store with it.
  bool IsStored(absl::string_view response) const override;

 private:
  size_t MaxMessages() const;
  std::vector<Channel> Channels() const;
  void PrefetchMessage(const Message& message, exec::Loader& loader) const;
  // Judges one message; adds it to `result` when it is leased.
  void Claim(const Message& message, exec::Unit& unit, absl::Time now, CapHistory& history,
             ClaimDueResult& result) const;

  const ClaimDueRequest request_;
  const Encoder encode_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_CLAIM_DUE_H_
