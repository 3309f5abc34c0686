#!/usr/bin/env bash
# Makes this checkout ready to run: Node, the system tools named as arguments, npm packages, a build. Says nothing and
# takes a moment when there is nothing to do. Writes only into the checkout; system tools come from the package manager.
#   usage: bash scripts/setup.sh [redis-server] [ffmpeg] [promtool] [amtool] [chromium] [soffice]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

LOGS=.demo/logs
LOCK_STAMP=node_modules/.roadstream-lock
BUILD_STAMP=dist/.build-stamp

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

check_node() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    die 'Node.js and npm are missing. Install Node.js 20.19 or later (22.12 or later also works), then try again.'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' ||
    die "Node.js $(node --version) cannot run this. Install Node.js 20.19 or later (22.12 or later also works), then try again."
}

# Runs a command with its output in a log; when it fails, shows the end of it without the addresses of any mirror.
logged() {
  local log="$LOGS/$1.log"
  shift
  mkdir -p "$LOGS"
  # Without the lock (9): a service that an install starts would hold it for ever.
  "$@" >"$log" 2>&1 </dev/null 9>&- && return
  tail -n 40 "$log" | sed -E 's#(https?://)[^/ "]+#\1…#g' >&2
  return 1
}

missing_tools() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || printf '%s ' "$tool"; done
}

# An update may fail for one of many sources and the install still work, so only the install decides.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120)
  [ "$(id -u)" = 0 ] || apt=(sudo -n "${apt[@]}")
  "${apt[@]}" update -qq || true
  # promtool comes with Debian's prometheus, amtool with its Alertmanager, soffice with LibreOffice; every other tool is a package of its name.
  local packages=("${@/#promtool/prometheus}")
  packages=("${packages[@]/#amtool/prometheus-alertmanager}")
  "${apt[@]}" install -y --no-install-recommends "${packages[@]/#soffice/libreoffice-calc-nogui}"
}

brew_install() {
  local formulae=() tool
  for tool in "$@"; do
    case $tool in
      redis-server) formulae+=(redis) ;;
      promtool) formulae+=(prometheus) ;;
      amtool) formulae+=(alertmanager) ;;
      soffice) formulae+=(libreoffice) ;;
      *) formulae+=("$tool") ;;
    esac
  done
  HOMEBREW_NO_AUTO_UPDATE=1 brew install "${formulae[@]}"
}

may_use_apt() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

install_tools() {
  local missing
  missing=$(missing_tools "$@")
  [ -n "$missing" ] || return 0
  say "Installing ${missing}…"
  # shellcheck disable=SC2086 # a list of plain words
  if may_use_apt; then
    logged tools apt_install $missing || die "Installing failed (see above). Install yourself: $missing"
  elif command -v brew >/dev/null; then
    logged tools brew_install $missing || die "Installing failed (see above). Install yourself: $missing"
  else
    die "Missing: ${missing}- install with: sudo apt-get install $missing(Debian, Ubuntu), or: brew install redis ffmpeg (macOS)."
  fi
  missing=$(missing_tools "$@")
  [ -z "$missing" ] || die "Still missing after the install: $missing"
}

# A mirror that lacks the builds of an optional package for other platforms makes `npm ci` call the lock file out of
# step; `npm install` takes the same versions from it and goes on.
npm_install() {
  logged npm npm ci --no-progress --loglevel=error 2>/dev/null ||
    logged npm npm install --no-save --no-progress --loglevel=error
}

install_packages() {
  local hash
  hash=$(cksum <package-lock.json)
  [ -f "$LOCK_STAMP" ] && [ "$(cat "$LOCK_STAMP")" = "$hash" ] && return
  if ! node scripts/is-installed.mjs; then
    say 'Installing npm packages…'
    npm_install || die 'Installing the packages failed (see above). Is the package registry reachable?'
  fi
  printf '%s\n' "$hash" >"$LOCK_STAMP"
}

is_built() {
  [ -f "$BUILD_STAMP" ] || return 1
  local inputs=() path
  for path in src demo stack test bench eval scripts/build-dashboard.mjs package-lock.json tsconfig.json nest-cli.json; do
    [ ! -e "$path" ] || inputs+=("$path")
  done
  # A folder's own time tells of removed files too.
  [ -z "$(find "${inputs[@]}" -newer "$BUILD_STAMP" -print | head -n 1)" ]
}

# What tsc wrote for a source that is gone would still be run as a test.
prune_build() {
  local map source
  find dist -name '*.js.map' -not -path '*/node_modules/*' | while read -r map; do
    source=${map#dist/}
    source=${source%.js.map}.ts
    [ -e "$source" ] || rm -f "$map" "${map%.map}"
  done
}

build() {
  is_built && return
  say 'Building…'
  mkdir -p dist
  # Taken before the build, so that an edit during it counts as newer.
  touch "$BUILD_STAMP.new"
  logged build npm run --silent build || die 'The build failed (see above).'
  prune_build
  mv "$BUILD_STAMP.new" "$BUILD_STAMP"
}

# Two set-ups at once would pull node_modules from under each other. macOS has no flock: there, do not start two.
mkdir -p .demo
if command -v flock >/dev/null; then
  exec 9>.demo/setup.lock
  flock 9
fi
check_node
install_tools "$@"
install_packages
build
