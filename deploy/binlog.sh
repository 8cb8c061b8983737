#!/usr/bin/env bash
# MySQL's binary log, for a point in time between two backups (docs/backup.md). Runs the tools of the MySQL container.
#   deploy/binlog.sh archive FOLDER                        copies the log to FOLDER of this machine, closed files and the one being written
#   deploy/binlog.sh find FOLDER [POSITION]                the transactions in it, behind POSITION, that the service never makes: position
#                                                          (GTID), time in UTC, and what; a change of rows is named without any value
#   deploy/binlog.sh replay FOLDER POSITION [LEFT_OUT]...  all that is in it behind POSITION, which restore --registry-only printed, but
#                                                          the transactions LEFT_OUT, as find prints them
# MYSQL_CONTAINER (afirgen-mysql), MYSQL_DATABASE (fir_db); the root password is asked for unless MYSQL_PWD holds it.
set -euo pipefail

container=${MYSQL_CONTAINER:-afirgen-mysql}
database=${MYSQL_DATABASE:-fir_db}

usage() {
  sed -n '2,9p' "$0" >&2
  exit 64
}

fail() {
  echo "binlog: $2" >&2
  exit "$1"
}

need_password() {
  if [[ -z ${MYSQL_PWD:-} ]]; then
    read -rsp "root password of MySQL: " MYSQL_PWD && echo >&2
  fi
  export MYSQL_PWD
}

in_container() {
  docker exec -i -e MYSQL_PWD "$container" "$@"
}

mysql_root() {
  in_container mysql --protocol=socket --user=root "$@"
}

