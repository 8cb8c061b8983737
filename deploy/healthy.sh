#!/usr/bin/env bash
# The container's health check, in bash alone: neither base image has curl. 0 when /health answers 200.
set -euo pipefail

exec 3<>/dev/tcp/127.0.0.1/8000
printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r answer <&3
[[ $answer == *" 200 "* ]] || { echo "$answer"; exit 1; }
