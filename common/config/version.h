// The version of the project.
#ifndef KITH_COMMON_CONFIG_VERSION_H_
#define KITH_COMMON_CONFIG_VERSION_H_

namespace kith::config {

// "1.2.3".
const char* Version();

}  // namespace kith::config

#endif  // KITH_COMMON_CONFIG_VERSION_H_
