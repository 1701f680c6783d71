// A scoring policy as text, the way the store keeps it: a line for each thing, fields parted
// by tabs, free text escaped. People can read it; nobody writes it but EncodePolicy.
//
//   referral_points  75
//   behaviour        review  50  2  30      (cap and period; "-" for no cap)
//   tier             supporter  100  newsletter recognition  …
#ifndef KITH_SERVICES_ADVOCACY_STORE_POLICY_CODEC_H_
#define KITH_SERVICES_ADVOCACY_STORE_POLICY_CODEC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::store {

std::string EncodePolicy(const domain::ScoringPolicy& policy);

// The reverse. Lines of a kind that this version does not know are passed over.
domain::ScoringPolicy DecodePolicy(absl::string_view text);

}  // namespace kith::advocacy::store

#endif  // KITH_SERVICES_ADVOCACY_STORE_POLICY_CODEC_H_
