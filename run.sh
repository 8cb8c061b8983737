#!/usr/bin/env bash
# Starts AfirGen on http://localhost:8000.
#   ./run.sh            the Aspire application when it can run here, else the embedded service
#   ./run.sh embedded   the embedded service: SQLite only, no container
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

embedded() {
  echo "Embedded service on ${ASPNETCORE_URLS:-http://localhost:8000}: $1. Data in ${AfirGen__DataFolder:-$PWD/data}"
  UseAspire=false dotnet build AfirGen.Api -c Release --verbosity quiet --nologo
  export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
  # exec: a signal reaches the service itself, so that it drains.
  exec dotnet artifacts/bin/AfirGen.Api/release/AfirGen.Api.dll
}

case "${1:-}" in
  embedded) embedded "asked for" ;;
  "") ;;
  *) echo "usage: ./run.sh [embedded]" >&2; exit 64 ;;
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
