#!/usr/bin/env bash
# Provides the image mysql:9.7: what is there already, else the official one, else one built here from Debian packages (about 20 s).
set -euo pipefail
cd "$(dirname "$0")"

readonly image=mysql:9.7
readonly suite=sid # the only suite that carries MySQL

fail() {
  echo "mysql-image: $1" >&2
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

echo "$image cannot be pulled: building it from Debian $suite"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
./debian-rootfs.sh "$suite" "$root" mysql-server-core mysql-client-core mysql-client \
  bash coreutils sed grep findutils gzip mawk hostname ncurses-base || fail "the Debian packages could not be had"

echo 'mysql:x:999:999:MySQL server:/var/lib/mysql:/usr/sbin/nologin' >>"$root/etc/passwd"
echo 'mysql:x:999:' >>"$root/etc/group"
install -m 0644 mysql-image/my.cnf "$root/etc/my.cnf"
install -D -m 0755 mysql-image/docker-entrypoint.sh "$root/usr/local/bin/docker-entrypoint.sh"
mkdir -p "$root"/etc/mysql/conf.d "$root/docker-entrypoint-initdb.d"
for folder in var/lib/mysql var/lib/mysql-files run/mysqld; do
  install -d -o 999 -g 999 -m 0755 "$root/$folder"
done
chmod 0750 "$root/var/lib/mysql-files"
chmod 1777 "$root/run/mysqld"
find "$root/etc/mysql" -maxdepth 1 -name '*.cnf*' -delete

tar -C "$root" -c . | docker import \
  --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["mysqld"]' --change 'VOLUME /var/lib/mysql' \
  --change 'EXPOSE 3306 33060' --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'LABEL org.afirgen.built-from="Debian packages"' - "$image" >/dev/null
echo "$image built: $(docker run --rm "$image" mysqld --version), $(docker image inspect --format '{{.Size}}' "$image" | numfmt --to=si)B"
