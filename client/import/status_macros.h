#ifndef STEELYARD_CLIENT_IMPORT_STATUS_MACROS_H_
#define STEELYARD_CLIENT_IMPORT_STATUS_MACROS_H_

// Early return on a status that is not OK. Those of storage/base are not for
// clients, which depend on the contract alone.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expr)             \
  do {                                    \
    absl::Status import_status_ = (expr); \
    if (!import_status_.ok()) {           \
      return import_status_;              \
    }                                     \
  } while (false)

#define IMPORT_CONCAT_INNER_(a, b) a##b
#define IMPORT_CONCAT_(a, b) IMPORT_CONCAT_INNER_(a, b)
#define ASSIGN_OR_RETURN(lhs, expr) \
  IMPORT_ASSIGN_OR_RETURN_(IMPORT_CONCAT_(import_statusor_, __LINE__), lhs, expr)
#define IMPORT_ASSIGN_OR_RETURN_(tmp, lhs, expr) \
  auto tmp = (expr);                             \
  if (!tmp.ok()) {                               \
    return std::move(tmp).status();              \
  }                                              \
  lhs = *std::move(tmp)

#endif  // STEELYARD_CLIENT_IMPORT_STATUS_MACROS_H_
