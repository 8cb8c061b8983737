#!/usr/bin/env bash
# Waits until the deployment is as wanted, and fails when it is not in time.
#   deploy/wait.sh STATE [SECONDS]   180 s; STATE is one of
#     healthy    /health says so: ready, and the registry answers
#     degraded   it serves, and /health names a reason
#     serving    either of them
#     mysql      MySQL's container takes connections
# AFIRGEN_URL: where the service listens, http://localhost:8000.
set -euo pipefail

readonly state=${1:-} seconds=${2:-180}
found='no answer'

health() {
  found=$(curl --silent --max-time 5 "${AFIRGEN_URL:-http://localhost:8000}/health") || found='no answer'
  [[ $found == *"$1"* ]]
}

mysql_answers() {
  # Over TCP, where the server that runs the first start's scripts does not listen. It needs no account: a refusal is an answer too.
  found=$(docker-compose exec -T mysql mysqladmin ping --silent --host=127.0.0.1 2>&1 </dev/null)
}

case "$state" in
  healthy | degraded) look=(health "\"status\":\"$state\"") ;;
  serving) look=(health '"ready":true') ;;
  mysql) look=(mysql_answers) ;;
  *) sed -n '2,8p' "$0" >&2; exit 64 ;;
esac

for ((second = 0; second < seconds; second++)); do
  if "${look[@]}"; then
    echo "$state $(sed -n 's/.*"reasons":\(\[.*\]\),"registry".*/\1/p' <<<"$found")"
    exit 0
  fi
  sleep 1
done
echo "wait: not $state within $seconds s: $found" >&2
exit 1
