#!/usr/bin/env bash
# Publishes the API with this machine's SDK into artifacts/publish/image, from where the Dockerfile takes it, and ./test.sh. Compiled ahead:
# a start takes a third less processor time.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v dotnet >/dev/null || { echo "publish: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
readonly folder=artifacts/publish/image

rm -rf "$folder"
echo "Publishing the API into $folder"
UseAspire=${UseAspire:-false} dotnet publish AfirGen.Api -c Release --os linux --no-self-contained --output "$folder" --verbosity quiet --nologo \
  -p:PublishReadyToRun=true -p:UseAppHost=false -p:SatelliteResourceLanguages=en -p:RunAnalyzers=false
# Another account than the one that publishes runs it.
chmod -R a+rX "$folder"
