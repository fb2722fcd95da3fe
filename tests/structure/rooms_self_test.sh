#!/usr/bin/env bash
# Shows that rooms.sh finds what it is there for: each case plants one fault in
# a small sound tree and looks for the words that must name it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

sound_tree() {
  rm -rf "$work/tree"
  mkdir -p "$work"/tree/{storage/base,storage/engine,server/statistics,client/cpp,tests/storage/base}
  cd "$work/tree"
  printf '#include <string>\n' >storage/base/text.h
  printf '#include "rocksdb/db.h"\n#include "storage/base/text.h"\n' >storage/engine/database.h
  printf '#include "storage/base/text.h"\n' >server/statistics/quantile.h
  printf '#include "steelyard/v1/purchase_service.grpc.pb.h"\n' >client/cpp/client.h
  printf '#include "storage/base/text.h"\n' >tests/storage/base/text_test.cc
  printf 'steelyard_room(storage_base HDRS text.h)\n' >storage/base/CMakeLists.txt
  printf 'steelyard_room(storage_engine HDRS database.h\n  DEPS storage_base RocksDB::rocksdb-shared)\n' \
    >storage/engine/CMakeLists.txt
  printf 'steelyard_room(server_statistics HDRS quantile.h DEPS storage_base)\n' \
    >server/statistics/CMakeLists.txt
  printf 'steelyard_room(client_cpp HDRS client.h DEPS proto)\n' >client/cpp/CMakeLists.txt
  printf 'steelyard_test(storage_base SRCS text_test.cc DEPS storage_base test_support)\n' \
    >tests/storage/base/CMakeLists.txt
}

check() { "$here/rooms.sh" "$work/tree" >"$work/found" 2>&1; }

# plant "what" FILE "line to add" "words that must be printed"
plant() {
  sound_tree
  mkdir -p "$(dirname "$2")"
  printf '%s\n' "$3" >>"$2"
  if check; then
    echo "FAILED: $1 went unseen"; failed=1
  elif ! grep -qF -- "$4" "$work/found"; then
    echo "FAILED: $1: expected '$4', got:"; cat "$work/found"; failed=1
  else
    echo "ok: $1"
  fi
}

sound_tree
check || { echo "FAILED: the sound tree is refused:"; cat "$work/found"; failed=1; }

plant "an include that goes up" storage/base/text.h '#include "storage/engine/database.h"' \
  'storage/base/text.h:2: storage/base must not use storage/engine'
plant "an include of a sibling" server/statistics/quantile.h '#include "server/disclosure/rule.h"' \
  'server/statistics must not use server/disclosure'
plant "a benchmark that includes the ledger" server/benchmarks/price.h \
  '#include "storage/ledger/purchase_store.h"' 'server/benchmarks must not use storage/ledger'
plant "RocksDB outside the engine" server/statistics/quantile.h '#include <rocksdb/slice.h>' \
  'server/statistics must not use +rocksdb'
plant "gRPC in a pure room" server/statistics/quantile.h '  # include <grpcpp/grpcpp.h>' \
  'server/statistics must not use +grpc'
plant "generated messages in the store" storage/engine/database.h \
  '#include "steelyard/v1/purchase.pb.h"' 'storage/engine must not use +proto'
plant "a client that includes the server" client/cpp/client.h '#include "server/rpc/errors.h"' \
  'client/cpp must not use server/rpc'
plant "a test that reaches past its room" tests/storage/base/text_test.cc \
  '#include "storage/engine/database.h"' 'tests/storage/base must not use storage/engine'
plant "a link that goes up" storage/base/CMakeLists.txt \
  'target_link_libraries(steelyard_storage_base PUBLIC steelyard::storage_engine)' \
  'storage/base must not use storage/engine'
plant "a room linked where it may not be" server/statistics/CMakeLists.txt \
  'steelyard_program(probe SRCS probe.cc DEPS storage_base storage_engine)' \
  'server/statistics must not use storage/engine'
plant "RocksDB linked outside the engine" storage/base/CMakeLists.txt \
  'target_link_libraries(steelyard_storage_base PRIVATE RocksDB::rocksdb-shared)' \
  'storage/base must not use +rocksdb'
plant "globbed sources" storage/base/CMakeLists.txt 'file(GLOB sources *.cc)' \
  'list the sources, do not GLOB them'
plant "a source that no target lists" storage/base/loose.cc '#include "storage/base/text.h"' \
  'storage/base/loose.cc:1: is listed in no CMakeLists.txt'
plant "a room of no name" server/extra/thing.h '#include <string>' \
  'server/extra/thing.h:1: is in no listed room'
plant "an include not from the root" storage/engine/database.cc '#include "database.h"' \
  'include storage/engine/database.h from the root'
plant "a second target in one room" storage/base/CMakeLists.txt \
  'steelyard_room(storage_base HDRS text.h)' 'has 2 steelyard_room targets, wanted 1'

exit "$failed"
