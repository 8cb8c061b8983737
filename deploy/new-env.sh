#!/usr/bin/env bash
# Writes .env with random secrets, readable by its owner only. Refuses to replace one.
set -euo pipefail
cd "$(dirname "$0")/.."

[ ! -e .env ] || { echo "new-env: .env exists; its secrets are in the data of the running deployment" >&2; exit 1; }
umask 077
# 32 letters and digits of the kernel's randomness.
secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
while IFS= read -r line; do
  case "$line" in
    *_PASSWORD= | *_KEY=) echo "$line$(secret)" ;;
    *) echo "$line" ;;
  esac
done <.env.example >.env
echo "Wrote .env with new secrets (mode 0600)"
