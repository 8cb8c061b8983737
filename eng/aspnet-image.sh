#!/usr/bin/env bash
# Provides the image that the Dockerfile is based on: what is there already, else Microsoft's, else one built here from Debian packages
# and this machine's own .NET runtime (about 15 s), with sqlite3 and Tesseract in it already.
set -euo pipefail
cd "$(dirname "$0")"

image=$(sed -n 's/^FROM //p' ../Dockerfile)
readonly image
readonly suite=trixie
readonly uid=1654 # of the account `app` in Microsoft's image

fail() {
  echo "aspnet-image: $1" >&2
  exit 1
}

docker info >/dev/null 2>&1 || fail "the Docker engine does not answer: eng/install-docker.sh"
if docker image inspect "$image" >/dev/null 2>&1; then
  echo "$image is here"
  exit 0
fi
if timeout "${PULL_TIMEOUT:-300}" docker pull --quiet "$image" >/dev/null 2>&1; then
  echo "$image pulled"
  exit 0
fi

# The newest 10.0 runtime of this machine, as "VERSION FOLDER".
runtime() { dotnet --list-runtimes | sed -n "s/^$1 \(10\.0\.[0-9]*\) \[\(.*\)\]$/\1 \2/p" | sort -V | tail -n 1; }

command -v dotnet >/dev/null || fail "$image cannot be pulled and there is no .NET runtime here to build it from"
read -r core core_folder <<<"$(runtime Microsoft.NETCore.App)"
read -r web web_folder <<<"$(runtime Microsoft.AspNetCore.App)"
[ -n "${core:-}" ] || fail "$image cannot be pulled and this machine has no .NET 10 runtime to build it from"
[ -n "${web:-}" ] || fail "$image cannot be pulled and this machine has no ASP.NET Core 10 runtime to build it from"
dotnet_root=$(dirname "$(dirname "$core_folder")")

echo "$image cannot be pulled: building it from Debian $suite and .NET $core"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
./debian-rootfs.sh "$suite" "$root" bash coreutils grep libstdc++6 libgcc-s1 libssl3t64 ca-certificates \
  sqlite3 tesseract-ocr tesseract-ocr-eng tesseract-ocr-hin || fail "the Debian packages could not be had"

cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
echo "app:x:$uid:$uid::/home/app:/bin/sh" >>"$root/etc/passwd"
echo "app:x:$uid:" >>"$root/etc/group"
install -d -o "$uid" -g "$uid" "$root/home/app"

shared=$root/usr/share/dotnet
mkdir -p "$shared/host/fxr" "$shared/shared/Microsoft.NETCore.App" "$shared/shared/Microsoft.AspNetCore.App"
cp "$dotnet_root/dotnet" "$dotnet_root/LICENSE.txt" "$dotnet_root/ThirdPartyNotices.txt" "$shared/"
cp -r "$dotnet_root/host/fxr/$core" "$shared/host/fxr/"
cp -r "$core_folder/$core" "$shared/shared/Microsoft.NETCore.App/"
cp -r "$web_folder/$web" "$shared/shared/Microsoft.AspNetCore.App/"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"

tar -C "$root" -c . | docker import \
  --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change "ENV APP_UID=$uid" \
  --change 'ENV ASPNETCORE_HTTP_PORTS=8080' --change 'ENV DOTNET_RUNNING_IN_CONTAINER=true' --change "ENV DOTNET_VERSION=$core" \
  --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true' --change 'CMD ["bash"]' \
  --change 'LABEL org.afirgen.built-from="Debian packages"' - "$image" >/dev/null
echo "$image built: $(docker image inspect --format '{{.Size}}' "$image" | numfmt --to=si)B"
