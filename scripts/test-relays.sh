#!/usr/bin/env bash
# What carries jobs in and results out, against real protocol peers that break, fall silent and come back. Arguments go to jest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# kcat has a broker of Kafka in it.
bash scripts/setup.sh redis-server ffmpeg kcat
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
export TESTS=all
exec npx --no-install jest --testPathIgnorePatterns=/node_modules/ --testPathPatterns=/dist/test/relays/ "$@"
