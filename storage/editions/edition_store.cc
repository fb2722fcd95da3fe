#include "storage/editions/edition_store.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/editions/block_codec.h"

namespace steelyard::editions {
namespace {

using engine::Family;

// kEditions: product (4 bytes), currency (2), year (2), 2^64 - 1 - edition (8),
// all big-endian -> block. So the newest of a series and year comes first.
// Frozen on disk.
constexpr size_t kSeriesBytes = 6;
constexpr size_t kTailBytes = 10;
constexpr uint64_t kNewest = std::numeric_limits<uint64_t>::max();

std::string KeyOf(const Series& series, uint32_t year, uint64_t edition) {
  ByteWriter key;
  key.Fixed32(series.product.value).Fixed16(series.currency.number());
  key.Fixed16(static_cast<uint16_t>(year)).Fixed64(~edition);
  return std::move(key).str();
}

struct KeyTail {
  uint32_t year;
  uint64_t edition;
};

absl::StatusOr<KeyTail> TailOf(std::string_view key) {
  if (key.size() != kSeriesBytes + kTailBytes) {
    return absl::DataLossError("edition key: wrong length");
  }
  ByteReader tail(key.substr(kSeriesBytes));
  const uint32_t year = tail.Fixed16();
  return KeyTail{year, ~tail.Fixed64()};
}

// First key past all of the year.
std::string YearEnd(const Series& series, uint32_t year) {
  return KeyOf(series, year + 1, kNewest);
}

absl::StatusOr<std::shared_ptr<const YearBlock>> BlockOf(std::string_view key,
                                                         std::string_view value) {
  ASSIGN_OR_RETURN(YearBlock block, DecodeBlock(value));
  if (KeyOf(block.series, static_cast<uint32_t>(block.year), block.edition) != key) {
    return absl::DataLossError("edition block: under another block's key");
  }
  return std::make_shared<const YearBlock>(std::move(block));
}

bool IsYear(int year) { return model::Month::FromYm(year, 1).has_value(); }

}  // namespace

EditionStore::EditionStore(engine::Database& database, size_t cache_bytes)
    : database_(database), cache_(cache_bytes) {}

absl::Status EditionStore::Put(engine::Batch& batch, const YearBlock& block) const {
  ASSIGN_OR_RETURN(const std::string bytes, EncodeBlock(block));
  batch.Put(Family::kEditions,
            KeyOf(block.series, static_cast<uint32_t>(block.year), block.edition), bytes);
  return absl::OkStatus();
}

void EditionStore::Published(const Series& series, int year, uint64_t edition) {
  cache_.Publish(series, year, edition);
}

absl::StatusOr<EditionStore::Shown> EditionStore::Show(const Series& series, int first_year,
                                                       int last_year, uint64_t at_edition) {
  std::shared_lock edition_lock(edition_mutex_);
  Shown shown;
  shown.edition = at_edition == 0 ? newest_ : at_edition;
  if (shown.edition == 0) return shown;
  for (int year = first_year; year <= last_year; ++year) {
    ASSIGN_OR_RETURN(BlockPtr block, Find(series, year, shown.edition));
    if (block == nullptr) continue;
    {
      std::lock_guard lock(fresh_mutex_);
      auto it = fresh_.find({series, year});
      if (it != fresh_.end() && it->second == block->edition) fresh_.erase(it);
    }
    shown.blocks.push_back(std::move(block));
  }
  return shown;
}

uint64_t EditionStore::newest() const {
  std::shared_lock lock(edition_mutex_);
  return newest_;
}

void EditionStore::SetNewest(uint64_t edition) {
  std::lock_guard lock(edition_mutex_);
  newest_ = edition;
}

void EditionStore::Publish(const std::vector<BlockId>& blocks, uint64_t edition) {
  std::lock_guard edition_lock(edition_mutex_);
  std::lock_guard lock(fresh_mutex_);
  for (const BlockId& id : blocks) {
    auto [it, added] = fresh_.try_emplace({id.series, id.year}, edition);
    if (!added) unshown_.push_back({id, std::exchange(it->second, edition)});
    Published(id.series, id.year, edition);
  }
  newest_ = edition;
}

void EditionStore::DropUnshown(engine::Batch& batch) {
  std::lock_guard lock(fresh_mutex_);
  for (const auto& [id, edition] : unshown_) {
    batch.Delete(Family::kEditions, KeyOf(id.series, static_cast<uint32_t>(id.year), edition));
  }
  unshown_.clear();
}

absl::StatusOr<EditionStore::BlockPtr> EditionStore::Find(const Series& series, int year,
                                                          uint64_t at_edition) {
  if (!IsYear(year)) return BlockPtr();
  ASSIGN_OR_RETURN(CachedBlock head, FindHead(series, year));
  if (head.edition == 0 || at_edition == 0 || head.edition <= at_edition) {
    return std::move(head.block);
  }
  return FindPast(series, year, at_edition);
}

absl::StatusOr<CachedBlock> EditionStore::FindHead(const Series& series, int year) {
  const SlotKey key{series, year, 0};
  if (auto known = cache_.Get(key); known && (known->block || known->edition == 0)) {
    return *std::move(known);
  }
  const uint64_t generation = cache_.Generation(key);
  ASSIGN_OR_RETURN(CachedBlock head, Read(series, year, kNewest));
  cache_.PutIfUnchanged(key, generation, head);
  return head;
}

// Of an edition older than the newest, so the answer can never change: what is
// published from now on is newer still.
absl::StatusOr<EditionStore::BlockPtr> EditionStore::FindPast(const Series& series, int year,
                                                              uint64_t at_edition) {
  const SlotKey asked{series, year, at_edition};
  if (auto known = cache_.Get(asked)) {
    if (known->block || known->edition == 0) return std::move(known->block);
    auto block = cache_.Get({series, year, known->edition});
    if (block && block->block) return std::move(block->block);
  }
  ASSIGN_OR_RETURN(CachedBlock found, Read(series, year, at_edition));
  // The block is kept once, under its own edition.
  if (found.edition != at_edition) cache_.Put(asked, {found.edition, nullptr, {}});
  if (found.edition != 0) cache_.Put({series, year, found.edition}, found);
  return std::move(found.block);
}

absl::StatusOr<CachedBlock> EditionStore::Read(const Series& series, int year,
                                               uint64_t at_edition) {
  const auto number = static_cast<uint32_t>(year);
  auto it =
      database_.Scan(Family::kEditions, KeyOf(series, number, at_edition), YearEnd(series, number));
  RETURN_IF_ERROR(it->status());
  if (!it->Valid()) return CachedBlock();
  ASSIGN_OR_RETURN(const KeyTail tail, TailOf(it->key()));
  if (auto known = cache_.Get({series, year, tail.edition}); known && known->block) {
    return *std::move(known);
  }
  ASSIGN_OR_RETURN(BlockPtr block, BlockOf(it->key(), it->value()));
  return CachedBlock{tail.edition, std::move(block), {}};
}

absl::StatusOr<std::vector<int>> EditionStore::Years(const Series& series) {
  const SlotKey key{series, SlotKey::kAllYears, 0};
  if (auto known = cache_.Get(key)) return std::move(known->years);
  const uint64_t generation = cache_.Generation(key);
  CachedBlock found;
  const std::string end = KeyOf(series, std::numeric_limits<uint16_t>::max(), 0);
  // One step a year: each skips the year's older editions.
  for (std::string from = KeyOf(series, 0, kNewest);;) {
    auto it = database_.Scan(Family::kEditions, from, end);
    RETURN_IF_ERROR(it->status());
    if (!it->Valid()) break;
    ASSIGN_OR_RETURN(const KeyTail tail, TailOf(it->key()));
    found.years.push_back(static_cast<int>(tail.year));
    from = YearEnd(series, tail.year);
  }
  cache_.PutIfUnchanged(key, generation, found);
  return std::move(found.years);
}

}  // namespace steelyard::editions
