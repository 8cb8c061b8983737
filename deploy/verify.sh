#!/usr/bin/env bash
# Proves the deployment: brings docker-compose.yaml up from nothing, runs the documented commands as they are written and compares what
# they print with what is promised. Ends at the first mismatch with one line and a status other than 0.
#   deploy/verify.sh [--keep] [--no-build] [--port PORT]
#     --keep      leaves the deployment running
#     --no-build  takes the images that are there
#     --port      publishes on this port where 8000 is taken; the commands stay as they are, curl is redirected
set -euo pipefail
cd "$(dirname "$0")/.."

keep=false build=true port=8000
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) keep=true ;;
    --no-build) build=false ;;
    --port) port=${2:?--port needs a number} && shift ;;
    *) echo "usage: deploy/verify.sh [--keep] [--no-build] [--port PORT]" >&2; exit 64 ;;
  esac
  shift
done

export COMPOSE_PROJECT_NAME=afirgen-verify
set -a
# shellcheck source=deploy/verify.env
. deploy/verify.env
set +a
export AFIRGEN_PUBLISH=127.0.0.1:$port
scratch=$(mktemp -d)
echo "connect-to = \"localhost:8000:127.0.0.1:$port\"" >"$scratch/.curlrc"
export CURL_HOME=$scratch
export AFIRGEN_BACKUP_KEY_FILE=$scratch/backup.key

