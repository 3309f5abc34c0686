#!/usr/bin/env bash
# The main job from end to end, on a sample road of our own. `--once` ends it when the artifacts are there;
# `--pictures docs/images` makes the picture that the README shows; scripts/screenshots.sh those of the page.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh redis-server ffmpeg
exec node dist/demo/main.js "$@"
