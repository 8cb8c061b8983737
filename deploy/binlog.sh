#!/usr/bin/env bash
# MySQL's binary log, for a point in time between two backups (docs/backup.md). Runs the tools of the MySQL container.
#   deploy/binlog.sh find 'DROP TABLE'        the position (GTID) of every statement with this text
#   deploy/binlog.sh replay POSITION BEFORE   everything after POSITION, which restore --registry-only printed, and before BEFORE
#   deploy/binlog.sh archive FOLDER           copies the log to FOLDER of this machine, closed files and the one being written
# MYSQL_CONTAINER (afirgen-mysql), MYSQL_DATABASE (fir_db); the root password is asked for unless MYSQL_PWD holds it.
# BINLOG_FOLDER: read the files of an archive, a folder inside the container, instead of the server's own.
set -euo pipefail

container=${MYSQL_CONTAINER:-afirgen-mysql}
database=${MYSQL_DATABASE:-fir_db}
if [[ -z ${MYSQL_PWD:-} ]]; then
  read -rsp "root password of MySQL: " MYSQL_PWD && echo >&2
fi
export MYSQL_PWD

in_container() {
  docker exec -i -e MYSQL_PWD "$container" "$@"
}

mysql_root() {
  in_container mysql --protocol=socket --user=root --batch --skip-column-names "$@"
}

# The names of the log's files inside the container, oldest first.
files() {
  if [[ -n ${BINLOG_FOLDER:-} ]]; then
    in_container sh -c 'ls "$0"/*.[0-9][0-9][0-9][0-9][0-9][0-9]' "$BINLOG_FOLDER"
  else
    local base
    base=$(mysql_root --execute 'SELECT @@log_bin_basename')
    mysql_root --execute 'SHOW BINARY LOGS' | while read -r name _; do echo "$(dirname "$base")/$name"; done
  fi
}

case ${1:-} in
  find)
    [[ $# == 2 ]] || { sed -n '2,7p' "$0" >&2; exit 64; }
    mapfile -t logs < <(files)
    in_container mysqlbinlog --base64-output=decode-rows "${logs[@]}" | awk -v text="$2" '
      /^SET @@SESSION.GTID_NEXT=/ { split($0, part, "\047"); gtid = part[2] }
      /^#[0-9]+ +[0-9:]+ server id/ { at = substr($1, 2) " " $2 }
      !/^(#|SET @@)/ && index(toupper($0), toupper(text)) { print gtid, at, $0 }'
    ;;
  replay)
    [[ $# == 3 ]] || { sed -n '2,7p' "$0" >&2; exit 64; }
    mapfile -t logs < <(files)
    # Everything from BEFORE on is left out: the mistake itself, and what was done about it. Rows that the backup has are left out by its
    # position. The events get new positions, since these may have been seen by this server already.
    uuid=${3%%:*} number=${3##*:}
    [[ $number =~ ^[0-9]+$ ]] || { echo "BEFORE is one position, as 'find' prints it: $3" >&2; exit 64; }
    in_container bash -o pipefail -c '
      database=$1 exclude=$2; shift 2
      mysqlbinlog --skip-gtids --database="$database" --exclude-gtids="$exclude" "$@" | mysql --protocol=socket --user=root' \
      replay "$database" "$2,$uuid:$number-9223372036854775806" "${logs[@]}"
    ;;
  archive)
    [[ $# == 2 ]] || { sed -n '2,7p' "$0" >&2; exit 64; }
    mkdir -p "$2"
    mysql_root --execute 'FLUSH BINARY LOGS' # so that every file but the newest is complete
    files | while read -r file; do
      target=$2/$(basename "$file")
      docker cp "$container:$file" "$target.new"
      sync "$target.new"
      mv "$target.new" "$target"
    done
    ;;
  *)
    sed -n '2,7p' "$0" >&2
    exit 64
    ;;
esac
