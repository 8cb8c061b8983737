#!/usr/bin/env bash
# Writes artifacts/afirgen-bundle.tar: all that a machine without any network needs to run the deployment, with checksums.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly folder=artifacts/afirgen-bundle
rm -rf "$folder" "$folder.tar"
mkdir -p "$folder"

eng/mysql-image.sh
eng/api-image.sh "$@"
echo "Saving the images"
docker save mysql:9.7 afirgen-fir_pipeline:latest | gzip -1 >"$folder/images.tar.gz"
cp -r --parents docker-compose.yaml docker-compose.observability.yaml doctor.sh .env.example deploy/new-env.sh deploy/mysql deploy/prometheus deploy/grafana \
  docs/deployment.md docs/doctor.md docs/air-gapped.md docs/monitoring.md docs/runbook.md docs/metrics.md "$folder/"
sums=$(cd "$folder" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
echo "$sums" >"$folder/SHA256SUMS"
tar -C artifacts -cf "$folder.tar" "$(basename "$folder")"
rm -rf "$folder"
echo "$folder.tar: $(numfmt --to=si "$(stat -c %s "$folder.tar")")B"
