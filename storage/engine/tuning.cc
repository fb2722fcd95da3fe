#include "storage/engine/tuning.h"

#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

namespace steelyard::engine {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
// Log that a start may have to replay, at some 30 ms of CPU for each MiB.
constexpr size_t kMaxLogBytes = 32 * kMiB;
constexpr size_t kMaxMemtableBytes = 64 * kMiB;
// The most RocksDB 7.8 supports.
constexpr size_t kProtectionBytes = 8;

// Families that are read by key, often by one that is not there. The others
// are scanned, where a filter only takes room.
bool ReadByKey(Family family) {
  switch (family) {
    case Family::kFacts:
    case Family::kFactHistory:
    case Family::kAudit:
      return false;
    default:
      return true;
  }
}

// Families that an upload fills; the others see a few writes a minute.
bool WrittenInBulk(Family family) {
  switch (family) {
    case Family::kPurchases:
    case Family::kVersions:
    case Family::kFacts:
    case Family::kFactHistory:
    case Family::kStaging:
    case Family::kEditions:
      return true;
    default:
      return false;
  }
}

rocksdb::BlockBasedTableOptions TableOptions(Family family,
                                             const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  // Everything read from tables lives within the cache's budget.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.verify_compression = true;
  if (ReadByKey(family)) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
    table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  }
  return table;
}

}  // namespace

std::shared_ptr<rocksdb::Cache> MakeCache(size_t cache_bytes) {
  // Not strict: a strict cache fails a read when blocks in use fill it.
  return rocksdb::NewLRUCache(cache_bytes, /*num_shard_bits=*/4, /*strict_capacity_limit=*/false,
                              /*high_pri_pool_ratio=*/0.2);
}

rocksdb::DBOptions StoreOptions(size_t cache_bytes, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions options;
  options.create_missing_column_families = true;

  // Damage is refused, never skipped: the default mode opens on a flipped bit
  // with fewer synced records. A torn last record is an honest power cut.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.max_bgerror_resume_count = 0;  // see Health

  options.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
      std::min(kMaxMemtableBytes, cache_bytes / 2), cache);
  options.max_total_wal_size = kMaxLogBytes;
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  options.max_file_opening_threads = 2;
  options.bytes_per_sync = kMiB;

  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.max_log_file_size = kMiB;
  options.keep_log_file_num = 2;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(family, cache)));
  options.write_buffer_size = (WrittenInBulk(family) ? 32 : 4) * kMiB;
  options.arena_block_size = 256 * 1024;  // 13 families would take a MiB each
  if (family == Family::kPurchases) {     // each uploaded line is looked up, most are new
    options.memtable_prefix_bloom_size_ratio = 0.05;
    options.memtable_whole_key_filtering = true;
  }
  options.level_compaction_dynamic_level_bytes = true;  // at most some 10 % stale
  options.target_file_size_base = 32 * kMiB;
  options.max_bytes_for_level_base = 128 * kMiB;
  // Room a compaction takes for a moment: within what the space guard keeps.
  options.max_compaction_bytes = 256 * kMiB;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.paranoid_file_checks = true;
  options.memtable_protection_bytes_per_key = kProtectionBytes;
  return options;
}

rocksdb::WriteBatch MakeWriteBatch(size_t bytes) {
  return rocksdb::WriteBatch(bytes, /*max_bytes=*/0, kProtectionBytes, /*default_cf_ts_sz=*/0);
}

}  // namespace steelyard::engine
