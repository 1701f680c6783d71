// Early return on errors.
#ifndef KITH_COMMON_BASE_STATUS_MACROS_H_
#define KITH_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function when `expr` is an error.
#define KITH_RETURN_IF_ERROR(expr)                                \
  do {                                                            \
    if (absl::Status kith_status_ = (expr); !kith_status_.ok()) { \
      return kith_status_;                                        \
    }                                                             \
  } while (false)

#define KITH_CONCAT_INNER_(a, b) a##b
#define KITH_CONCAT_(a, b) KITH_CONCAT_INNER_(a, b)

// Evaluates `expr` (an absl::StatusOr) and assigns its value to `lhs`, or returns its
// error from the enclosing function. `lhs` may declare a variable.
#define KITH_ASSIGN_OR_RETURN(lhs, expr) \
  KITH_ASSIGN_OR_RETURN_IMPL_(KITH_CONCAT_(kith_status_or_, __LINE__), lhs, expr)
#define KITH_ASSIGN_OR_RETURN_IMPL_(var, lhs, expr) \
  auto var = (expr);                                \
  if (!var.ok()) return std::move(var).status();    \
  lhs = std::move(var).value()

#endif  // KITH_COMMON_BASE_STATUS_MACROS_H_
