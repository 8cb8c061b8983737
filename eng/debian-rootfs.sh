#!/usr/bin/env bash
# Unpacks Debian packages and what they depend on into a folder, for an image that no registry offers.
#   eng/debian-rootfs.sh SUITE FOLDER PACKAGE...
# apt works on lists and a status file of its own: the machine's packages neither change nor count. Maintainer scripts do not run.
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: $0 SUITE FOLDER PACKAGE..." >&2; exit 64; }
readonly suite=$1 root=$2
shift 2

readonly mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
  echo "debian-rootfs: $1" >&2
  exit 1
}

for tool in apt-get dpkg-deb chroot; do
  command -v "$tool" >/dev/null || fail "needs $tool, so Debian or Ubuntu"
done
[ "$(id -u)" -eq 0 ] || fail "needs root, for chroot"
[ -f "$keyring" ] || fail "needs $keyring: apt-get install debian-archive-keyring"

apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d}
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/etc/sources.list"

# Only maintainer scripts want these; declaring them installed leaves 40 MB out.
for package in perl perl-base debconf; do
  printf '%s\n' "Package: $package" "Status: install ok installed" "Version: 99" "Architecture: all" "Multi-Arch: allowed" \
    "Provides: debconf-2.0" "Maintainer: nobody" "Description: not wanted here" ""
done >"$apt/status"

options=(-qq -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache" -o "Dir::Etc=$apt/etc"
  -o APT::Sandbox::User=root)
apt-get "${options[@]}" update || fail "no lists of Debian $suite from $mirror"
apt-get "${options[@]}" install -y --download-only --no-install-recommends base-files base-passwd libc-bin "$@" >/dev/null ||
  fail "cannot download $*"

mkdir -p "$root"
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb -x "$package" "$root"
done

# What maintainer scripts would have done.
cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
mkdir -p "$root"/{tmp,run,var/tmp,root,proc,dev,sys}
chmod 1777 "$root/tmp" "$root/var/tmp"
[ -L "$root/var/run" ] || { rmdir "$root/var/run" && ln -s /run "$root/var/run"; }
[ -e "$root/usr/bin/sh" ] || ln -s bash "$root/usr/bin/sh"
if [ -e "$root/usr/bin/mawk" ]; then ln -sf mawk "$root/usr/bin/awk"; fi
rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,bug,perl,perl5} "$root"/var/cache/* "$root"/usr/lib/x86_64-linux-gnu/perl*
chroot "$root" ldconfig
