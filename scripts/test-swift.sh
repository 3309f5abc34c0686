#!/usr/bin/env bash
# The artifact store against a real OpenStack Swift and Keystone, started from the packages of Debian or Ubuntu in a folder of
# their own and ended afterwards. Arguments go to jest. Exit code 77: skipped, since this machine cannot have them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LAB=test/support/swift-lab

status=0
bash "$LAB/packages.sh" || status=$?
if [ "$status" = 77 ]; then
  echo 'SKIPPED: nothing was tested against Swift (see the line above). Run this on Debian or Ubuntu, as root or with sudo.' >&2
  exit 77
elif [ "$status" != 0 ]; then
  echo 'Installing Swift and Keystone failed (see above).' >&2
  exit 1
fi
bash scripts/setup.sh redis-server ffmpeg

SWIFT_LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/roadstream-swift-XXXXXX")
export SWIFT_LAB_DIR
trap 'bash "$LAB/down.sh" --wipe' EXIT
bash "$LAB/up.sh"
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
# One file after the other: they share one Swift, and some of them break it.
npx --no-install jest --runInBand --testPathIgnorePatterns=/node_modules/ --testMatch='**/dist/test/swift/**/*.spec.js' \
  --testTimeout=60000 "$@"
