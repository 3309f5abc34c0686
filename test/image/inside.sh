#!/usr/bin/env bash
# Runs a command in the built image as a container runtime would: own processes (the command is process 1), the file system
# read-only but for /tmp and the volumes, the image's user, the network of this machine. Only those variables that are given.
#   usage: ROOT=… DATA=… unshare --mount --pid --fork --kill-child bash test/image/inside.sh [NAME=value…] command…
set -euo pipefail
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t tmpfs tmpfs "$ROOT/tmp"
for volume in artifacts segments; do mount --bind "$DATA/$volume" "$ROOT/data/$volume"; done
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
# By an own folder first: `chroot` changes into /.
exec chroot --userspec=1000:1000 "$ROOT" /usr/bin/env --ignore-environment --chdir=/app "$@"
