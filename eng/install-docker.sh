#!/usr/bin/env bash
# Installs Docker and docker-compose on Debian or Ubuntu, starts the engine (with systemd or without) and waits until it answers.
# Does nothing when they are there. DOCKERD_LOG names the log of an engine that is started without systemd.
set -euo pipefail

readonly log=${DOCKERD_LOG:-/var/log/dockerd.log}
readonly wait_seconds=60

fail() {
  echo "install-docker: $1" >&2
  exit 1
}

answers() { timeout 10 docker info >/dev/null 2>&1; }

# A process id left by an engine that was killed keeps the next one from starting, also when another program, or a zombie, has it now.
forget_dead() {
  local file=$1 name=$2 pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$name" ] || grep -q '^State:[[:space:]]*Z' "/proc/$pid/status"; then
    rm -f "$file"
  fi
}

missing=()
answers || command -v dockerd >/dev/null || missing+=(docker.io iptables)
command -v docker-compose >/dev/null || missing+=(docker-compose)

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    fail "needs ${missing[*]}: install them, or run this as root on Debian or Ubuntu"
  fi
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || fail "apt-get update failed: no Debian mirror can be reached"
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || fail "apt-get could not install ${missing[*]}"
fi

if answers; then
  echo "Docker $(docker version --format '{{.Server.Version}}') answers"
  exit 0
fi

[ "$(id -u)" -eq 0 ] || fail "the Docker engine does not answer and only root may start it"
if [ -d /run/systemd/system ]; then
  echo "Starting Docker with systemd"
  systemctl enable --now docker >/dev/null 2>&1 || fail "systemctl could not start docker: journalctl -u docker"
else
  echo "Starting Docker without systemd, log in $log"
  forget_dead /var/run/docker.pid dockerd
  forget_dead /var/run/docker/containerd/containerd.pid containerd
  setsid dockerd >>"$log" 2>&1 </dev/null &
fi

for ((second = 0; second < wait_seconds; second++)); do
  if answers; then
    echo "Docker $(docker version --format '{{.Server.Version}}') answers"
    exit 0
  fi
  sleep 1
done
fail "the Docker engine did not answer within $wait_seconds s: see $log"
