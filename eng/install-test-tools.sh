#!/usr/bin/env bash
# Installs the real parts that the tests use: Tesseract with English and Hindi, Chromium with fonts for both, Prometheus with promtool,
# strace, curl, jq, openssl, pdftotext. Does nothing when they are there.
set -euo pipefail

missing=()
for tool in strace curl jq openssl chromium; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
{ command -v prometheus && command -v promtool; } >/dev/null || missing+=(prometheus)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=hi)" ] || missing+=(fontconfig fonts-noto-core)
command -v tesseract >/dev/null || missing+=(tesseract-ocr)
{ command -v tesseract >/dev/null && tesseract --list-langs 2>/dev/null | grep -qx hin; } || missing+=(tesseract-ocr-hin)

[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "The tests need: ${missing[*]}. Install them, or run this as root on Debian or Ubuntu." >&2
  exit 1
fi

echo "Installing for the tests: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# The tests start programs of their own: an installed Prometheus shall not serve this machine.
readonly policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
