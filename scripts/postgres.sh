#!/usr/bin/env bash
# postgres.sh start DIR | stop DIR: a private PostgreSQL for tests, on 127.0.0.1 at a free port, without durability.
# start prints the address to put into CAUSERIE_TEST_POSTGRES. The server is ended by the process id in DIR.
set -euo pipefail
verb=$1 dir=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as=() # PostgreSQL refuses to run as root
[ "$(id -u)" = 0 ] && as=(runuser -u postgres --)
case $verb in
start)
  mkdir -p "$dir"
  [ "$(id -u)" = 0 ] && chown postgres "$dir"
  chmod 700 "$dir"
  [ -d "$dir/data" ] || "${as[@]}" "$bin/initdb" -D "$dir/data" -A trust -U causerie --locale=C -E UTF8 >/dev/null
  port=$(cat "$dir/port" 2>/dev/null || python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])' 2>/dev/null || echo $((20000 + RANDOM % 20000)))
  echo "$port" > "$dir/port" # the same again after a stop
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/data/server.log" -o \
    "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c synchronous_commit=off \
     -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB" start >/dev/null)
  echo "postgres://causerie@127.0.0.1:$port/postgres?sslmode=disable"
  ;;
stop)
  if pid=$(head -1 "$dir/data/postmaster.pid" 2>/dev/null); then
    kill -INT "$pid" || true
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  fi
  ;;
*) echo "usage: postgres.sh start|stop DIR" >&2; exit 2 ;;
esac
