#!/usr/bin/env bash
# Looks at the deployment of docker-compose.yaml if its container is on this machine, else at the service that ./run.sh starts, running or not,
# and says line by line what is right, what is wrong and what mends it (docs/doctor.md). Arguments go to `AfirGen.Api doctor`, for example
#   ./doctor.sh --prometheus http://localhost:9090 --json
# Ends with 0 when all is right, 1 when something is wrong, 2 when something could not be looked at.
set -euo pipefail
cd "$(dirname "$0")"

name=${AFIRGEN_NAME:-$(sed -n 's/^AFIRGEN_NAME=//p' .env 2>/dev/null || true)} # as docker-compose finds it
container=${AFIRGEN_CONTAINER:-${name:-afirgen}-fir_pipeline}
look=
# shellcheck disable=SC2317 # called by the trap
sweep() { [ -z "$look" ] || docker rm --force "$look" >/dev/null; }
trap sweep EXIT
inspect() { docker container inspect --format "$1" "$container"; }

if inspected=$(docker container inspect "$container" 2>/dev/null); then
  # What only Docker knows goes in by the input. Nobody can look from inside one that is paused, or waits for its next start in a crash loop;
  # .State.Running is true of both.
  if [ "$(inspect '{{.State.Status}}')" = running ]; then
    docker exec --interactive "$container" dotnet AfirGen.Api.dll doctor --container - "$@" <<<"$inspected"
    exit
  fi
  echo "$container does not run: another container looks at what it has left" >&2
  mapfile -t networks < <(inspect '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' | grep .)
  look=$(docker create --interactive --read-only --tmpfs /tmp --cap-drop ALL --network "${networks[0]}" --volumes-from "$container" \
    --env-file <(inspect '{{range .Config.Env}}{{println .}}{{end}}' | grep .) "$(inspect '{{.Image}}')" doctor --container - "$@")
  for network in "${networks[@]:1}"; do
    docker network connect "$network" "$look"
  done
  docker start --attach --interactive "$look" <<<"$inspected"
  exit
fi

[ -e eng/run-mysql.sh ] || { echo "There is no container $container: docker-compose up -d" >&2; exit 2; }
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 2; }
. eng/run-mysql.sh
if [ -z "${ConnectionStrings__firdb:-}" ] && connection=$(run_mysql_connection "${AfirGen__DataFolder:-$PWD/data}"); then
  export ConnectionStrings__firdb=$connection
fi
program=artifacts/bin/AfirGen.Api/release/AfirGen.Api.dll
[ -e "$program" ] || UseAspire=false dotnet build AfirGen.Api -c Release --verbosity quiet --nologo -clp:ErrorsOnly >&2 || exit 2
dotnet "$program" doctor "$@"
