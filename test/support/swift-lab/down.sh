#!/usr/bin/env bash
# Ends exactly the processes that up.sh started in SWIFT_LAB_DIR; with --wipe also removes that folder.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

end() {
  is_up "$1" || return 0
  local pid
  pid=$(cat "$LAB/pid/$1")
  # A test may have stopped it; a stopped process does not hear SIGTERM.
  kill -CONT "$pid" 2>/dev/null
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 50); do is_up "$1" || return 0; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
}

for name in proxy object container account keystone; do end "$name"; rm -f "$LAB/pid/$name"; done
[ "${1:-}" != --wipe ] || rm -rf "$LAB"
exit 0
