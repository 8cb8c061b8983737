#!/usr/bin/env bash
# Starts AfirGen on http://localhost:8000.
#   ./run.sh            the Aspire application when it can run here, else the embedded service
#   ./run.sh embedded   the embedded service: SQLite only, no container
#   ./run.sh mysql      MySQL in a container and the service beside it, without Aspire; installs what is missing
set -euo pipefail
cd "$(dirname "$0")"

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

container_runtime() {
  for runtime in docker podman; do
    if command -v "$runtime" >/dev/null && timeout 10 "$runtime" info >/dev/null 2>&1; then
      echo "$runtime"
      return
    fi
  done
}

service() {
  echo "Building the service, which takes a minute or two the first time"
  UseAspire=false dotnet build AfirGen.Api -c Release --verbosity quiet --nologo -clp:ErrorsOnly
  export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
  # exec: a signal reaches the service itself, so that it drains.
  exec dotnet artifacts/bin/AfirGen.Api/release/AfirGen.Api.dll
}

where="on ${ASPNETCORE_URLS:-http://localhost:8000}"
data=${AfirGen__DataFolder:-$PWD/data}

embedded() {
  echo "Embedded service $where: $1. Data in $data"
  service
}

# MySQL keeps its data in a volume and keeps running when the service stops.
mysql() {
  local port=${AFIRGEN_MYSQL_PORT:-13316} password_file=$data/mysql-root.password flags
  . eng/run-mysql.sh
  local name=$run_mysql
  eng/install-docker.sh
  eng/mysql-image.sh
  (umask 077 && mkdir -p "$data" && [ -s "$password_file" ] || head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$password_file")
  if docker container inspect "$name" >/dev/null 2>&1; then
    docker start "$name" >/dev/null
  else
    mapfile -t flags < <(sed -n 's/^ *- \(--[a-z-]*=[^ ]*\)$/\1/p' docker-compose.yaml)
    docker run -d --name "$name" --publish "127.0.0.1:$port:3306" --volume "$name:/var/lib/mysql" --stop-timeout 60 \
      --env MYSQL_ROOT_PASSWORD="$(cat "$password_file")" --env MYSQL_DATABASE=fir_db mysql:9.7 "${flags[@]}" >/dev/null
  fi
  ConnectionStrings__firdb=$(run_mysql_connection "$data")
  export ConnectionStrings__firdb
  echo "Service with MySQL $where: asked for. MySQL is the container $name on $(docker port "$name" 3306/tcp | head -n 1), its data the volume $name; the journal is in $data"
  service
}

case "${1:-}" in
  embedded) embedded "asked for" ;;
  mysql) mysql ;;
  "") ;;
  *) echo "usage: ./run.sh [embedded|mysql]" >&2; exit 64 ;;
esac

. eng/aspire.sh
runtime=$(container_runtime)
if [ "$UseAspire" != true ]; then
  embedded "$aspire_reason"
elif [ -z "$runtime" ]; then
  embedded "no container runtime answers"
else
  echo "Aspire application: $aspire_reason and $runtime answers"
  exec dotnet run --project AfirGen.AppHost
fi
