#!/usr/bin/env bash
# Builds the image without a Docker engine and runs it as it will be run: not as root, on a read-only file system, with tini as
# process 1. The base image is a stand-in (test/image/base.sh), since this must work without a registry of images.
# KEEP=1 keeps what was built, for a look. Exit code 77: skipped, since this machine cannot build images.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skip() {
  echo "SKIPPED: the image was neither built nor run: $*" >&2
  exit 77
}
[ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null || skip 'this needs Debian or Ubuntu.'
[ "$(id -u)" = 0 ] || skip 'this needs root, for chroot.'
unshare --mount --pid --fork true 2>/dev/null || skip 'this machine allows no namespaces of its own.'
missing=()
for tool in redis-server buildah debootstrap curl; do command -v "$tool" >/dev/null || missing+=("$tool"); done
# Only tools, no npm packages and no build: the image has its own.
if [ "${#missing[@]}" != 0 ]; then
  echo "Installing ${missing[*]}…"
  apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    skip "${missing[*]} cannot be installed."
fi

WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/roadstream-image-XXXXXX")
export WORK
# An own store, so that images of this machine are neither used nor changed.
builder() { buildah --root "$WORK/store" --runroot "$WORK/run" --storage-driver "${STORAGE_DRIVER:-overlay}" "$@"; }
end() {
  [ ! -f "$WORK/redis.pid" ] || kill "$(cat "$WORK/redis.pid")" 2>/dev/null || true
  if [ "${KEEP:-}" = 1 ]; then
    echo "Kept: $WORK"
    return
  fi
  builder rm --all >/dev/null 2>&1 || true
  umount "$WORK/store/overlay" 2>/dev/null || true
  rm -rf --one-file-system "$WORK"
}
trap end EXIT

# The name that the Dockerfile asks for, fully written: no registry is asked.
BASE=docker.io/library/$(sed -n 's/^FROM \([^ ]*\)$/\1/p' Dockerfile)
bash test/image/base.sh "$WORK/base"
container=$(builder from scratch)
builder copy --quiet "$container" "$WORK/base" / >/dev/null
builder config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
builder commit --quiet --rm "$container" "$BASE" >/dev/null
base_mb=$(du -sm "$WORK/base" | cut -f1)
rm -rf "$WORK/base"

echo 'Building the image…'
# The format of Docker keeps HEALTHCHECK, which that of OCI has no place for.
builder build --isolation=chroot --format=docker --pull-never --network=host --tag roadstream . >"$WORK/build.log" 2>&1 || {
  tail -n 40 "$WORK/build.log" | sed -E 's#(https?://)[^/ "]+#\1…#g' >&2
  exit 1
}
grep 'taken out of' "$WORK/build.log" || true
container=$(builder from --pull-never roadstream)
builder inspect --type image roadstream >"$WORK/image.json"
ROOT=$(builder mount "$container")
export ROOT
size_mb=$(du -sm "$ROOT" | cut -f1)
echo "The image has $size_mb MB, of which the stand-in of its base has $base_mb MB."
bash test/image/checks.sh "$size_mb"
