# Serves a cluster in the folder $2 with the binaries in $1 and the settings that follow,
# for as long as the standard input is open. It is told what to do line by line, and
# answers each line with "ok" or "failed". What is said goes to standard error.
trap '' HUP INT TERM # an interrupt is for the test; when that ends, the input does
bin=$1 folder=$2
shift 2
server=

make() {
  "$bin/initdb" --pgdata "$folder/data" --username parley --auth trust --encoding UTF8 --locale C --no-sync --no-instructions >&2
}

start() {
  "$bin/postgres" -D "$folder/data" -k "$folder" "$@" >&2 </dev/null &
  server=$!
  until "$bin/pg_isready" --quiet --host "$folder" --timeout 1; do
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.02
  done
}

end() { # with a signal
  [ -n "$server" ] || return 0
  kill "-$1" "$server"
  wait "$server"
  server=
}

while read -r order; do
  case $order in
  make) make && start "$@" ;;
  start) start "$@" ;;
  stop) end INT || true ;;
  kill) end QUIT || true ;;
  esac && echo ok || echo failed
done
end QUIT
rm -rf "$folder"
