#!/usr/bin/env bash
# Sends sample jobs to the running stack and says whether each ended once: npm run check:load -- --duration 60 [--stub]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh
exec node dist/stack/load/main.js "$@"
