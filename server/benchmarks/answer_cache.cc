#include "server/benchmarks/answer_cache.h"

namespace steelyard::benchmarks {

size_t AnswerBody::weight() const {
  size_t bytes = sizeof(*this) + benchmark.SpaceUsedLong();
  for (const AnswerCell& cell : cells) bytes += sizeof(cell) + cell.council_means.size() * 8;
  return bytes;
}

}  // namespace steelyard::benchmarks
