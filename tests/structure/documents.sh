#!/usr/bin/env bash
# Checks that every path written in ARCHITECTURE.md exists, and that it gives
# the way of a submission and of a benchmark in at most six hops, each naming
# a file. Usage: documents.sh ROOT
set -euo pipefail
cd "$1"
awk '
  function fault(what) { printf "ARCHITECTURE.md:%d: %s\n", FNR, what; faults++ }
  function end_way() { if (way && (hops < 1 || hops > 6)) fault(way ": " hops + 0 " hops, wanted 1 to 6"); way = "" }
  /^## / { end_way() }
  /^## The way of / { way = substr($0, 4); hops = 0; seen[way] }
  way && /^[0-9]+\. / {
    hops++
    if ($0 !~ /`[^` ]+\.(h|cc)`/) fault("a hop that names no file")
  }
  {
    rest = $0
    while (match(rest, /`[^` ]+`/)) {
      path = substr(rest, RSTART + 1, RLENGTH - 2)
      rest = substr(rest, RSTART + RLENGTH)
      if (path ~ /\// && path ~ /^[A-Za-z0-9._\/-]+$/ && system("test -e " path)) fault(path " does not exist")
    }
  }
  END {
    end_way()
    if (!("The way of a submission" in seen)) fault("the way of a submission is missing")
    if (!("The way of a benchmark" in seen)) fault("the way of a benchmark is missing")
    exit faults > 0
  }
' ARCHITECTURE.md
