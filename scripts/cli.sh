#!/usr/bin/env bash
# The command line of the service: doctor, enqueue, jobs, workers, queue, dlq, token, serve. Reads .env as `npm start` does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh
exec node dist/src/cli/main.js "$@"
