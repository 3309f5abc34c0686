#!/usr/bin/env bash
# Makes a release of this commit: everything is tested, then packed. Tags and publishes nothing: its last lines say how.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

version=$(node -p 'require("./package.json").version')
[ -z "$(git status --porcelain)" ] || die 'There are changes that are not committed: commit them first.'
grep -Eq "^## $version \([0-9]{4}-[0-9]{2}-[0-9]{2}\)$" CHANGELOG.md ||
  die "CHANGELOG.md does not say when $version comes out: write \"## $version ($(date +%F))\" over its changes."
! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null ||
  die "v$version is released already: raise the version in package.json, and describe it in CHANGELOG.md."

.ci/run || die 'Not released: something failed (see above).'
file=$(bash scripts/pack.sh)
sha256sum "$file"
printf 'Packed. To release it: git tag -a v%s -m v%s, then push the tag and hand out %s with its sum.\n' "$version" "$version" "$file"
