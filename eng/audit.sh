#!/usr/bin/env bash
# Has a package that the solution uses, itself or through another, a known vulnerability? Fails on a finding. Where no source offers
# advisories, NuGet says "no vulnerable packages" all the same; this says that nothing is known.
#   eng/audit.sh [--source URL]... [--require-advisories]
#     --source              ask this source, and take what was restored last; without it, this machine's package sources and data.nuget.org
#     --require-advisories  fails where there is nothing to ask
set -euo pipefail
cd "$(dirname "$0")/.."

sources=() given=false required=false
while [ $# -gt 0 ]; do
  case "$1" in
    --source) sources+=("${2:?--source needs an address}") && given=true && shift ;;
    --require-advisories) required=true ;;
    *) sed -n '4,6p' "$0" >&2; exit 64 ;;
  esac
  shift
done

fetch() { curl --silent --fail --location --compressed --max-time 60 "$1"; }

# The packages that a source has advisories for; nothing when it offers none. Fails when it does not answer.
advisories() {
  local service index page
  service=$(fetch "$1") || return 1
  index=$(jq -r '[.resources[] | select([."@type"] | flatten | any(startswith("VulnerabilityInfo/"))) | ."@id"] | first // empty' <<<"$service") || return 1
  [ -n "$index" ] || return 0
  index=$(fetch "$index") || return 1
  for page in $(jq -r '.[]."@id"' <<<"$index"); do
    page=$(fetch "$page") || return 1
    jq -r 'keys[]' <<<"$page" || return 1
  done | sort -u
}

if $given; then
  export UseAspire=${UseAspire:-false}
else
  . eng/aspire.sh
  dotnet restore AfirGen.sln --verbosity quiet
  mapfile -t sources < <(dotnet nuget list source --format Short | sed -n 's/^E[A-Z]* \(https\{0,1\}:.*\)$/\1/p')
  sources+=(https://data.nuget.org/v3/index.json) # advisories alone, for those whose packages come from a mirror
fi

asked=()
for source in "${sources[@]}"; do
  if ! known=$(advisories "$source"); then
    echo "This source does not answer: $source"
  elif [ -n "$known" ]; then
    echo "Advisories for $(wc -l <<<"$known") packages from $source"
    asked+=("$source")
  else
    echo "No advisory data from this source: $source"
  fi
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
config=()
if [ ${#asked[@]} -gt 0 ]; then
  # As audit sources: a package source is asked for the metadata of each package instead, where a mirror may have left advisories out.
  {
    echo "<configuration>"
    for section in packageSources auditSources; do
      echo "<$section><clear />"
      for source in "${asked[@]}"; do
        echo "<add key=\"$source\" value=\"$source\" protocolVersion=\"3\" allowInsecureConnections=\"true\" />"
      done
      echo "</$section>"
    done
    echo "</configuration>"
  } >"$scratch/nuget.config"
  config=(--config "$scratch/nuget.config")
fi

report='{"projects": []}'
if [ ${#asked[@]} -gt 0 ] || ! $given; then
  report=$(dotnet list AfirGen.sln package --vulnerable --include-transitive --format json "${config[@]}") || { echo "$report" >&2; exit 1; }
fi
findings=$(jq -r '
  [.projects[].frameworks[]? | (.topLevelPackages[]?, .transitivePackages[]?) | select(.vulnerabilities) |
   "\(.id) \(.resolvedVersion): " + ([.vulnerabilities[] | "\(.severity) \(.advisoryurl)"] | join(", "))] | unique[]' <<<"$report")
packages=$(find artifacts/obj -name project.assets.json -exec jq -r '.libraries | to_entries[] | select(.value.type == "package") | .key' {} + | sort -u | wc -l)

if [ -n "$findings" ]; then
  echo "Vulnerable packages:"
  echo "$findings"
  exit 1
elif [ ${#asked[@]} -gt 0 ]; then
  echo "None of $packages packages has a known vulnerability"
else
  echo "NOT CHECKED: $packages packages are used, and no source has advisory data. Whether one is vulnerable is not known here."
  ! $required
fi
