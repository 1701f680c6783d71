// What tells two requests under one request_id apart.
#ifndef KITH_COMMON_RPC_FINGERPRINT_H_
#define KITH_COMMON_RPC_FINGERPRINT_H_

#include <string>

#include "google/protobuf/message.h"

namespace kith::rpc {

// A hash of 16 bytes of the request's content, the same however the client encoded it.
std::string Fingerprint(const google::protobuf::Message& request);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_FINGERPRINT_H_
