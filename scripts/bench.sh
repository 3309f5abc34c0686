#!/usr/bin/env bash
# Runs one of the benches: bash scripts/bench.sh <name> [options]. Nothing else should run on the machine meanwhile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=${1:?which bench: the name of a folder in bench/}
shift
tools=(redis-server ffmpeg)
[ "$name" != pages ] || tools+=(chromium)
[ "$name" != relay ] || tools+=(kcat)
bash scripts/setup.sh "${tools[@]}"
exec node "dist/bench/$name/main.js" "$@"
