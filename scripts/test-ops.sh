#!/usr/bin/env bash
# The whole stack as `npm run stack` starts it: a load, a rolling restart under load, its end. Arguments go to jest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg promtool amtool
# It checks ops/compose.yaml without an engine. Not every system has it: that test is skipped then.
bash scripts/setup.sh docker-compose || echo 'SKIPPED: nothing checks ops/compose.yaml, since docker-compose cannot be installed here (see above).' >&2
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
export TESTS=all
exec npx --no-install jest --runInBand --testPathIgnorePatterns=/node_modules/ --testPathPatterns=/dist/test/stack/ "$@"
