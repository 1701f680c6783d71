#include "common/config/version.h"

namespace kith::config {

const char* Version() { return KITH_VERSION; }

}  // namespace kith::config