brought_up=false
finish() {
  local status=$?
  if $brought_up && ! $keep; then
    echo "Removing the deployment and its volumes"
    docker-compose down --volumes --timeout 60 >/dev/null 2>&1
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap finish EXIT

fail() {
  echo "verify: FAILED: $1" >&2
  exit 1
}

# Runs a command as it is documented; its output is in $output.
documented() {
  printf '\n$ %s\n' "$1"
  output=$(bash -c "$1" 2>"$scratch/stderr") || { cat "$scratch/stderr" >&2; fail "the command ended with an error"; }
  printf '%s\n' "$output"
}

wanted() {
  [ "$1" = "$2" ] || fail "$3: wanted $(tr '\n' ' ' <<<"$1"), found $(tr '\n' ' ' <<<"$2")"
  echo "OK: $3"
}

contains() {
  grep -qF -- "$1" <<<"$2" || fail "$3: \"$1\" is not in the answer"
  echo "OK: $3"
}

wait_healthy() {
  local service container second
  for service; do
    container=afirgen-$service
    for ((second = 0; second < 180; second++)); do
      [ "$(docker inspect --format '{{.State.Health.Status}}' "$container" 2>/dev/null)" = healthy ] && continue 2
      sleep 1
    done
    docker logs --tail 5 "$container" >&2 || true
    fail "$container was not healthy within 180 s"
  done
}

# The second row of what mysql prints, columns separated by one space.
row() { sed -n 2p <<<"$1" | tr '\t' ' '; }
fir_number() { grep -o '"fir_number":"[^"]*"' <<<"$1" | head -n 1 | cut -d'"' -f4; }
in_mysql() {
  docker exec afirgen-mysql mysql -u root -ppassword --skip-column-names -e "SELECT COUNT(*) FROM fir_db.fir_records WHERE fir_number = '$1'" 2>/dev/null || echo none
}

create='curl -X POST http://localhost:8000/process -F "text=Test"'
list='curl http://localhost:8000/list_firs'

for tool in curl jq openssl; do
  command -v "$tool" >/dev/null || fail "needs $tool"
done
eng/install-docker.sh
if $build; then
  eng/mysql-image.sh
  eng/api-image.sh
fi

for container in afirgen-mysql afirgen-fir_pipeline; do
  project=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.project"}}' "$container" 2>/dev/null || true)
  [ -z "$project" ] || [ "$project" = "$COMPOSE_PROJECT_NAME" ] || fail "$container belongs to the deployment \"$project\" on this machine"
done
docker-compose down --volumes --timeout 60 >/dev/null 2>&1
brought_up=true
(umask 077 && openssl rand -hex 32 >"$AFIRGEN_BACKUP_KEY_FILE" && chmod 0400 "$AFIRGEN_BACKUP_KEY_FILE")
chown 1654:1654 "$AFIRGEN_BACKUP_KEY_FILE" || fail "needs root, to give the backup key to the uid that the service runs as"
echo "Bringing the deployment up from nothing"
docker-compose up -d >"$scratch/up" 2>&1 || { cat "$scratch/up" >&2; fail "docker-compose up. Is port $port taken? Then --port"; }
wait_healthy mysql fir_pipeline

# Check MySQL settings. Since 8.0.30 MySQL prints ON for innodb_doublewrite=1.
documented 'docker exec afirgen-mysql mysql -u root -ppassword -e "
  SELECT @@innodb_flush_log_at_trx_commit,
         @@sync_binlog,
         @@innodb_doublewrite;
"'
wanted "1 1 1" "$(row "$output" | sed 's/ON$/1/')" "MySQL is durable"

# Check SQLite mode.
documented 'docker exec afirgen-fir_pipeline sqlite3 /app/sessions.db "
  PRAGMA journal_mode;
  PRAGMA synchronous;
"'
wanted $'wal\n2' "$output" "the journal is durable"

# Check transaction mode.
documented 'docker exec afirgen-mysql mysql -u root -ppassword -e "SELECT @@autocommit;"'
wanted 0 "$(row "$output")" "autocommit is off"

# Test 1: normal restart.
documented "$create"
first=$(fir_number "$output")
[ -n "$first" ] || fail "no fir_number in the answer"
documented 'docker-compose restart fir_pipeline'
wait_healthy fir_pipeline
documented "$list"
contains "$first" "$output" "a complaint survives a restart"

# Monitor shutdown.
documented 'docker-compose logs fir_pipeline | grep -i flush'
rest=$output
for line in "Session database flushed to disk" "✅ Session data flushed" "Database tables flushed to disk" "✅ MySQL data flushed" \
  "✅ All data successfully persisted to disk"; do
  [[ $rest == *"$line"* ]] || fail "the log of the stop lacks \"$line\", or has it too early"
  rest=${rest#*"$line"}
done
echo "OK: the stop flushed everything, in order"

# Test 2: crash recovery.
documented "$create"
second=$(fir_number "$output")
documented 'docker-compose kill fir_pipeline'
documented 'docker-compose start fir_pipeline'
wait_healthy fir_pipeline
documented "$list"
contains "$first" "$output" "the first complaint is still there"
contains "$second" "$output" "a complaint survives a kill"

# Beyond the documented commands: the system of record is MySQL, and the service drafts without it.
for number in "$first" "$second"; do
  wanted 1 "$(in_mysql "$number")" "$number is in MySQL"
done
registration=$(deploy/made-up-fir.sh)
contains '"registration_number":"PS/' "$registration" "the accounts suffice to register a FIR"

# What the doctor finds, from inside the container. Whether something sets this machine's clock is not the deployment's doing.
doctor_finds() { jq -r '[.lines[] | select((.level == "wrong" or .level == "unknown") and .check != "clock") | .check] | unique | join(" ")' <<<"$1"; }

# The receipt, checked offline with the commands of docs/ledger.md; then one byte of it altered.
export KEY=$AFIRGEN_API_KEY FIR
FIR=$(fir_number "$registration")
receipt_check=$(sed -n '/^```sh$/,/^```$/{/^```/!p}' docs/ledger.md)
documented "cd '$scratch' && $receipt_check"
contains "Verified OK" "$output" "the receipt is checked offline"
sed -i 's/^ledger_position:.*/ledger_position:99/' "$scratch/receipt.txt"
if (cd "$scratch" && tail -n 1 <<<"$receipt_check" | bash) >/dev/null 2>&1; then fail "openssl accepts an altered receipt"; fi
echo "OK: an altered receipt is refused"

# The service backs itself up, and what it keeps has been restored for trial, in MySQL too, with an account that can do no more.
verified=
for ((second = 0; second < 120; second++)); do
  verified=$(docker exec afirgen-fir_pipeline sh -c 'cat /backups/afirgen-*/verified.json' 2>/dev/null) && break
  sleep 1
done
contains "sqlite and mysql" "$verified" "a backup was made by itself and restored for trial"
documented 'docker exec afirgen-fir_pipeline dotnet AfirGen.Api.dll verify --all'
contains "restores: taken" "$output" "every stored backup restores"
wanted "400 1654" "$(docker exec afirgen-fir_pipeline stat -c '%a %u' /run/secrets/backup-key)" "only the service's account reads the backup key"
wanted "" "$(doctor_finds "$(./doctor.sh --json)")" "the doctor finds nothing wrong"
documented 'docker-compose kill mysql'
documented "$create"
third=$(fir_number "$output")
[ -n "$third" ] || fail "no complaint was taken without MySQL"
documented 'docker-compose start mysql'
wait_healthy mysql
for ((second = 0; second < 60; second++)); do
  [ "$(in_mysql "$third")" = 1 ] && break
  sleep 1
done
wanted 1 "$(in_mysql "$third")" "$third, taken while MySQL was killed, was delivered to it"

docker-compose stop fir_pipeline >/dev/null 2>&1
wanted service "$(doctor_finds "$(./doctor.sh --json)")" "the doctor looks at what a stopped service has left"
docker-compose stop >/dev/null 2>&1
for container in afirgen-fir_pipeline afirgen-mysql; do
  wanted 0 "$(docker inspect --format '{{.State.ExitCode}}' "$container")" "$container stopped cleanly"
done
if $keep; then
  docker-compose start >/dev/null 2>&1
  printf '\nStill running: docker-compose --project-name %s down --volumes removes it\n' "$COMPOSE_PROJECT_NAME"
fi
printf '\nverify: everything as promised\n'
