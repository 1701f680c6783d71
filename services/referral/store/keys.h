// Keys of rows and how they become parameters.
#ifndef KITH_SERVICES_REFERRAL_STORE_KEYS_H_
#define KITH_SERVICES_REFERRAL_STORE_KEYS_H_

#include <string>
#include <utility>

#include "common/db/db.h"

namespace kith::referral::store {

// A program and an id in it.
using IdKey = std::pair<std::string, std::string>;

inline db::Params ToParams(const IdKey& key) { return {key.first, key.second}; }

// A hash as the store keeps it: NULL when there is none.
inline db::Value FromHash(const std::string& hash) {
  return hash.empty() ? db::Value(db::Null()) : db::Value(db::Blob{hash});
}
// A program and a hash in it.
inline db::Params ToHashParams(const IdKey& key) { return {key.first, FromHash(key.second)}; }

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_KEYS_H_
