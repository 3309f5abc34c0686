#!/usr/bin/env bash
# Starts a real OpenStack Swift and Keystone on 127.0.0.1, on free ports, in the folder SWIFT_LAB_DIR. Run again, it starts
# what has died. No systemd, no containers, no root. What a client needs is then in $SWIFT_LAB_DIR/lab.json.
#   TOKEN_SECONDS: how long tokens live
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$HERE/common.sh"
TOKEN_SECONDS=${TOKEN_SECONDS:-3600}

mkdir -p "$LAB"/{etc,log,pid,keystone,node/sdb1}
"$PYTHON" "$HERE/prepare.py" "$LAB" "$TOKEN_SECONDS"
source "$LAB/ports"

start() {
  local name=$1
  shift
  is_up "$name" && return
  setsid "$@" >>"$LAB/log/$name.log" 2>&1 </dev/null &
  echo $! >"$LAB/pid/$name"
}

keystone_manage() {
  /usr/bin/keystone-manage --config-file "$LAB/etc/keystone.conf" "$@" >>"$LAB/log/bootstrap.log" 2>&1
}

if [ ! -e "$LAB/keystone/ready" ]; then
  keystone_manage db_sync || { tail -n 20 "$LAB/log/bootstrap.log" >&2; exit 1; }
  # Else "database is locked" under a few requests at once.
  "$PYTHON" -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("pragma journal_mode=wal")' "$LAB/keystone/keystone.db"
  keystone_manage bootstrap --bootstrap-password admin-password --bootstrap-region-id RegionOne \
    --bootstrap-public-url "http://127.0.0.1:$KEYSTONE_PORT/v3/" --bootstrap-internal-url "http://127.0.0.1:$KEYSTONE_PORT/v3/"
fi

OS_KEYSTONE_CONFIG_DIR="$LAB/etc" OS_KEYSTONE_CONFIG_FILES=keystone.conf start keystone \
  uwsgi --http-socket "127.0.0.1:$KEYSTONE_PORT" --plugin python3 --wsgi-file "$LAB/etc/keystone.wsgi" --threads 4 \
  --enable-threads --need-app --die-on-term --buffer-size 32768 --add-header 'Connection: close'
for name in account container object proxy; do
  start "$name" "/usr/bin/swift-$name-server" "$LAB/etc/$name-server.conf" -v
done
"$PYTHON" "$HERE/await.py" "http://127.0.0.1:$KEYSTONE_PORT/v3" "http://127.0.0.1:$PROXY_PORT/healthcheck" \
  "http://127.0.0.1:$ACCOUNT_PORT/healthcheck" "http://127.0.0.1:$CONTAINER_PORT/healthcheck" \
  "http://127.0.0.1:$OBJECT_PORT/healthcheck" || { tail -n 5 "$LAB"/log/*.log >&2; exit 1; }
[ -e "$LAB/keystone/ready" ] || "$PYTHON" "$HERE/people.py" "$LAB"
touch "$LAB/keystone/ready"
