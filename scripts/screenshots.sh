#!/usr/bin/env bash
# The two pictures of the page that the README shows, taken in Chromium from the demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg chromium
exec node dist/demo/main.js --once --screenshots docs/images
