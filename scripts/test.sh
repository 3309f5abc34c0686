#!/usr/bin/env bash
# Every test, or those whose path matches the arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
exec npx --no-install jest "$@"
