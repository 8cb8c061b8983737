#!/usr/bin/env bash
# Measures how fast durable writes are, against what they cannot be faster than, and prints one table (docs/performance.md).
#   ./bench.sh [--only NAME]... [--rounds N] [--seconds S] [--requests N] [--quick] [--json FILE] [--no-micro]
# NAME: journal, durability, process, journeys, registration, reads, starts, memory, micro. What is built goes to artifacts/, which git ignores,
# all data to temporary folders.
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")"

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

micro=yes load=yes only= json=
quick=() arguments=()
while [ $# -gt 0 ]; do
  case "$1 ${2:-}" in "--only " | "--json ") echo "bench.sh: $1 needs a value" >&2; exit 64 ;; esac
  case "$1" in
    --no-micro) micro=no ;;
    --only)
      case "$2" in
        micro) only+=" micro" ;;
        *) only+=" $2"; arguments+=(--only "$2") ;;
      esac
      shift
      ;;
    --json)
      case "$2" in /*) json=$2 ;; *) json=$caller/$2 ;; esac
      arguments+=(--json "$json")
      shift
      ;;
    --quick) quick=(--quick); arguments+=(--quick) ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
[ -z "$json" ] || rm -f "$json" # what another run has left there is no part of this one
if [ -n "$only" ]; then
  case "$only " in *" micro "*) ;; *) micro=no ;; esac
  case "${arguments[*]:-}" in *--only*) ;; *) load=no ;; esac
fi

export UseAspire=false AFIRGEN_BENCH_RUN=$$
if [ $load = yes ]; then
  # Only the embedded scenarios can do without MySQL.
  case "$only" in " journal" | " starts" | " memory") ;; *) eng/install-docker.sh >&2; eng/mysql-image.sh >&2 ;; esac
fi
sweep() {
  local left
  left=$(docker ps --all --quiet --filter "label=afirgen.bench=$AFIRGEN_BENCH_RUN" 2>/dev/null || true)
  # shellcheck disable=SC2086 # one argument for each container
  [ -z "$left" ] || docker rm --force --volumes $left >/dev/null
}
trap sweep EXIT

status=0
if [ $load = yes ]; then
  dotnet build bench/AfirGen.Bench -c Release --verbosity quiet --nologo -p:RunAnalyzers=false >&2
  eng/publish.sh >&2 # the service that is measured is the one that the image holds
  export AFIRGEN_TEST_PROGRAM=$PWD/artifacts/publish/image/AfirGen.Api.dll
  dotnet artifacts/bin/AfirGen.Bench/release/AfirGen.Bench.dll "${arguments[@]}" || status=$?
fi
if [ $micro = yes ] && [ $status -ne 64 ]; then
  dotnet build bench/AfirGen.MicroBench -c Release --verbosity quiet --nologo -p:RunAnalyzers=false >&2
  dotnet artifacts/bin/AfirGen.MicroBench/release/AfirGen.MicroBench.dll "${quick[@]}" ${json:+--json "$json"} || status=$?
fi
exit $status
