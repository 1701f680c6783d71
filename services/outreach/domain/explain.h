// What a claim at some moment would make of all messages of a contact.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_EXPLAIN_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_EXPLAIN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// The version that a message was started with.
using PlaybookOf = std::function<const Playbook&(const Message&)>;

// One verdict for each message, in the order of `messages`: what a sender that claims
// everything on every channel at `at` would get, if nothing happens before. Messages are
// judged in the order of claiming, so that one that is handed out counts for the caps of the
// next. `messages` hold all of the contact's that are claimable at `at` or were handed out in
// the windows of the caps before it; of others, any. What was handed out after `at` does not
// count.
std::vector<Verdict> ExplainAll(absl::Span<const Message> messages, const Contact& contact,
                                const PlaybookOf& playbook_of, absl::Time at);

// Where the zone of the contact comes from, for people: `contact Asia/Kolkata`,
// `playbook Europe/Berlin`, `utc`. Several playbooks may name several zones.
std::string DescribeZone(absl::Span<const Message> messages, const Contact& contact,
                         const PlaybookOf& playbook_of);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_EXPLAIN_H_
