#!/usr/bin/env bash
# Takes away what an aborted torture run left behind: its processes, its container and its mounted disk. A run that is alive holds a
# lock on its disk's owner file, and the lock ends with it, however it ends: nobody else's run is touched.
set -euo pipefail

for folder in /dev/shm/afirgen-torture-* /tmp/afirgen-torture-*; do
  [ -d "$folder" ] || continue
  if [ -f "$folder/owner" ]; then
    flock --nonblock "$folder/owner" true || continue
  elif [ -z "$(find "$folder" -maxdepth 0 -mmin +10)" ]; then
    continue # nothing yet, or a folder that is just being made
  fi
  if command -v docker >/dev/null; then
    docker ps --all --quiet --filter "label=afirgen.disk=$folder" | xargs --no-run-if-empty docker rm --force --volumes >/dev/null || true
  fi
  # A service with a file open on that disk, or with the order to open some, is a child of the dead run.
  { find /proc/[0-9]*/fd -lname "$folder/*"; grep -lsaF "=$folder/" /proc/[0-9]*/environ; } 2>/dev/null |
    cut -d/ -f3 | sort -u | xargs --no-run-if-empty kill -KILL 2>/dev/null || true
  if mountpoint --quiet "$folder/disk"; then
    umount --lazy "$folder/disk"
  fi
  rm -rf "$folder"
  echo "torture: swept what an aborted run left in $folder" >&2
done
