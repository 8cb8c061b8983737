#!/usr/bin/env bash
# Creates AfirGen's accounts at the first start of an empty MySQL. Run again inside the container, it creates those that a new version
# wants besides, and gives all of them the passwords of the container's environment (docs/operations.md). Only DDL: it commits itself, also
# where autocommit is 0.
#   afirgen_migrator  creates and changes the tables of fir_db; may neither drop nor delete
#   afirgen_app       reads, inserts and updates the registry's three tables; may not delete
#   afirgen_flush     may flush tables, and nothing else
#   afirgen_monitor   reads the server's state, no table of fir_db
#   afirgen_trial     makes and drops the scratch database fir_trial, into which backups are restored for trial; sees nothing of fir_db
set -euo pipefail

# A '…' literal.
quoted() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\\\'}"
}

account() {
  local name=$1 password
  password=$(quoted "$2")
  echo "CREATE USER IF NOT EXISTS $name IDENTIFIED BY $password;"
  echo "ALTER USER $name IDENTIFIED BY $password;"
}

tables() {
  # A grant on a table that does not exist yet is possible only together with CREATE, which is taken back at once. The other way,
  # a migrator that grants, would need GRANT OPTION: an account that can make more of itself.
  local table=$1 privileges=$2
  echo "GRANT CREATE, $privileges ON fir_db.$table TO afirgen_app;"
  echo "REVOKE CREATE ON fir_db.$table FROM afirgen_app;"
}

accounts() {
  echo "CREATE DATABASE IF NOT EXISTS fir_db CHARACTER SET utf8mb4;"

  account afirgen_migrator "$AFIRGEN_MIGRATOR_PASSWORD"
  echo "GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX, TRIGGER ON fir_db.* TO afirgen_migrator;"

  account afirgen_app "$AFIRGEN_APP_PASSWORD"
  tables fir_records "SELECT, INSERT, UPDATE"
  tables registration_counters "SELECT, INSERT, UPDATE"
  tables ledger_head "SELECT, INSERT, UPDATE"
  tables VersionInfo "SELECT"

  account afirgen_flush "$AFIRGEN_FLUSH_PASSWORD"
  echo "GRANT FLUSH_TABLES ON *.* TO afirgen_flush;"

  account afirgen_monitor "$AFIRGEN_MONITOR_PASSWORD"
  echo "GRANT PROCESS ON *.* TO afirgen_monitor;"
  echo "GRANT SELECT ON performance_schema.* TO afirgen_monitor;"

  # The underscore is escaped: in the name of a database it stands for any character.
  account afirgen_trial "$AFIRGEN_TRIAL_PASSWORD"
  echo 'GRANT SELECT, INSERT, UPDATE, CREATE, DROP, ALTER, INDEX, TRIGGER ON `fir\_trial`.* TO afirgen_trial;'
}

accounts | MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --protocol=socket -u root
