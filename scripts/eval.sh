#!/usr/bin/env bash
# Measures what the service finds against what is true: `eval.sh background|drawn|damage|sound|birds-eye [--json] [folder]…`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh ffmpeg
exec node "dist/eval/$1/main.js" "${@:2}"
