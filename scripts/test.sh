#!/usr/bin/env bash
# The tests but the long ones, or all whose path matches the arguments. TESTS=long: the long ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for argument in "$@"; do
  [[ "$argument" == -* ]] || export TESTS="${TESTS:-all}"
done
# curl: the README's calls are tried as they stand. kcat: it has a broker of Kafka in it. openssl: it makes certificates.
tools=(redis-server ffmpeg curl kcat openssl)
# It watches whom the service talks to; elsewhere that test is skipped, and says so.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then tools+=(strace); fi
bash scripts/setup.sh "${tools[@]}"
export NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning'
exec npx --no-install jest "$@"
