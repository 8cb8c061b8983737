#!/usr/bin/env bash
# Makes the pictures of the README, docs/officer.png and docs/operator.png, from the running service in Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

eng/install-test-tools.sh
. eng/aspire.sh
dotnet build AfirGen.Tests --verbosity quiet --nologo
exec dotnet artifacts/bin/AfirGen.Tests/debug/AfirGen.Tests.dll -noLogo -explicit only -class AfirGen.Tests.Browser.ReadmePictures
