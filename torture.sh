#!/usr/bin/env bash
# Tortures the service and checks that nothing which was acknowledged is lost, doubled or half there. Needs root on Linux, for power cuts.
#   ./torture.sh [--minutes N] [--seed S] [--stack embedded|mysql|both] [--faults LIST] [--clients N]
#   ./torture.sh --mutations [NAME] [--seed S]     breaks the service on purpose: every mutation must be caught; prints the table
# LIST is separated by commas: kill, term, power-cut, crash-point, term-point, fsync-fails, slow-disk, clock-jump, disk-full, torn-log, hang-up,
# duplicate, mysql-kill, mysql-stop, mysql-pause, commit-cut. The history of every run stays in artifacts/torture.
set -euo pipefail
cd "$(dirname "$0")"

stack=embedded what=run
export AFIRGEN_TORTURE_MINUTES=10 AFIRGEN_TORTURE_OUTPUT=$PWD/artifacts/torture
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) AFIRGEN_TORTURE_MINUTES=$2; shift 2 ;;
    --seed) export AFIRGEN_SEED=$2; shift 2 ;;
    --stack) stack=$2; shift 2 ;;
    --faults) export AFIRGEN_TORTURE_FAULTS=$2; shift 2 ;;
    --clients) export AFIRGEN_TORTURE_CLIENTS=$2; shift 2 ;;
    --mutations)
      what=mutations stack=both
      shift
      case "${1:-}" in "" | --*) ;; *) export AFIRGEN_TORTURE_MUTATION=$1; shift ;; esac
      ;;
    *) sed -n '2,6s/^# *//p' "$0" >&2; exit 64 ;;
  esac
done

[ "$(id -u)" -eq 0 ] || { echo "torture: needs root: it mounts a disk and cuts its power" >&2; exit 1; }
command -v dotnet >/dev/null || { echo "torture: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
methods=()
case "$stack" in embedded | both) methods+=(-method '*embedded_stack_for_as_long_as_asked') ;; esac
case "$stack" in mysql | both) methods+=(-method '*MySQL_for_as_long_as_asked') ;; esac
[ ${#methods[@]} -gt 0 ] || { echo "torture: --stack is embedded, mysql or both" >&2; exit 64; }
[ "$what" = run ] || methods=(-method '*Every_mutation_is_caught')

eng/torture-sweep.sh
eng/install-test-tools.sh
if [ "$stack" != embedded ]; then
  eng/install-docker.sh
  eng/mysql-image.sh
fi
UseAspire=false dotnet build AfirGen.Tests --verbosity quiet --nologo
AFIRGEN_TORTURE_API=$(eng/torture-api.sh)
export AFIRGEN_TORTURE_API
status=0 runner=
trap 'eng/torture-sweep.sh' EXIT
trap 'status=130; kill -TERM "$runner" 2>/dev/null || true' INT TERM # bash runs a trap only between commands: hence the wait
dotnet artifacts/bin/AfirGen.Tests/debug/AfirGen.Tests.dll -noLogo -noColor -explicit only -showLiveOutput "${methods[@]}" \
  > >(sed -u 's/^ *AfirGen\.Tests\.[^ ]* \[OUTPUT\] //') &
runner=$!
wait "$runner" || status=$((status > 0 ? status : 1))
wait # aborted: until it is really gone; and for the last lines
if [ "$what" = mutations ]; then
  cat "$AFIRGEN_TORTURE_OUTPUT/mutations.md"
fi
exit $status
