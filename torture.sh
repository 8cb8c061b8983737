#!/usr/bin/env bash
# Tortures the service and checks that nothing which was acknowledged is lost, doubled or half there. Needs root on Linux, for power cuts.
#   ./torture.sh [--minutes N] [--seed S] [--stack embedded|mysql|both] [--faults LIST] [--clients N] [--requests N] [--program FILE]
#   ./torture.sh --mutations [NAME] [--seed S]     breaks the service on purpose: every mutation must be caught; prints the table
# LIST is separated by commas: kill, term, power-cut, crash-point, term-point, fsync-fails, slow-disk, clock-jump, disk-full, torn-log, hang-up,
# duplicate, mysql-kill, mysql-stop, mysql-pause, commit-cut. --requests is how many there are before a fault at most, --program a published
# AfirGen.Api to torture instead of the build of this folder. The history of every run stays in artifacts/torture.
set -euo pipefail
cd "$(dirname "$0")"

command="./torture.sh $*" stacks=embedded what=run
export AFIRGEN_TORTURE_MINUTES=10 AFIRGEN_TORTURE_OUTPUT=$PWD/artifacts/torture AFIRGEN_SEED=${AFIRGEN_SEED:-$RANDOM}
while [ $# -gt 0 ]; do
  case "$1" in
    --mutations) ;;
    *) [ $# -gt 1 ] || { echo "torture: $1 needs a value" >&2; exit 64; } ;;
  esac
  case "$1" in
    --minutes) AFIRGEN_TORTURE_MINUTES=$2; shift 2 ;;
    --seed) AFIRGEN_SEED=$2; shift 2 ;;
    --stack) stacks=$2; shift 2 ;;
    --faults) export AFIRGEN_TORTURE_FAULTS=$2; shift 2 ;;
    --clients) export AFIRGEN_TORTURE_CLIENTS=$2; shift 2 ;;
    --requests) export AFIRGEN_TORTURE_REQUESTS=$2; shift 2 ;;
    --program) export AFIRGEN_TEST_PROGRAM=$(realpath "$2"); shift 2 ;;
    --mutations)
      what=mutations stacks=mutations
      shift
      case "${1:-}" in "" | --*) ;; *) export AFIRGEN_TORTURE_MUTATION=$1; shift ;; esac
      ;;
    *) sed -n '2,7s/^# *//p' "$0" >&2; exit 64 ;;
  esac
done

[[ $AFIRGEN_TORTURE_MINUTES =~ ^[0-9.]+$ && $AFIRGEN_SEED =~ ^[0-9]+$ ]] || { echo "torture: --minutes and --seed are numbers" >&2; exit 64; }
[ "$(id -u)" -eq 0 ] || { echo "torture: needs root: it mounts a disk and cuts its power" >&2; exit 1; }
command -v dotnet >/dev/null || { echo "torture: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
declare -A methods=(
  [embedded]='*embedded_stack_for_as_long_as_asked'
  [mysql]='*MySQL_for_as_long_as_asked'
  [mutations]='*Every_mutation_is_caught'
)
[ "$stacks" != both ] || stacks="embedded mysql"
for stack in $stacks; do
  [ -n "${methods[$stack]:-}" ] || { echo "torture: --stack is embedded, mysql or both" >&2; exit 64; }
done

eng/torture-sweep.sh
eng/install-test-tools.sh
if [ "$stacks" != embedded ]; then
  eng/install-docker.sh
  eng/mysql-image.sh
fi
UseAspire=false dotnet build AfirGen.Tests --verbosity quiet --nologo
echo "$command (seed $AFIRGEN_SEED, commit $(git rev-parse --short HEAD 2>/dev/null || echo none), $(date -u +%F))"
status=0 runners=()
trap 'eng/torture-sweep.sh' EXIT
trap 'status=130; kill -TERM "${runners[@]}" 2>/dev/null || true' INT TERM # bash runs a trap only between commands: hence the wait
for stack in $stacks; do
  dotnet artifacts/bin/AfirGen.Tests/debug/AfirGen.Tests.dll -noLogo -noColor -explicit only -showLiveOutput -method "${methods[$stack]}" \
    > >(sed -u -e 's/^ *AfirGen\.Tests\.[^ ]* \[OUTPUT\] //' -e "s/^/$stack: /") &
  runners+=($!)
done
for runner in "${runners[@]}"; do
  wait "$runner" || status=$((status > 0 ? status : 1))
done
wait # aborted: until they are really gone; and for the last lines
if [ "$what" = mutations ]; then
  cat "$AFIRGEN_TORTURE_OUTPUT/mutations.md"
fi
exit $status
