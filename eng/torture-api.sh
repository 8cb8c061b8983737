#!/usr/bin/env bash
# Compiles the service ahead of time into artifacts/publish/torture and prints that folder: a torture run starts it hundreds of times,
# and most of a cold start is compiling. Prints nothing when it cannot be had here; the run then takes the ordinary build.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly folder=artifacts/publish/torture
rm -rf "$folder"
if UseAspire=false dotnet publish AfirGen.Api -c Release --os linux --no-self-contained --output "$folder" --verbosity quiet --nologo \
  -p:UseAppHost=false -p:PublishReadyToRun=true -p:SatelliteResourceLanguages=en >&2; then
  echo "$PWD/$folder"
fi
