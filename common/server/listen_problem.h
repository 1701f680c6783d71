// Why an address cannot be listened on.
#ifndef KITH_COMMON_SERVER_LISTEN_PROBLEM_H_
#define KITH_COMMON_SERVER_LISTEN_PROBLEM_H_

#include <string>

namespace kith::server {

// For people: what stands in the way of listening on `address`, HOST:PORT, found out by
// trying, because the libraries do not tell.
std::string ListenProblem(const std::string& address);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_LISTEN_PROBLEM_H_
