#!/usr/bin/env bash
# Checks that docs/problems.md lists every code that the sources report to a
# caller, once, and no other. Usage: problems.sh ROOT
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Codes are the only texts in capitals with an underscore there.
grep -rhoE '"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+"' --include='*.cc' --include='*.h' \
  server/registry server/lines server/purchases server/outcomes server/negotiations \
  server/circles server/spend client/import server/rpc/errors.cc |
  tr -d '"' | LC_ALL=C sort -u >"$work/sources"
grep -oE '^\| `[A-Z0-9_]+`' docs/problems.md | tr -d '|` ' | LC_ALL=C sort >"$work/listed"
LC_ALL=C sort -u "$work/listed" >"$work/documented"

failed=0
report() {
  while read -r code; do
    echo "$code: $1"
    failed=1
  done
}
report "is not in docs/problems.md" < <(LC_ALL=C comm -23 "$work/sources" "$work/documented")
report "is in docs/problems.md, but nothing reports it" \
  < <(LC_ALL=C comm -13 "$work/sources" "$work/documented")
report "is in docs/problems.md twice" < <(uniq -d "$work/listed")
[ "$failed" = 1 ] || echo "$(wc -l <"$work/documented") codes, all of them explained"
exit "$failed"
