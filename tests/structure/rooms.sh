#!/usr/bin/env bash
# Checks every include and every CMake link of the tree at ROOT against
# rooms.txt. Usage: rooms.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"

find storage server client tests \
  \( -name node_modules -o -name build \) -prune -o \
  \( -name '*.h' -o -name '*.cc' -o -name CMakeLists.txt \) -size +0 -print |
  LC_ALL=C sort | xargs awk -f "$here/rooms.awk" "$here/rooms.txt"
