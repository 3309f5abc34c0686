#!/usr/bin/env bash
# The command line of the service: doctor, enqueue, dlq, serve. Reads .env as `npm start` does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh
if [ -f .env ]; then
  exec node --env-file=.env dist/src/cli/main.js "$@"
fi
exec node dist/src/cli/main.js "$@"
