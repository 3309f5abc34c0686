#!/usr/bin/env bash
# The service alone, configured by .env (variables that are already set win).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh ffmpeg
[ -f .env ] ||
  echo 'No .env here, so defaults are used (Redis at localhost:6379). To change them: cp .env.example .env' >&2
exec node dist/src/main.js "$@"
