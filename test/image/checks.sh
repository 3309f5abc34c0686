#!/usr/bin/env bash
# What the built image promises (docs/image.md), one line for each; scripts/test-image.sh calls it. The first argument is its size in MB.
set -euo pipefail
SIZE_MB=$1
# What was found is 655; more is a step back.
MOST_MB=700
failed=0
export DATA=$WORK/data
mkdir -p "$DATA/artifacts" "$DATA/segments"
chown 1000:1000 "$DATA"/*

check() {
  local name=$1
  shift
  if "$@" >"$WORK/check.log" 2>&1; then echo "ok    $name"; else
    echo "FAIL  $name"
    tail -n 15 "$WORK/check.log"
    failed=$((failed + 1))
  fi
}
of_image() { node -p "const c = JSON.parse(require('fs').readFileSync('$WORK/image.json')).Docker.config; $1"; }
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

REDIS_PORT=$(free_port)
PORT=$(free_port)
redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --save '' --maxmemory-policy noeviction --daemonize yes --dir "$WORK" --pidfile "$WORK/redis.pid" >/dev/null
mapfile -t IMAGE_ENV < <(of_image 'c.Env.join("\n")')
mapfile -t ENTRYPOINT < <(of_image 'c.Entrypoint.join("\n")')
mapfile -t COMMAND < <(of_image 'c.Cmd.join("\n")')
mapfile -t HEALTH < <(of_image 'c.Healthcheck.Test.slice(1).join("\n")')
SETTINGS=("${IMAGE_ENV[@]}" "REDIS_URL=redis://127.0.0.1:$REDIS_PORT" "PORT=$PORT" CAPTURE_SOFT_FAIL=false)
inside() { unshare --mount --pid --fork --kill-child bash test/image/inside.sh "${SETTINGS[@]}" "$@"; }

# Polls for what was started to get there; the bound is for a machine that is busy.
await() {
  for _ in $(seq 240); do
    "$@" && return
    sleep 0.5
  done
  return 1
}
is_live() { curl --silent --fail --output /dev/null "http://127.0.0.1:$PORT/health/live"; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }
cannot_write() { ! inside touch "$1"; }
other_platforms() { find "$ROOT/app/node_modules" -path '*/onnxruntime-node/bin/*' \( -name '*.dll' -o -name '*.dylib' \); }
no_other_platforms() { [ -z "$(other_platforms)" ] && [ ! -e "$ROOT/app/node_modules/typescript" ]; }
lists_packages() {
  node -e 'const { components: all } = JSON.parse(require("fs").readFileSync(process.argv[1]));
    for (const name of ["ioredis", "sharp", "pkgcloud"]) if (!all.some((c) => c.name === name)) throw new Error(name);
    if (all.some((c) => c.name === "jest")) throw new Error("tools of development");' "$ROOT/app/sbom.json"
}
# A shell that ends before its child leaves an orphan to process 1.
ORPHAN='require("child_process").spawnSync("sh", ["-c", "sleep 0.1 &"]); const fs = require("fs");
  const dead = () => fs.readdirSync("/proc").some((p) => /^\d+$/.test(p) && / Z /.test(fs.readFileSync(`/proc/${p}/stat`)));
  setTimeout(() => process.exit(dead() ? 1 : 0), 1500);'
leaves_none() { inside "${ENTRYPOINT[@]}" node -e "$ORPHAN"; }
would_leave_one() { ! inside node -e "$ORPHAN"; }
links_all() { ! inside ldd /usr/bin/ffmpeg | grep 'not found'; }

check "is smaller than $MOST_MB MB ($SIZE_MB MB)" [ "$SIZE_MB" -lt "$MOST_MB" ]
check 'runs as the user node' [ "$(of_image c.User)" = node ]
check 'has no library of another platform and no compiler' no_other_platforms
check 'lists its npm packages in /app/sbom.json' lists_packages
check 'has an ffmpeg that finds every library' links_all
check 'cannot write to /app' cannot_write /app/x
check 'can write to /tmp' inside touch /tmp/x
check 'can write to its volumes' inside touch /data/artifacts/.try /data/segments/.try
check 'leaves no dead process behind, by tini' leaves_none
check 'would leave one without tini' would_leave_one
check 'the doctor finds nothing wrong' inside "${ENTRYPOINT[@]}" node dist/src/cli/main.js doctor
cat "$WORK/check.log"
inside "${ENTRYPOINT[@]}" "${COMMAND[@]}" >"$WORK/service.log" 2>&1 &
service=$!
check 'answers /health/live' await is_live
check 'its HEALTHCHECK passes' inside "${HEALTH[@]}"
# The child of unshare is process 1 of the image: tini.
pkill -TERM --parent "$(pgrep --parent "$service" unshare || echo "$service")" || true
check 'ends when it is told to' await is_gone "$service"
status=0
wait "$service" || status=$?
check "ends with 0 ($status)" [ "$status" = 0 ]
check 'its HEALTHCHECK fails when it is gone' eval '! inside "${HEALTH[@]}"'
[ "$failed" = 0 ] || tail -n 20 "$WORK/service.log"
[ "$failed" = 0 ]
