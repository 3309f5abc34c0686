#!/usr/bin/env bash
# Makes a stand-in of node:22-bookworm-slim in a folder: Debian 12 by debootstrap without manuals, as the slim images are, a user
# `node`, and Node 22 from the npm package that holds it; where there is none for this machine, the Node that is installed.
#   usage: bash test/image/base.sh <folder>
set -euo pipefail
BASE=$1

node_for() {
  local arch packed
  arch=$(node -p 'process.arch')
  packed=$(cd "$WORK" && npm pack --silent "node-linux-$arch@22" 2>/dev/null) || return 1
  tar xzf "$WORK/$packed" -C "$WORK" && printf '%s\n' "$WORK/package/bin/node"
}

echo 'Making a stand-in of the base image…'
debootstrap --variant=minbase --include=ca-certificates bookworm "$BASE" >"$WORK/base.log" 2>&1 || {
  tail -n 20 "$WORK/base.log" | sed -E 's#(https?://)[^/ "]+#\1…#g' >&2
  exit 1
}
rm -rf "$BASE"/var/cache/apt/* "$BASE"/var/lib/apt/lists/* \
  "$BASE"/usr/share/{doc,man,info,locale}/*
printf 'path-exclude /usr/share/%s/*\n' doc man info locale >"$BASE/etc/dpkg/dpkg.cfg.d/slim"
# What this machine trusts and how it reaches packages, for builds behind a proxy; addresses with passwords stay out.
cp -L /etc/ssl/certs/ca-certificates.crt "$BASE/usr/local/share/host-ca.pem"
for path in /etc/apt/apt.conf.d/99*; do [ ! -f "$path" ] || grep -q '://[^/]*@' "$path" || cp "$path" "$BASE/etc/apt/apt.conf.d/"; done
mkdir -p "$BASE/usr/local/etc" "$BASE/usr/local/lib/node_modules" "$BASE/usr/local/bin"
echo 'cafile=/usr/local/share/host-ca.pem' >"$BASE/usr/local/etc/npmrc"
registry=$(npm config get registry)
case $registry in *@*) ;; *) echo "registry=$registry" >>"$BASE/usr/local/etc/npmrc" ;; esac

node=$(node_for) || node=$(command -v node)
cp -L "$node" "$BASE/usr/local/bin/node"
cp -RL "$(npm root --global)/npm" "$BASE/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$BASE/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$BASE/usr/local/bin/npx"
chroot "$BASE" groupadd --gid 1000 node
chroot "$BASE" useradd --uid 1000 --gid node --create-home --shell /bin/bash node
echo "The stand-in has Node $("$BASE/usr/local/bin/node" --version)."
