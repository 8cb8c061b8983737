#!/usr/bin/env bash
# Writes artifacts/afirgen-bundle.tar: all that a machine without any network needs to run the deployment, with checksums.
#   deploy/bundle.sh [--no-publish]   --no-publish: the image holds what was published last
#   deploy/bundle.sh --files FOLDER   the files alone, without the images, into FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."

# Links of the documents that lead to the sources, which are not in the bundle, become plain text.
copy_files() {
  mkdir -p "$1"
  cp -r --parents docker-compose.yaml docker-compose.observability.yaml doctor.sh .env.example deploy/new-env.sh deploy/wait.sh deploy/binlog.sh \
    deploy/made-up-fir.sh deploy/mysql deploy/prometheus deploy/grafana docs/*.md "$1/"
  sed -E -i 's/\[([^]]*)\]\(\.\.\/(AfirGen|bench|eng)[^)]*\)/\1/g' "$1"/docs/*.md
}

if [ "${1:-}" = --files ]; then
  copy_files "${2:?--files needs a folder}"
  exit 0
fi

readonly folder=artifacts/afirgen-bundle
rm -rf "$folder" "$folder.tar"
mkdir -p "$folder"

eng/mysql-image.sh
eng/api-image.sh "$@"
echo "Saving the images"
docker save mysql:9.7 afirgen-fir_pipeline:latest | gzip -1 >"$folder/images.tar.gz"
copy_files "$folder"
sums=$(cd "$folder" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
echo "$sums" >"$folder/SHA256SUMS"
tar -C artifacts -cf "$folder.tar" "$(basename "$folder")"
rm -rf "$folder"
echo "$folder.tar: $(numfmt --to=si "$(stat -c %s "$folder.tar")")B"
