#!/usr/bin/env bash
# Has a package that the solution uses, itself or through another, a known vulnerability? Fails on a finding. A package source that offers
# no advisories cannot be asked, and NuGet then says "no vulnerable packages" all the same; this says that nothing is known.
#   eng/audit.sh [--config FILE] [--require-advisories]
#     --config              another nuget.config than this machine's; what was restored last is looked at
#     --require-advisories  fails where there is nothing to ask
set -euo pipefail
cd "$(dirname "$0")/.."

config=() required=false
while [ $# -gt 0 ]; do
  case "$1" in
    --config) config=("${2:?--config needs a file}") && shift ;;
    --require-advisories) required=true ;;
    *) sed -n '4,6p' "$0" >&2; exit 64 ;;
  esac
  shift
done

fetch() { curl --silent --show-error --fail --location --compressed --max-time 60 "$1"; }

# The packages that a source has advisories for; nothing when it offers none.
advisories() {
  local index page
  index=$(fetch "$1" | jq -r '[.resources[] | select([."@type"] | flatten | any(startswith("VulnerabilityInfo/"))) | ."@id"] | first // empty')
  [ -n "$index" ] || return 0
  for page in $(fetch "$index" | jq -r '.[]."@id"'); do
    fetch "$page" | jq -r 'keys[]'
  done | sort -u
}

asked=false
while read -r state source; do
  [[ $state == E* && $source == http* ]] || continue
  if ! known=$(advisories "$source"); then
    echo "audit: $source does not answer" >&2
  elif [ -n "$known" ]; then
    echo "Advisories for $(wc -l <<<"$known") packages from $source"
    asked=true
  else
    echo "No advisory data from this source: $source"
  fi
done < <(dotnet nuget list source --format Short ${config[@]:+--configfile "${config[@]}"})

if [ ${#config[@]} -eq 0 ]; then
  . eng/aspire.sh
  dotnet restore AfirGen.sln --verbosity quiet
else
  export UseAspire=${UseAspire:-false}
fi
report=$(dotnet list AfirGen.sln package --vulnerable --include-transitive --format json ${config[@]:+--config "${config[@]}"}) ||
  { echo "$report" >&2; exit 1; }
findings=$(jq -r '
  [.projects[].frameworks[]? | (.topLevelPackages[]?, .transitivePackages[]?) | select(.vulnerabilities) |
   "\(.id) \(.resolvedVersion): " + ([.vulnerabilities[] | "\(.severity) \(.advisoryurl)"] | join(", "))] | unique[]' <<<"$report")
packages=$(find artifacts/obj -name project.assets.json -exec jq -r '.libraries | to_entries[] | select(.value.type == "package") | .key' {} + | sort -u | wc -l)

if [ -n "$findings" ]; then
  echo "Vulnerable packages:"
  echo "$findings"
  exit 1
elif $asked; then
  echo "None of $packages packages has a known vulnerability"
else
  echo "NOT CHECKED: $packages packages are used, and no source has advisory data. Whether one is vulnerable is not known here."
  ! $required
fi
