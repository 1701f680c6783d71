// How commands hand their answers to the rpc layer, which knows the messages.
#ifndef KITH_SERVICES_REFERRAL_APP_RESULTS_H_
#define KITH_SERVICES_REFERRAL_APP_RESULTS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace kith::referral::app {

// One result for each item of a batch, in order: the item as stored, or the named error that
// it was refused with.
template <class T>
using Results = std::vector<absl::StatusOr<T>>;

// Encodes the response. An error refuses the whole command. Pure, like Decide.
template <class T>
using Encoder = std::function<absl::StatusOr<std::string>(const T& response)>;

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RESULTS_H_
