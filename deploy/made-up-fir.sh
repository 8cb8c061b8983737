#!/usr/bin/env bash
# Goes an officer's whole way with a made-up complaint and prints the answer of /authenticate. It takes an official serial: for a practice
# deployment, never for one that a station registers with.
# AFIRGEN_URL: http://localhost:8000. AFIRGEN_API_KEY, AFIRGEN_FINALISATION_KEY: those of .env.
set -euo pipefail
cd "$(dirname "$0")/.."

of_env() { sed -n "s/^$1=//p" .env; }
readonly url=${AFIRGEN_URL:-http://localhost:8000}
readonly api_key=${AFIRGEN_API_KEY-$(of_env AFIRGEN_API_KEY)}
readonly finalisation_key=${AFIRGEN_FINALISATION_KEY-$(of_env AFIRGEN_FINALISATION_KEY)}
# Retried by itself: with its key a request has one effect, however often it is sent.
post() {
  local path=$1
  shift
  curl --silent --show-error --fail --retry 10 --retry-delay 1 --retry-connrefused -X POST "$url$path" \
    -H "X-API-Key: $api_key" -H "Idempotency-Key: made-up-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" "$@"
}

intake=$(post /process -F "text=My name is Asha Rao, w/o Vijay Rao, resident of 14 MG Road, Pune, mobile 9876543210. On 20/11/2026 at about \
7:30 pm an unknown man snatched my gold chain worth Rs 45,000 near Shivaji Market, Pune and ran away.")
session=$(grep -o '"session_id":"[^"]*"' <<<"$intake" | cut -d'"' -f4)
fir=$(grep -o '"fir_number":"[^"]*"' <<<"$intake" | head -n 1 | cut -d'"' -f4)
for step in transcript_review summary_review violations_review fir_narrative_review final_review; do
  post /validate -H "Content-Type: application/json" -d "{\"session_id\":\"$session\",\"approved\":true,\"step\":\"$step\"}" >/dev/null
done
post /authenticate -H "Content-Type: application/json" -d "{\"fir_number\":\"$fir\",\"auth_key\":\"$finalisation_key\"}"
