// The services of the contract, all of them: what protos/kith says is walked, so that a new
// file cannot be forgotten.
#ifndef KITH_TESTS_INTEGRATION_CONTRACT_H_
#define KITH_TESTS_INTEGRATION_CONTRACT_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace kith::test {

// Every service in the files under protos/kith, in the order of their paths. Fails the test
// when one of the files is not part of this program.
std::vector<const google::protobuf::ServiceDescriptor*> AllServices();

// Whether the package is that of a binary's own services: `kith.referral.v1` of `referral`.
bool IsOwnPackage(const std::string& package, const std::string& binary);

}  // namespace kith::test

#endif  // KITH_TESTS_INTEGRATION_CONTRACT_H_
