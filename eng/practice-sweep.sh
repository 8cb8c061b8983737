#!/usr/bin/env bash
# Takes away the deployments that an aborted run of the operations tests left behind: docker starts their containers again for ever. A run
# that is alive holds a lock on the owner file beside its deployment, and the lock ends with it: nobody else's run is touched.
set -euo pipefail

readonly label=com.docker.compose.project
command -v docker >/dev/null && docker info >/dev/null 2>&1 || exit 0

docker ps --all --filter "label=$label" --format "{{.Label \"$label\"}} {{.Label \"$label.working_dir\"}}" | sort -u |
  while read -r project folder; do
    [[ $project == practice-* && $folder == */afirgen-test-*/afirgen-bundle ]] || continue
    place=$(dirname "$folder")
    if [ -f "$place/owner" ]; then
      flock --nonblock "$place/owner" true || continue
    fi
    # What it was typing goes on without it, and would bring the deployment up again.
    for cwd in /proc/[0-9]*/cwd; do
      [ "$(readlink "$cwd" || true)" != "$folder" ] || kill "$(basename "${cwd%/cwd}")" || true
    done 2>/dev/null
    docker ps --all --quiet --filter "label=$label=$project" | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
    docker volume ls --quiet --filter "label=$label=$project" | xargs --no-run-if-empty docker volume rm >/dev/null
    docker network ls --quiet --filter "label=$label=$project" | xargs --no-run-if-empty docker network rm >/dev/null
    docker images --filter "reference=$project:*" --filter "reference=$project-fir_pipeline:*" --format '{{.Repository}}:{{.Tag}}' |
      xargs --no-run-if-empty docker rmi --force >/dev/null
    umount --lazy "$folder/small-disk" 2>/dev/null || true
    rm -rf "$place"
    echo "operations: swept what an aborted run left as $project" >&2
  done
