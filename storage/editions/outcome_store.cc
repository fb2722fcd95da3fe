#include "storage/editions/outcome_store.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/editions/outcome_block_codec.h"

namespace steelyard::editions {
namespace {

using engine::Family;

// kOutcomeEditions: service (1 byte), year (2), group (4), 2^64 - 1 - edition
// (8), all big-endian -> block. So the newest of a group comes first. Frozen on
// disk.
constexpr size_t kKeyBytes = 15;
constexpr size_t kGroupAt = 3;
constexpr uint64_t kNewest = std::numeric_limits<uint64_t>::max();

std::string KeyOf(model::Service service, int year, uint32_t group, uint64_t edition) {
  ByteWriter key;
  key.Fixed8(static_cast<uint8_t>(service)).Fixed16(static_cast<uint16_t>(year));
  key.Fixed32(group).Fixed64(~edition);
  return std::move(key).str();
}

std::string KeyOf(const OutcomeBlock& block) {
  return KeyOf(block.service, block.year, block.number, block.edition);
}

bool IsYear(int year) { return model::Month::FromYm(year, 1).has_value(); }

}  // namespace

absl::Status OutcomeStore::Put(engine::Batch& batch, const OutcomeBlock& block) const {
  ASSIGN_OR_RETURN(const std::string bytes, EncodeOutcomeBlock(block));
  batch.Put(Family::kOutcomeEditions, KeyOf(block), bytes);
  return absl::OkStatus();
}

absl::StatusOr<OutcomeStore::Blocks> OutcomeStore::Newest(model::Service service, int year) {
  ASSIGN_OR_RETURN(const auto groups, Find({service, year}, kNewest));
  Blocks blocks;
  for (const auto& [number, block] : *groups) blocks.push_back(block);
  return blocks;
}

absl::StatusOr<OutcomeStore::Shown> OutcomeStore::Show(model::Service service, int first_year,
                                                       int last_year, uint64_t at_edition) {
  Shown shown;
  {
    std::lock_guard lock(mutex_);
    shown.edition = at_edition == 0 ? newest_ : at_edition;
    // Before anything is read: what this edition has may no longer be dropped.
    const auto end = years_.upper_bound({service, last_year});
    for (auto it = years_.lower_bound({service, first_year}); it != end; ++it) {
      it->second.fresh.clear();
    }
  }
  if (shown.edition == 0) return shown;
  for (int year = first_year; year <= last_year; ++year) {
    if (!IsYear(year)) continue;
    ASSIGN_OR_RETURN(const auto groups, Find({service, year}, shown.edition));
    for (const auto& [number, block] : *groups) shown.blocks.push_back(block);
  }
  return shown;
}

absl::StatusOr<std::shared_ptr<const OutcomeStore::Groups>> OutcomeStore::Find(const YearKey& key,
                                                                               uint64_t edition) {
  uint64_t changes = 0;
  bool known = false;
  {
    std::lock_guard lock(mutex_);
    Year& year = years_[key];
    year.used = ++clock_;
    known = year.groups != nullptr;
    if (known && year.edition <= edition) return year.groups;
    changes = year.changes;
  }
  ASSIGN_OR_RETURN(Groups read, Read(key, edition));
  auto groups = std::make_shared<const Groups>(std::move(read));
  std::lock_guard lock(mutex_);
  Year& year = years_[key];
  // What was read is the newest only if nothing newer is there.
  if (!known && edition >= newest_ && year.changes == changes && year.groups == nullptr) {
    KeepLocked(year, groups);
    TrimLocked(key);
  }
  return groups;
}

absl::StatusOr<OutcomeStore::Groups> OutcomeStore::Read(const YearKey& key,
                                                        uint64_t edition) const {
  const auto& [service, year] = key;
  Groups groups;
  const std::string end = KeyOf(service, year + 1, 0, kNewest);
  // Two steps a group: its number, and its newest block that is old enough.
  for (uint64_t group = 0; group <= std::numeric_limits<uint32_t>::max();) {
    auto it = database_.Scan(Family::kOutcomeEditions,
                             KeyOf(service, year, static_cast<uint32_t>(group), kNewest), end);
    RETURN_IF_ERROR(it->status());
    if (!it->Valid()) break;
    if (it->key().size() != kKeyBytes)
      return absl::DataLossError("outcome edition key: wrong length");
    ByteReader tail(it->key().substr(kGroupAt));
    const uint32_t number = tail.Fixed32();
    group = uint64_t{number} + 1;
    if (~tail.Fixed64() > edition) {
      it = database_.Scan(Family::kOutcomeEditions, KeyOf(service, year, number, edition),
                          KeyOf(service, year, number, 0) + '\0');
      RETURN_IF_ERROR(it->status());
      if (!it->Valid()) continue;
    }
    ASSIGN_OR_RETURN(OutcomeBlock block, DecodeOutcomeBlock(it->value()));
    if (KeyOf(block) != it->key()) {
      return absl::DataLossError("outcome block: under another block's key");
    }
    groups[number] = std::make_shared<const OutcomeBlock>(std::move(block));
  }
  return groups;
}

void OutcomeStore::KeepLocked(Year& year, std::shared_ptr<const Groups> groups) {
  weight_ -= year.weight;
  year.weight = 0;
  year.edition = 0;
  for (const auto& [number, block] : *groups) {
    year.weight += block->weight();
    year.edition = std::max(year.edition, block->edition);
  }
  weight_ += year.weight;
  year.groups = std::move(groups);
}

// Lets the least recently used years go; `keep` stays whatever its size.
void OutcomeStore::TrimLocked(const YearKey& keep) {
  while (weight_ > budget_) {
    Year* oldest = nullptr;
    for (auto& [key, year] : years_) {
      if (key == keep || year.weight == 0) continue;
      if (oldest == nullptr || year.used < oldest->used) oldest = &year;
    }
    if (oldest == nullptr) return;
    weight_ -= std::exchange(oldest->weight, 0);
    oldest->groups = nullptr;
  }
}

void OutcomeStore::Publish(const Blocks& blocks, uint64_t edition) {
  std::map<YearKey, Blocks> by_year;
  for (const auto& block : blocks) by_year[{block->service, block->year}].push_back(block);
  std::lock_guard lock(mutex_);
  for (const auto& [key, changed] : by_year) {
    Year& year = years_[key];
    ++year.changes;
    for (const auto& block : changed) {
      auto [it, added] = year.fresh.try_emplace(block->number, block->edition);
      if (!added) {
        unshown_.push_back({key, block->number, std::exchange(it->second, block->edition)});
      }
    }
    if (year.groups == nullptr) continue;
    auto groups = std::make_shared<Groups>(*year.groups);
    for (const auto& block : changed) (*groups)[block->number] = block;
    KeepLocked(year, std::move(groups));
    TrimLocked(key);
  }
  newest_ = edition;
}

void OutcomeStore::DropUnshown(engine::Batch& batch) {
  std::lock_guard lock(mutex_);
  for (const Unshown& u : unshown_) {
    batch.Delete(Family::kOutcomeEditions, KeyOf(u.year.first, u.year.second, u.number, u.edition));
  }
  unshown_.clear();
}

uint64_t OutcomeStore::newest() const {
  std::lock_guard lock(mutex_);
  return newest_;
}

void OutcomeStore::SetNewest(uint64_t edition) {
  std::lock_guard lock(mutex_);
  newest_ = edition;
}

}  // namespace steelyard::editions
