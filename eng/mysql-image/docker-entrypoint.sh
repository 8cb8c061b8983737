#!/usr/bin/env bash
# Entry point of the locally built mysql image. Takes the environment variables, arguments and init scripts that the official
# image takes; what differs: an initialisation that is cut at any instruction is begun again at the next start.
set -euo pipefail

note() { printf '%s [Note] [Entrypoint]: %s\n' "$(date --utc +%FT%TZ)" "$*"; }
warn() { printf '%s [Warning] [Entrypoint]: %s\n' "$(date --utc +%FT%TZ)" "$*" >&2; }
fail() {
  printf '%s [ERROR] [Entrypoint]: %s\n' "$(date --utc +%FT%TZ)" "$*" >&2
  exit 1
}
# The official image's names, for init scripts that are sourced.
mysql_note() { note "$@"; }
mysql_warn() { warn "$@"; }
mysql_error() { fail "$@"; }

# NAME from NAME or from the file that NAME_FILE names.
from_file() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!file:-}" ]; then
    [ -z "${!name:-}" ] || fail "both $name and $file are set"
    export "$name=$(<"${!file}")"
    unset "$file"
  fi
}

# For a '…' literal under the default sql_mode.
literal() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\\\'}"
}

setting() { awk -v name="$1" '$1 == name && !/^[ \t]/ { $1 = ""; sub(/^ /, ""); print; exit }' <<<"$settings"; }

# Runs SQL from standard input as root. --dont-use-mysql-root-password before root has one.
docker_process_sql() {
  local credentials="[client]"
  if [ "${1:-}" = --dont-use-mysql-root-password ]; then
    shift
  elif [ -n "${MYSQL_ROOT_PASSWORD:-}" ]; then
    credentials+=$'\npassword="'"${MYSQL_ROOT_PASSWORD//\\/\\\\}"'"'
  fi
  [ -z "${MYSQL_DATABASE:-}" ] || set -- --database="$MYSQL_DATABASE" "$@"
  mysql --defaults-extra-file=<(printf '%s\n' "$credentials") --protocol=socket -uroot -hlocalhost --socket="$socket" \
    --comments "$@"
}

accounts_and_database() {
  local password root_host=${MYSQL_ROOT_HOST-%}
  password=$(literal "$MYSQL_ROOT_PASSWORD")
  if [ -n "$root_host" ] && [ "$root_host" != localhost ]; then
    echo "CREATE USER 'root'@$(literal "$root_host") IDENTIFIED BY $password;"
    echo "GRANT ALL ON *.* TO 'root'@$(literal "$root_host") WITH GRANT OPTION;"
    [ -z "${MYSQL_ONETIME_PASSWORD:-}" ] || echo "ALTER USER 'root'@$(literal "$root_host") PASSWORD EXPIRE;"
  fi
  if [ -n "${MYSQL_DATABASE:-}" ]; then
    echo "CREATE DATABASE IF NOT EXISTS \`${MYSQL_DATABASE//\`/\`\`}\`;"
  fi
  if [ -n "${MYSQL_USER:-}" ] && [ -n "${MYSQL_PASSWORD:-}" ]; then
    echo "CREATE USER $(literal "$MYSQL_USER")@'%' IDENTIFIED BY $(literal "$MYSQL_PASSWORD");"
    if [ -n "${MYSQL_DATABASE:-}" ]; then
      local escaped=${MYSQL_DATABASE//\`/\`\`}
      echo "GRANT ALL ON \`${escaped//_/\\_}\`.* TO $(literal "$MYSQL_USER")@'%';"
    fi
  fi
  # Last: from here on root needs the password.
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $password;"
}

run_init_scripts() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh)
        if [ -x "$file" ]; then
          note "running $file"
          "$file"
        else
          note "sourcing $file"
          # shellcheck disable=SC1090
          . "$file"
        fi
        ;;
      *.sql) note "running $file" && docker_process_sql <"$file" ;;
      *.sql.gz) note "running $file" && gunzip -c "$file" | docker_process_sql ;;
      */\*) ;;
      *) warn "ignoring $file" ;;
    esac
  done
}

