# Shared by up.sh and down.sh: where the lab is and which of its processes live.
LAB=${SWIFT_LAB_DIR:?set SWIFT_LAB_DIR to the folder of the lab}
# Debian's own Python, whatever else comes first in PATH.
PYTHON=/usr/bin/python3
unset PYTHONPATH PYTHONHOME || true
export LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

say() { echo "swift-lab: $*" >&2; }

# What a process of the lab has in its command line and no other process on this machine has.
mark_of() {
  if [ "$1" = keystone ]; then echo "$LAB/etc/keystone.wsgi"; else echo "$LAB/etc/$1-server.conf"; fi
}

# By its command line, so that neither a zombie nor a stranger with the same pid counts.
is_up() {
  [ -s "$LAB/pid/$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$LAB/pid/$1")/cmdline" | grep -qF "$(mark_of "$1")"
}
