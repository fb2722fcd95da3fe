#!/usr/bin/env bash
# Checks that every C++ file of the tree is as clang-format 14 (Debian 12's)
# would leave it, or makes it so. Usage: format.sh ROOT [--fix]
set -euo pipefail
cd "$1"
formatter=$(command -v clang-format-14) ||
  { echo "clang-format-14 is missing: run ./test, which installs it" >&2; exit 1; }

files() {
  find storage server client tests -name node_modules -prune -o \
    \( -name '*.h' -o -name '*.cc' \) -print0
}

if [ "${2:-}" = --fix ]; then
  files | xargs -0 -r "$formatter" -i --style=file
else
  wrong=$(files | xargs -0 -r "$formatter" --dry-run --style=file 2>&1 |
    sed -n 's/:[0-9]*:[0-9]*: warning: .*/: not formatted/p' | sort | uniq -c)
  [ -z "$wrong" ] || { echo "$wrong"; echo "mend with: tests/structure/format.sh . --fix"; exit 1; }
fi
