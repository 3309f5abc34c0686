#!/usr/bin/env bash
# Packs what runs, without tests and tools, into release/roadstream-<version>.tar.gz; prints its path. Where it is unpacked,
# `npm ci --omit=dev && node scripts/lean-modules.mjs` makes it ready and `node dist/src/main.js` starts it. The same commit packs to the same bytes (GNU tar).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh

name=roadstream-$(node -p 'require("./package.json").version')
files=(package.json package-lock.json .npmrc .env.example cameras.example.json LICENSE README.md README.ko.md CHANGELOG.md
  SECURITY.md docs stubs scripts/lean-modules.mjs models/road-damage.onnx models/MODEL_CARD.md dist/src)
mkdir -p release
tar --create --gzip --file "release/$name.tar.gz" --transform "s,^,$name/," \
  --exclude '*.spec.*' --exclude '*.map' --sort=name --owner=0 --group=0 --numeric-owner \
  --mtime="@$(git log -1 --format=%ct 2>/dev/null || echo 0)" "${files[@]}"
printf '%s\n' "release/$name.tar.gz"
