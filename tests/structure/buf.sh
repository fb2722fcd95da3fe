#!/usr/bin/env bash
# Lints the contract, or compares it with what the commit before this one had.
# Usage: buf.sh ROOT lint|breaking
#
# buf runs in work folders that hold our protos and the few google files that
# they import, so it needs neither network nor node_modules in the history.
set -euo pipefail
cd "$1"
buf=$PWD/proto/node_modules/.bin/buf
google=$PWD/proto/node_modules/google-proto-files
[ -x "$buf" ] || { echo "buf is missing: run ./test, which fetches it" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Both trees get what either imports, so that the google files never differ.
add_imports() {
  local import tree
  grep -rhoE '^import "google/(api|rpc|type)/[^"]+' "$work" | sed 's/^import "//' | sort -u |
    while read -r import; do
      for tree in "$work"/*; do install -D -m 644 "$google/$import" "$tree/$import"; done
    done
}

mkdir "$work/now"
cp -r proto/buf.yaml proto/steelyard "$work/now/"

case $2 in
  lint)
    add_imports
    (cd "$work/now" && "$buf" lint --path steelyard)
    echo "the contract follows the rules of proto/buf.yaml"
    ;;
  breaking)
    # The first parent; in a shallow clone or at the first commit there is
    # none, and what can be compared is what is not committed yet.
    base=$(git rev-parse --quiet --verify 'HEAD^1^{commit}' || git rev-parse HEAD)
    git cat-file -e "$base:proto/steelyard" 2>/dev/null || { echo "$base has no contract yet"; exit 0; }
    mkdir "$work/before"
    git archive "$base" proto/steelyard | tar -x -C "$work/before" --strip-components=1
    cp proto/buf.yaml "$work/before/"
    add_imports
    (cd "$work/now" && "$buf" breaking --against "$work/before")
    echo "the contract keeps every promise of $(git rev-parse --short "$base")"
    ;;
  *) echo "usage: buf.sh ROOT lint|breaking" >&2; exit 2 ;;
esac
