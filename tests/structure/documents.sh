#!/usr/bin/env bash
# Checks that every path written in ARCHITECTURE.md exists, and that each way
# through the product listed under "Hops" has at most six, each naming a file.
# Usage: documents.sh ROOT
set -euo pipefail
cd "$1"
awk '
  function fault(what) { printf "ARCHITECTURE.md:%d: %s\n", FNR, what; faults++ }
  function close_way() { if (way && (hops < 1 || hops > 6)) fault(way ": " hops + 0 " hops, wanted 1 to 6") }
  /^## / { close_way(); way = ""; in_hops = /^## Hops/ }
  /^### / { close_way(); way = in_hops ? substr($0, 5) : ""; hops = 0; if (in_hops) ways++ }
  in_hops && /^[0-9]+\. / {
    hops++
    if ($0 !~ /`[^` ]+\.(h|cc|proto)`/) fault("a hop that names no file")
  }
  {
    rest = $0
    while (match(rest, /`[^` ]+`/)) {
      path = substr(rest, RSTART + 1, RLENGTH - 2)
      rest = substr(rest, RSTART + RLENGTH)
      if (path !~ /\// || path !~ /^[A-Za-z0-9._\/-]+$/) continue
      if (system("test -e " path)) fault(path " does not exist")
    }
  }
  END { close_way(); if (ways < 2) fault("want the hops of a submission and of a benchmark"); exit faults > 0 }
' ARCHITECTURE.md
