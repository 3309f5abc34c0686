#!/usr/bin/env bash
# Ends what `npm run demo` and `npm run stack` of this checkout started, and only that. Harmless when nothing runs.
#
# .demo/processes and .stack/processes have one line for each process: role, pid, and what tells it from a later process with
# the same pid (its start time). demo/processes.ts writes them; the leader comes first and ends the others in order.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

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

# A leader needs longer than the others: it ends them, and a worker of the stack may finish its jobs.
end() {
  local patience=50
  case $1 in
    demo) patience=300 ;;
    stack) patience=$(stack_patience) ;;
  esac
  is_ours "$2" "$3" || return 0
  kill -TERM "$2" 2>/dev/null || true
  gone "$2" "$3" "$patience" || kill -KILL "$2" 2>/dev/null || true
  ended=$((ended + 1))
}

# Tenths of a second: what its settings allow, as it wrote them down when it started.
stack_patience() { cat .stack/patience 2>/dev/null || echo 600; }

# What leads a list, and where its folder is.
end_list() {
  local name=$1 list=.$1/processes lines role pid start
  ended=0
  [ -f "$list" ] || return 0
  # Read first: the leader removes the list as it ends.
  lines=$(cat "$list")
  while read -r role pid start; do
    [ -z "$role" ] || end "$role" "$pid" "$start"
  done <<<"$lines"
  rm -f "$list"
  [ "$ended" = 0 ] || {
    echo "The $name has ended."
    any=1
  }
}

any=0
end_list demo
end_list stack
[ "$any" = 1 ] || echo 'Neither a demo nor a stack is running.'
