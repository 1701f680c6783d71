// Small collections as one TEXT: every entry ends with `;`, a name and its value are parted by
// `=`, and whatever would be mistaken for either (and `%`, and control characters) is written
// as %XX. Text that was not written here gives what can be read of it.
#ifndef KITH_SERVICES_REFERRAL_STORE_TEXT_CODEC_H_
#define KITH_SERVICES_REFERRAL_STORE_TEXT_CODEC_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::store {

// "plan=pro;seats=50;"
std::string EncodeAttributes(const domain::Attributes& attributes);
domain::Attributes DecodeAttributes(absl::string_view text);

// "fast_setup;good_support;"
std::string EncodeList(const std::vector<std::string>& list);
std::vector<std::string> DecodeList(absl::string_view text);

// "styling_fee=2000;shipping=0;"
std::string EncodeLines(const std::vector<domain::Line>& lines);
std::vector<domain::Line> DecodeLines(absl::string_view text);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_TEXT_CODEC_H_
