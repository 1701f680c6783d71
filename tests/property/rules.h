// Random rules of a program.
#ifndef KITH_TESTS_PROPERTY_RULES_H_
#define KITH_TESTS_PROPERTY_RULES_H_

#include <array>
#include <optional>
#include <random>
#include <string>

#include "kith/referral/v1/referral.pb.h"

namespace kith::property {

// Words that rules and histories have in common. The last campaign is a mere label.
inline const std::array<std::string, 3> kCampaigns = {"spring", "contest", "label"};
inline const std::array<std::string, 3> kEvents = {"installed", "ordered", "renewed"};
inline const std::array<std::string, 2> kPlans = {"basic", "pro"};

// Valid rules; those of two calls differ. `before`: the version before, if there is one; the
// new one is often almost the same.
kith::referral::v1::Program RandomRules(
    std::mt19937_64& random, const std::string& program_id,
    const std::optional<kith::referral::v1::Program>& before);

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_RULES_H_
