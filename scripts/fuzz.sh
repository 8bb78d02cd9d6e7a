#!/usr/bin/env bash
# fuzz.sh DURATION: fuzz every target of the project for that long, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rlE '^func Fuzz' --include='*_test.go' internal | xargs -n1 dirname | sort -u | while read -r dir; do
  for target in $(grep -hoE '^func Fuzz\w+' "$dir"/*_test.go | sed 's/func //'); do
    echo "== $dir $target"
    go test "./$dir" -run '^$' -fuzz "^$target\$" -fuzztime "${1:-30s}"
  done
done
