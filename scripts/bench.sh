#!/usr/bin/env bash
# bench.sh: the figures of docs/bench, side by side in one run. It needs nginx and wrk, and installs them on Debian.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
command -v wrk >/dev/null || missing+=(wrk)
command -v nginx >/dev/null || missing+=(nginx)
if [ "${#missing[@]}" -gt 0 ]; then
  as=(); [ "$(id -u)" = 0 ] || as=(sudo)
  DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
fi
go run ./internal/harness/bench "$@"
echo
echo "jobs that do nothing, a second:"
pg=$(mktemp -d /tmp/causerie-pg.XXXXXX)
trap 'scripts/postgres.sh stop "$pg"; rm -rf "$pg"' EXIT
CAUSERIE_TEST_POSTGRES=$(scripts/postgres.sh start "$pg")
export CAUSERIE_TEST_POSTGRES
go test -run '^$' -bench . ./internal/platform/queue | grep -E 'Benchmark|jobs'
echo
echo "A letter to 20,000 people, from the press of the button, by who signs it, on SQLite and on PostgreSQL:"
go run ./internal/harness/bench -letters 20000
go run ./internal/harness/bench -letters 20000 -database "$CAUSERIE_TEST_POSTGRES"
echo
echo "20,000 letters of 10 kB through the outbox to a sink on this machine:"
go test -run '^$' -bench TwentyThousand -benchtime 1x ./internal/core/mailer | grep Benchmark
echo
echo "WordPress import of 10,000 posts:"
CAUSERIE_BENCH=1 go test -count=1 -run 'TenThousand' -v ./internal/transfer/... | grep -vE '^(=== |PASS|ok)' || true
echo
echo "The costliest texts of authors, whole:"
CAUSERIE_LARGE=1 go test -count=1 -run 'Hostile' ./internal/platform/text
