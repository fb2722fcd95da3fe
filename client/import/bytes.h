#ifndef STEELYARD_CLIENT_IMPORT_BYTES_H_
#define STEELYARD_CLIENT_IMPORT_BYTES_H_

#include <zlib.h>

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::importing {

// How far a packed file may grow.
struct ByteLimits {
  int64_t max_unpacked = int64_t{1} << 30;
  int64_t max_ratio = 1000;  // unpacked to packed, beyond the first MiB
};

// The bytes of a file in blocks, unpacked if it is gzip (its first two bytes
// say so, not its name). Holds two blocks in memory. Not thread-safe.
class ByteSource {
 public:
  // `file` must be able to seek. INVALID_ARGUMENT if it cannot.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(std::unique_ptr<std::istream> file,
                                                          const ByteLimits& limits);
  ~ByteSource();

  // The next block, valid until the next call; empty at the end.
  // RESOURCE_EXHAUSTED beyond the limits; DATA_LOSS if the gzip data is
  // damaged or cut short, or the file cannot be read.
  absl::StatusOr<std::string_view> Read();

  // Begins again.
  absl::Status Rewind();

  bool gzip() const { return gzip_; }
  int64_t bytes_read() const { return packed_; }  // of the file as it lies there
  int64_t total_bytes() const { return total_; }

 private:
  ByteSource(std::unique_ptr<std::istream> file, const ByteLimits& limits, int64_t total);

  absl::Status Fill();
  absl::StatusOr<std::string_view> Inflate();
  absl::Status NextMember();
  absl::Status CheckSize() const;

  std::unique_ptr<std::istream> file_;
  const ByteLimits limits_;
  const int64_t total_;
  bool gzip_ = false;
  bool done_ = false;
  int64_t packed_ = 0;
  int64_t unpacked_ = 0;
  std::string in_;
  std::string out_;
  z_stream zlib_ = {};
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_BYTES_H_
