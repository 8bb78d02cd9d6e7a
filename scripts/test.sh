#!/usr/bin/env bash
# test.sh PACKAGES...: run the tests with a PostgreSQL of our own and the judges of pages and mails, and end the server after.
set -euo pipefail
cd "$(dirname "$0")/.."
pg=$(mktemp -d /tmp/causerie-pg.XXXXXX)
trap 'scripts/postgres.sh stop "$pg"; rm -rf "$pg"' EXIT
CAUSERIE_TEST_POSTGRES=$(scripts/postgres.sh start "$pg")
export CAUSERIE_TEST_POSTGRES CAUSERIE_REQUIRE_POSTGRES=1 CAUSERIE_BROWSER=1 CAUSERIE_MAILCHECK=1 CAUSERIE_NODE_MODULES="$PWD/.test/node_modules"
go test -count=1 -timeout 15m -p 2 "$@"
