#!/usr/bin/env bash
# Everything that a deployment has, on this machine: Redis, a process that answers, two workers, a scheduler and relay,
# Prometheus with our alerts, Alertmanager; redis_exporter and Grafana where they are installed. Returns once all of it is up.
#   usage: npm run stack [-- --stub | --foreground | --roll]     npm run stop ends it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg promtool amtool
exec node dist/stack/main.js "$@"
