#!/usr/bin/env bash
# Installs OpenStack Swift, Keystone and the `swift` client from the packages of Debian or Ubuntu. Starts no service.
# Exit code 77: this machine has no apt-get or no right to use it, so that there can be no lab.
set -euo pipefail
PACKAGES=(swift-proxy swift-account swift-container swift-object python3-keystone python3-keystonemiddleware
  uwsgi-core uwsgi-plugin-python3 python3-swiftclient)

say() { echo "swift-lab: $*" >&2; }

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  say 'there is no apt-get here, and Swift and Keystone come from packages of Debian or Ubuntu'
  exit 77
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    say "apt-get needs root or passwordless sudo to install ${missing[*]}"
    exit 77
  fi
  as_root=(sudo -n)
fi

# The packages' own services must not start: the lab runs its own, without systemd.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

log=$(mktemp)
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=500)
say "installing ${missing[*]} (about 190 packages the first time)"
# An update may fail for one of many sources and the install still work, so only the install decides.
"${apt[@]}" update -qq >"$log" 2>&1 || true
if ! "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
  tail -n 30 "$log" | sed -E 's#(https?://)[^/ "]+#\1…#g' >&2
  exit 1
fi
rm -f "$log"
