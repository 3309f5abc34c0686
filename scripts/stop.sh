#!/usr/bin/env bash
# Ends what `npm run demo` of this checkout started, and only that. Harmless when nothing runs.
#
# .demo/processes has one line for each process: role, pid, and what tells it from a later process with the same pid
# (its start time). demo/processes.ts writes it; the demo itself comes first and ends the others in order.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LIST=.demo/processes

# The start time: in clock ticks since the boot where there is /proc, else as ps tells it.
start_of() {
  local stat
  if [ -d /proc/self ]; then
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # shellcheck disable=SC2086 # fields; the name in brackets may hold blanks, so count behind it
    set -- ${stat##*) }
    [ "$1" = Z ] || printf '%s' "${20}"
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_' || true
  fi
}

is_ours() { [ -n "$2" ] && [ "$(start_of "$1")" = "$2" ]; }

# Waits up to $3 tenths of a second for the process to be gone.
gone() {
  local left=$3
  while is_ours "$1" "$2"; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 0.1
  done
}

# The demo needs longer than the others: it ends them one after the other.
end() {
  local patience=50
  [ "$1" != demo ] || patience=300
  is_ours "$2" "$3" || return 0
  kill -TERM "$2" 2>/dev/null || true
  gone "$2" "$3" "$patience" || kill -KILL "$2" 2>/dev/null || true
  ended=$((ended + 1))
}

ended=0
if [ -f "$LIST" ]; then
  # Read first: the demo removes the list as it ends.
  lines=$(cat "$LIST")
  while read -r role pid start; do
    [ -z "$role" ] || end "$role" "$pid" "$start"
  done <<<"$lines"
  rm -f "$LIST"
fi
if [ "$ended" -gt 0 ]; then echo 'The demo has ended.'; else echo 'No demo is running.'; fi