initialise() {
  if [ -z "${MYSQL_ROOT_PASSWORD:-}" ]; then
    if [ -n "${MYSQL_RANDOM_ROOT_PASSWORD:-}" ]; then
      MYSQL_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64)
      export MYSQL_ROOT_PASSWORD
      note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
    elif [ -n "${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
      export MYSQL_ROOT_PASSWORD=
    else
      fail "the data folder is new: set MYSQL_ROOT_PASSWORD (or MYSQL_RANDOM_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD)"
    fi
  fi
  [ "${MYSQL_USER:-}" != root ] || fail 'MYSQL_USER must not be "root"'

  # A folder of its own, because a new data folder must be empty; not a hidden one, because InnoDB fails in those.
  local new=$datadir/initialising
  if [ -d "$new" ]; then
    note "the last initialisation was cut: beginning again"
    # Everything here came from it: the mark below was never set, so no server ever served this folder.
    find "$datadir" -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf {} +
  elif [ -n "$(find "$datadir" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit)" ]; then
    fail "$datadir is neither empty nor a data folder: refusing to touch it"
  fi

  # Without binary log and with autocommit: gtid_executed stays empty, and init scripts that do not commit are kept.
  local -a quiet=(--datadir="$new" --skip-log-bin --autocommit=1 --init-connect=)
  note "initialising $datadir"
  mkdir "$new"
  "$@" "${quiet[@]}" --initialize-insecure

  "$@" "${quiet[@]}" --skip-networking --socket="$socket" --mysqlx=OFF &
  local server=$! tries
  for ((tries = 0; tries < 600; tries++)); do
    mysqladmin --no-defaults -uroot --socket="$socket" ping >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || fail "the server stopped while it was being set up"
    sleep 0.1
  done
  [ "$tries" -lt 600 ] || fail "the server did not start within 60 s"

  # With the database not yet there, nothing may select it.
  accounts_and_database | MYSQL_DATABASE='' docker_process_sql --dont-use-mysql-root-password
  run_init_scripts
  if [ -n "${MYSQL_ONETIME_PASSWORD:-}" ]; then
    docker_process_sql <<<"ALTER USER 'root'@'localhost' PASSWORD EXPIRE;"
  fi

  kill -TERM "$server"
  wait "$server" || fail "the server did not stop cleanly after it was set up"

  # The folder "mysql" is the mark that this is a data folder, so it moves last, when all else is on disk.
  sync -f "$new"
  find "$new" -mindepth 1 -maxdepth 1 ! -name mysql -exec mv -t "$datadir" {} +
  sync -f "$datadir"
  mv "$new/mysql" "$datadir/"
  sync -f "$datadir"
  rmdir "$new"
  note "initialised $datadir"
}

case "${1:-}" in
  "" | -*) set -- mysqld "$@" ;;
esac
[ "$1" = mysqld ] || exec "$@"
for argument; do
  case "$argument" in
    --help | '-?' | --version | -V | --validate-config | --print-defaults) exec "$@" ;;
  esac
done

errors=$(mktemp)
settings=$("$@" --user=mysql --verbose --help --log-bin-index="$(mktemp -u)" 2>"$errors") || { cat "$errors" >&2; fail "mysqld refuses its settings"; }
rm -f "$errors"
datadir=$(setting datadir)
datadir=${datadir%/}
socket=$(setting socket)
mkdir -p "$datadir"

if [ "$(id -u)" = 0 ]; then
  find "$datadir" "$(dirname "$socket")" ! -user mysql -exec chown mysql: {} +
  exec chroot --skip-chdir --userspec=mysql:mysql / "$0" "$@"
fi

for name in MYSQL_ROOT_PASSWORD MYSQL_ROOT_HOST MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do
  from_file "$name"
done
if [ ! -d "$datadir/mysql" ]; then
  initialise "$@"
fi
rmdir "$datadir/initialising" 2>/dev/null || true
exec "$@"
