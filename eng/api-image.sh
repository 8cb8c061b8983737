#!/usr/bin/env bash
# Builds the image of the API, afirgen-fir_pipeline: base image, publish, docker build. --no-publish takes what was published last.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly image=${AFIRGEN_IMAGE:-afirgen-fir_pipeline:latest}

eng/aspnet-image.sh
[ "${1:-}" = --no-publish ] || eng/publish.sh
echo "Building $image"
log=$(docker build --tag "$image" . 2>&1) || { printf '%s\n' "$log" "api-image: docker build failed" >&2; exit 1; }
echo "$image built: $(docker image inspect --format '{{.Size}}' "$image" | numfmt --to=si)B"
