#ifndef STEELYARD_STORAGE_BASE_STATUS_MACROS_H_
#define STEELYARD_STORAGE_BASE_STATUS_MACROS_H_

// Early return on a status that is not OK.
//
//   RETURN_IF_ERROR(store.Commit(batch));
//   ASSIGN_OR_RETURN(Record record, Decode(bytes));

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define STEELYARD_CONCAT_INNER_(a, b) a##b
#define STEELYARD_CONCAT_(a, b) STEELYARD_CONCAT_INNER_(a, b)

#define RETURN_IF_ERROR(expr)                \
  do {                                       \
    absl::Status steelyard_status_ = (expr); \
    if (!steelyard_status_.ok()) {           \
      return steelyard_status_;              \
    }                                        \
  } while (false)

#define ASSIGN_OR_RETURN(lhs, expr) \
  STEELYARD_ASSIGN_OR_RETURN_(STEELYARD_CONCAT_(steelyard_statusor_, __LINE__), lhs, expr)

#define STEELYARD_ASSIGN_OR_RETURN_(tmp, lhs, expr) \
  auto tmp = (expr);                                \
  if (!tmp.ok()) {                                  \
    return std::move(tmp).status();                 \
  }                                                 \
  lhs = *std::move(tmp)

#endif  // STEELYARD_STORAGE_BASE_STATUS_MACROS_H_
