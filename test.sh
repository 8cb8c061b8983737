#!/usr/bin/env bash
# Sets up what the tests need and runs all of them. Arguments go to `dotnet test`, for example
#   ./test.sh --filter-class '*DrainTests'
set -euo pipefail
cd "$(dirname "$0")"

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

eng/torture-sweep.sh
eng/install-test-tools.sh
eng/install-docker.sh
eng/practice-sweep.sh
eng/mysql-image.sh
. eng/aspire.sh
echo "UseAspire=$UseAspire: $aspire_reason"
dotnet build AfirGen.sln --verbosity quiet --nologo
eng/publish.sh # what the tests start some hundred times is what the image holds
export AFIRGEN_TEST_PROGRAM=$PWD/artifacts/publish/image/AfirGen.Api.dll
rm -rf TestResults
exec dotnet test --solution AfirGen.sln --no-build --results-directory TestResults --report-xunit-trx --report-xunit-trx-filename tests.trx "$@"