# What mysqlbinlog makes of the files in FOLDER, oldest first, without the transactions of a set that has commas between its positions.
log() {
  local folder=$1 without=$2 file
  shift 2
  for file in "$folder"/*.[0-9][0-9][0-9][0-9][0-9][0-9]; do
    [[ -e $file ]] || fail 66 "$folder has no binary log: deploy/binlog.sh archive $folder"
    in_container mysqlbinlog "$@" ${without:+"--exclude-gtids=$without"} - <"$file" || exit 1
  done
}

# The service inserts FIRs, changes those that are not registered, and moves a counter and the ledger's head one further: the triggers of the
# schema let nothing else through. Every other change of a row is named, and every statement about the database. Values stay inside: they are
# complaints. What is done to a FIR that is not registered looks like the service's own. The columns are those of the schema: 7 of fir_records is the status, 3 of registration_counters and 2 of ledger_head the number.
# shellcheck disable=SC2016 # awk's own
readonly unusual='
  function named(text) { return text ~ ("(^|[^A-Za-z0-9_])" database "([^A-Za-z0-9_]|$)") }

  function note(what) { if (!(what in times)) notes[++count] = what; times[what]++ }

  function is_open(status) { return status == "\047draft\047" || status == "\047pending\047" }

  function end_row(  usual) {
    if (table == "fir_records") usual = kind == "INSERT" ? is_open(value["SET", 7]) : kind == "UPDATE" && is_open(value["WHERE", 7])
    if (table == "registration_counters") usual = kind == "INSERT" || kind == "UPDATE" && value["SET", 3] == value["WHERE", 3] + 1
    if (table == "ledger_head") usual = kind == "UPDATE" && value["SET", 2] == value["WHERE", 2] + 1
    if (kind != "" && !usual) note(kind " " table " (rows)")
    kind = table = image = ""
    split("", value)
  }

  function end_transaction(  i, all) {
    end_row()
    for (i = 1; i <= count; i++) {
      all = all (i > 1 ? ", " : "") notes[i]
      if (sub(/ \(rows\)$/, "", all)) all = all ": " times[notes[i]] (times[notes[i]] > 1 ? " rows" : " row")
    }
    if (count) print gtid, begun, all
    count = 0
    split("", times)
  }

  function statement(text,  word) {
    sub(/^\/\*![0-9]* */, "", text)       # of mysqldump: only for servers from a version on
    sub(/^\/\*[^*]*\*\/ */, "", text)     # of a client that says who it is
    split(toupper(text), word, /[^A-Z_]+/)
    if (word[1] ~ /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|GRANT|REVOKE|FLUSH|SET)$/ || word[2] ~ /^(USER|ROLE)$/) return
    if (!named(text) && (schema != database || word[2] ~ /^(DATABASE|SCHEMA)$/)) return
    note(word[1] ~ /^(ALTER|CREATE|DROP|RENAME|TRUNCATE)$/ ? text : word[1] " (a statement)")
  }

  /^SET @@SESSION.GTID_NEXT=/ { end_transaction(); split($0, part, "\047"); gtid = part[2]; begun = at; next }
  /^#[0-9]+ +[0-9:]+ server id / { end_row(); at = substr($1, 2) " " $2; awaited = /\tQuery\t/; next }
  /^### (INSERT INTO|UPDATE|DELETE FROM) / {
    end_row()
    name = $NF
    gsub(/`/, "", name)
    if (index(name, database ".") == 1) { kind = $2; table = substr(name, length(database) + 2) }
    next
  }
  /^### (WHERE|SET)$/ { image = $2; next }
  /^###   @[237]=/ { if (kind != "") value[image, substr($0, 8, 1)] = substr($0, 10); next }
  /^#/ { next }
  awaited && /^use `/ { schema = $2; gsub(/`|\/\*!\*\/;/, "", schema); next }
  awaited && !/\/\*!\*\/;$/ && !/^(--.*)?$/ { awaited = 0; statement($0) }
  END { end_transaction() }
'

found() {
  log "$1" "$2" --base64-output=decode-rows --verbose | LC_ALL=C awk -v database="$database" "$unusual"
}

case ${1:-} in
  archive)
    [[ $# == 2 ]] || usage
    need_password
    mkdir -p "$2"
    uuid=$(mysql_root --batch --skip-column-names --execute 'SELECT @@server_uuid')
    # Files of two servers have the same names: the log of one that is lost would be overwritten.
    [[ ! -e $2/server_uuid || $(<"$2/server_uuid") == "$uuid" ]] || fail 73 "$2 has the log of another server; archive this one elsewhere"
    echo "$uuid" >"$2/server_uuid"
    mysql_root --execute 'FLUSH BINARY LOGS' # so that every file but the newest is complete
    base=$(mysql_root --batch --skip-column-names --execute 'SELECT @@log_bin_basename')
    mysql_root --batch --skip-column-names --execute 'SHOW BINARY LOGS' | while read -r name _; do
      docker cp "$container:$(dirname "$base")/$name" "$2/$name.new"
      sync "$2/$name.new"
      mv "$2/$name.new" "$2/$name"
    done
    ;;
  find)
    [[ $# == 2 || $# == 3 ]] || usage
    found "$2" "${3:-}"
    ;;
  replay)
    [[ $# -ge 3 && -n $3 ]] || usage
    need_password
    folder=$2 without=$3
    shift 3
    for one; do
      [[ $one =~ ^[0-9a-f-]{36}(:[a-z_0-9]+)?:[0-9]+$ ]] || fail 64 "LEFT_OUT is a position as 'find' prints it, not $one"
      without+=,$one
    done
    # Exactly what is named is left out (G1): the service goes on writing after a mistake, and marks what it wrote as delivered. So all of the
    # rest is applied; a log that has what was done about the mistake would destroy what has just been restored.
    remaining=$(found "$folder" "$without")
    if grep -qiE ' DROP (DATABASE|SCHEMA) ' <<<"$remaining"; then
      echo "$remaining" >&2
      fail 65 "nothing was applied: $folder has a DROP DATABASE that is not left out. Leave it out, or take a copy of the log from before it"
    fi
    [[ -z $remaining ]] || printf 'Applied too, although the service never does it by itself:\n%s\n' "$remaining" >&2
    # New positions, since these may have been seen by this server already.
    log "$folder" "$without" --skip-gtids --database="$database" | mysql_root
    ;;
  *) usage ;;
esac
