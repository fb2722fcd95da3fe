#include "client/import/bytes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/status_macros.h"

namespace steelyard::importing {
namespace {

constexpr size_t kBlock = size_t{256} << 10;
constexpr int64_t kFreeOfRatio = int64_t{1} << 20;
constexpr int kGzipOnly = 15 + 16;  // window bits, plus "gzip header"

}  // namespace

ByteSource::ByteSource(std::unique_ptr<std::istream> file, const ByteLimits& limits, int64_t total)
    : file_(std::move(file)), limits_(limits), total_(total), in_(kBlock, '\0') {}

ByteSource::~ByteSource() {
  if (gzip_) {
    inflateEnd(&zlib_);
  }
}

absl::StatusOr<std::unique_ptr<ByteSource>> ByteSource::Open(std::unique_ptr<std::istream> file,
                                                             const ByteLimits& limits) {
  file->seekg(0, std::ios::end);
  const int64_t total = file->tellg();
  if (!file->good() || total < 0) {
    return absl::InvalidArgumentError("This is not a plain file that can be read twice.");
  }
  std::unique_ptr<ByteSource> source(new ByteSource(std::move(file), limits, total));
  RETURN_IF_ERROR(source->Rewind());
  char magic[2] = {};
  source->file_->read(magic, 2);
  source->gzip_ = source->file_->gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  if (source->gzip_) {
    source->out_.resize(kBlock);
    if (inflateInit2(&source->zlib_, kGzipOnly) != Z_OK) {
      source->gzip_ = false;  // nothing to free
      return absl::ResourceExhaustedError("There is not enough memory to unpack the file.");
    }
  }
  RETURN_IF_ERROR(source->Rewind());
  return source;
}

absl::Status ByteSource::Rewind() {
  file_->clear();
  file_->seekg(0);
  packed_ = unpacked_ = 0;
  done_ = false;
  zlib_.avail_in = 0;
  if (gzip_) {
    inflateReset(&zlib_);
  }
  return file_->good() ? absl::OkStatus() : absl::DataLossError("The file cannot be read.");
}

absl::Status ByteSource::Fill() {
  file_->read(in_.data(), static_cast<std::streamsize>(in_.size()));
  if (file_->bad()) {
    return absl::DataLossError(absl::StrCat("The file cannot be read beyond byte ", packed_, "."));
  }
  packed_ += file_->gcount();
  return absl::OkStatus();
}

absl::Status ByteSource::CheckSize() const {
  if (unpacked_ > limits_.max_unpacked) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "The file is larger than ", limits_.max_unpacked >> 20, " MiB; send it in parts."));
  }
  if (gzip_ && unpacked_ > kFreeOfRatio && unpacked_ / limits_.max_ratio > packed_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("The gzip file unpacks to more than ", limits_.max_ratio,
                     " times its size; it is not a table of purchases."));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> ByteSource::Read() {
  if (gzip_) {
    return Inflate();
  }
  RETURN_IF_ERROR(Fill());
  const std::string_view block(in_.data(), static_cast<size_t>(file_->gcount()));
  unpacked_ += static_cast<int64_t>(block.size());
  RETURN_IF_ERROR(CheckSize());
  return block;
}

absl::StatusOr<std::string_view> ByteSource::Inflate() {
  zlib_.next_out = reinterpret_cast<Bytef*>(out_.data());
  zlib_.avail_out = static_cast<uInt>(out_.size());
  while (!done_ && zlib_.avail_out > 0) {
    if (zlib_.avail_in == 0) {
      RETURN_IF_ERROR(Fill());
      if (file_->gcount() == 0) {
        return absl::DataLossError("The gzip file is cut short; make it again.");
      }
      zlib_.next_in = reinterpret_cast<Bytef*>(in_.data());
      zlib_.avail_in = static_cast<uInt>(file_->gcount());
    }
    const int result = inflate(&zlib_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      RETURN_IF_ERROR(NextMember());
    } else if (result != Z_OK) {
      return absl::DataLossError("The gzip file is damaged; make it again.");
    }
  }
  const size_t size = out_.size() - zlib_.avail_out;
  unpacked_ += static_cast<int64_t>(size);
  RETURN_IF_ERROR(CheckSize());
  return std::string_view(out_.data(), size);
}

// A gzip file may hold several, one after the other, and zeros at its end.
absl::Status ByteSource::NextMember() {
  while (true) {
    const auto* begin = zlib_.next_in;
    const auto* end = begin + zlib_.avail_in;
    const auto* next = std::find_if(begin, end, [](Bytef b) { return b != 0; });
    if (next == end) {
      RETURN_IF_ERROR(Fill());
      zlib_.next_in = reinterpret_cast<Bytef*>(in_.data());
      zlib_.avail_in = static_cast<uInt>(file_->gcount());
      if (zlib_.avail_in == 0) {
        done_ = true;
        return absl::OkStatus();
      }
      continue;
    }
    if (*next != 0x1f) {
      return absl::DataLossError("The gzip file has something after its end; make it again.");
    }
    zlib_.avail_in = static_cast<uInt>(end - next);
    zlib_.next_in = const_cast<Bytef*>(next);
    inflateReset(&zlib_);
    return absl::OkStatus();
  }
}

}  // namespace steelyard::importing
