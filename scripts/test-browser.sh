#!/usr/bin/env bash
# The page for people in a real browser, against the whole running service. Arguments go to jest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg chromium
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
export TESTS=all
exec npx --no-install jest --runInBand --testPathIgnorePatterns=/node_modules/ --testPathPatterns=/dist/test/browser/ "$@"
