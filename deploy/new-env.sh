#!/usr/bin/env bash
# Writes .env with random secrets, readable by its owner only, and backup.key, readable only by the uid that the service runs as. Neither is
# ever replaced.
#   deploy/new-env.sh            for a new deployment
#   deploy/new-env.sh --missing  after an upgrade: adds what the new version wants and this deployment lacks, and changes nothing else
set -euo pipefail
cd "$(dirname "$0")/.."

readonly uid=1654 # of the service in its container
readonly image=${AFIRGEN_IMAGE:-afirgen-fir_pipeline:latest}
umask 077

fail() {
  echo "new-env: $1" >&2
  exit 1
}

# 32 or 64 hexadecimal digits of the kernel's randomness.
secret() { od -An -N"${1:-16}" -tx1 /dev/urandom | tr -d ' \n'; }

filled() {
  case "$1" in
    *_PASSWORD= | *_KEY=) echo "$1$(secret)" ;;
    *) echo "$1" ;;
  esac
}

# Complete before it has its name, so that a failure leaves none that the service could not read.
backup_key() {
  [ ! -e backup.key ] || return 0
  secret 32 >backup.key.new
  chmod 0400 backup.key.new
  # Who is not root and may use Docker has the image do it.
  chown "$uid:$uid" backup.key.new 2>/dev/null ||
    docker run --rm --network none --user 0 --entrypoint chown --volume "$PWD:/here" "$image" "$uid:$uid" /here/backup.key.new 2>/dev/null ||
    { rm -f backup.key.new; fail "backup.key must belong to uid $uid: run this as root"; }
  mv backup.key.new backup.key
  echo "Wrote backup.key (mode 0400, uid $uid): keep a copy off this machine, no backup opens without it"
}

missing() {
  local line added=0
  while IFS= read -r line; do
    [[ $line == [A-Z]*=* ]] || continue
    grep -q "^${line%%=*}=" .env && continue
    filled "$line" >>.env
    echo "Added ${line%%=*} to .env"
    added=$((added + 1))
  done <.env.example
  [ "$added" -gt 0 ] || echo "Nothing is missing in .env"
}

case "${1:-}" in
  "")
    [ ! -e .env ] || fail ".env exists; its secrets are in the data of the running deployment. --missing adds what a new version wants"
    backup_key
    while IFS= read -r line; do filled "$line"; done <.env.example >.env
    echo "Wrote .env with new secrets (mode 0600)"
    ;;
  --missing)
    [ -e .env ] || fail "there is no .env to add to: without --missing a new one is written"
    missing
    backup_key
    ;;
  *)
    echo "usage: deploy/new-env.sh [--missing]" >&2
    exit 64
    ;;
esac
