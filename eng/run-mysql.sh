# shellcheck shell=bash disable=SC2034
# Sourced by run.sh and doctor.sh: the container of `./run.sh mysql`.
run_mysql=afirgen-run-mysql

# Its connection string; fails when it does not run. $1: the data folder, which holds root's password.
run_mysql_connection() {
  local port
  port=$(docker port "$run_mysql" 3306/tcp 2>/dev/null | head -n 1 | sed 's/.*://')
  [ -n "$port" ] && [ -s "$1/mysql-root.password" ] || return 1
  echo "Server=127.0.0.1;Port=$port;Database=fir_db;User ID=root;Password=$(cat "$1/mysql-root.password")"
}
