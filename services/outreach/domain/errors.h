// The named errors of outreach.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_ERRORS_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_ERRORS_H_

#include "common/base/error.h"

namespace kith::outreach::errors {

using namespace kith::errors;

inline constexpr ErrorDef kPlaybookNotFound{absl::StatusCode::kNotFound, "PLAYBOOK_NOT_FOUND",
                                            "the playbook, or this version, does not exist"};
inline constexpr ErrorDef kContactNotFound{absl::StatusCode::kNotFound, "CONTACT_NOT_FOUND",
                                           "the contact does not exist"};
inline constexpr ErrorDef kMessageNotFound{absl::StatusCode::kNotFound, "MESSAGE_NOT_FOUND",
                                           "the message does not exist"};
inline constexpr ErrorDef kLeaseLost{
    absl::StatusCode::kFailedPrecondition, "LEASE_LOST",
    "the lease_token is not that of the message's current lease"};
inline constexpr ErrorDef kTooManyPlaybooks{absl::StatusCode::kFailedPrecondition,
                                            "TOO_MANY_PLAYBOOKS",
                                            "the program has 1000 playbooks, the most it may"};
inline constexpr ErrorDef kMalformedFact{absl::StatusCode::kInvalidArgument, "MALFORMED_FACT",
                                         "the fact lacks what its kind requires"};

}  // namespace kith::outreach::errors

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_ERRORS_H_
