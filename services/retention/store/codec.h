// Small lists that are stored as text in a row.
#ifndef KITH_SERVICES_RETENTION_STORE_CODEC_H_
#define KITH_SERVICES_RETENTION_STORE_CODEC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/retention/domain/customer.h"
#include "services/retention/domain/policy.h"

namespace kith::retention::store {

// `version,from,name,min_count,within` for each era, separated by `;`; name empty: no rule;
// within 0: any time.
std::string EncodeEras(const AhaEras& eras);
AhaEras DecodeEras(absl::string_view text);

// `version:time,time` for each era, separated by `;`.
std::string EncodeProgress(const AhaProgress& progress);
AhaProgress DecodeProgress(absl::string_view text);

}  // namespace kith::retention::store

#endif  // KITH_SERVICES_RETENTION_STORE_CODEC_H_
