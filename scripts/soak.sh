#!/usr/bin/env bash
# Everything at once for a while: jobs, dead cameras, killed workers, restarts of Redis and Swift. Linux only.
#   usage: bash scripts/soak.sh [--minutes 30] [--seed 7] [--json]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg
exec node dist/test/soak/main.js "$@"
