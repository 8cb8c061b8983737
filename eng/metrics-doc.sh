#!/usr/bin/env bash
# Writes docs/metrics.md from the list in AfirGen.Api/Telemetry/Metric.cs.
set -euo pipefail
cd "$(dirname "$0")/.."

. eng/aspire.sh
dotnet build AfirGen.Tests --verbosity quiet --nologo
exec dotnet artifacts/bin/AfirGen.Tests/debug/AfirGen.Tests.dll -noLogo -explicit only \
  -method AfirGen.Tests.Telemetry.MetricListTests.The_document_is_written_anew
