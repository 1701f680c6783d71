#!/usr/bin/env bash
# Starts the four services on embedded stores, applies the bundled programme, imports the
# bundled data, prints the report and stays up until Ctrl-C (`make run`). ONCE=1 stops after
# the report. Exits non-zero if anything failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${KITH_BIN:-build/dev/bin}
data=tests/data/debian_advocacy
program=debian
# The data is observed until this day; without it survival would count unobserved years.
as_of=2019-09-03
services=(referral advocacy retention outreach)
wait_seconds=${KITH_WAIT_SECONDS:-60}

declare -A port=(
  [referral]=${REFERRAL_PORT:-7401} [advocacy]=${ADVOCACY_PORT:-7402}
  [retention]=${RETENTION_PORT:-7403} [outreach]=${OUTREACH_PORT:-7404})
declare -A metrics=(
  [referral]=${REFERRAL_METRICS_PORT:-7411} [advocacy]=${ADVOCACY_METRICS_PORT:-7412}
  [retention]=${RETENTION_METRICS_PORT:-7413} [outreach]=${OUTREACH_METRICS_PORT:-7414})
declare -A follows=(
  [referral]="retention advocacy" [advocacy]="referral" [retention]="referral"
  [outreach]="referral retention")
declare -A pid=()

run_dir=${RUN_DIR:-var/run-$(date +%Y%m%d-%H%M%S)-$$}
mkdir -p "$run_dir"

step() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'run: %s\n' "$@" >&2
  exit 1
}

address() { echo "127.0.0.1:${port[$1]}"; }

# The command line, pointed at this suite.
kith() {
  local service addresses=()
  for service in "${services[@]}"; do
    addresses+=("--$service=$(address "$service")")
  done
  "$bin/kith" "$@" "${addresses[@]}"
}

# Another suite on our ports would answer in our place.
check_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then
    fail "port $2 is busy. Choose another one, e.g. make run $1=$((($2 + 2000) % 65536))"
  fi
}

start() {
  local service=$1 followed arguments
  arguments=(--listen="$(address "$service")" --metrics="127.0.0.1:${metrics[$service]}"
    --store="sqlite:$run_dir/$service.db")
  for followed in ${follows[$service]}; do
    arguments+=(--follow="$followed=$(address "$followed")")
  done
  # Of its own session, so that Ctrl-C reaches only this script, which stops all in order.
  setsid "$bin/kith-$service" "${arguments[@]}" >"$run_dir/$service.log" 2>&1 &
  pid[$service]=$!
}

# Every service must still be there; says why when one is not.
check_alive() {
  local service
  for service in "${services[@]}"; do
    kill -0 "${pid[$service]}" 2>/dev/null && continue
    tail -n 5 "$run_dir/$service.log" >&2
    fail "kith-$service stopped; the end of its log is above ($run_dir/$service.log)." \
      "If a port is busy, choose others, e.g. make run ${service^^}_PORT=9401" \
      "or ${service^^}_METRICS_PORT=9411."
  done
}

# The services drain and exit on SIGTERM, whoever still follows them.
stop() {
  local status=$? service
  trap - EXIT INT TERM
  # shellcheck disable=SC2068 # Word splitting of pids is meant.
  kill -TERM ${pid[@]} 2>/dev/null || true
  for service in outreach retention advocacy referral; do
    [ -n "${pid[$service]:-}" ] || continue
    if ! wait "${pid[$service]}" && [ "$status" = 0 ]; then
      echo "run: kith-$service did not stop cleanly ($run_dir/$service.log)" >&2
      status=1
    fi
  done
  exit "$status"
}

wait_until_serving() {
  local deadline=$((SECONDS + wait_seconds))
  until kith status >"$run_dir/status.txt" 2>&1; do
    check_alive
    if ((SECONDS >= deadline)); then
      cat "$run_dir/status.txt" >&2
      fail "the services did not come up within $wait_seconds s."
    fi
    sleep 0.1
  done
  check_alive
}

# Every line must be taken, but for referrals: applicants often have several advocates, the
# first counts and the others are refused as they should be.
import() {
  local kind=$1 arguments=()
  [ -e "$data/$kind.csv" ] || return 0
  [ "$kind" != referrals ] || arguments=(--allow-rejects)
  kith import "$kind" "$data/$kind.csv" --program "$program" \
    --rejects "$run_dir/$kind.rejects.csv" "${arguments[@]}"
}

for service in "${services[@]}"; do
  [ -x "$bin/kith-$service" ] || fail "$bin/kith-$service is missing; run 'make build' first."
  check_port "${service^^}_PORT" "${port[$service]}"
  check_port "${service^^}_METRICS_PORT" "${metrics[$service]}"
done
trap stop EXIT
# Before the report is printed, being stopped is no success.
trap 'exit 130' INT
trap 'exit 143' TERM

step "Starting the services (stores and logs in $run_dir)"
for service in "${services[@]}"; do start "$service"; done
wait_until_serving
cat "$run_dir/status.txt"

step "Applying clients/examples/debian.yaml"
kith apply -f clients/examples/debian.yaml

step "Importing $data"
for kind in customers referrals activities events; do import "$kind"; done

step "Waiting for the services to agree"
kith status --wait

step "Report"
kith report "$program" --as-of "$as_of"

step "Addresses"
for service in "${services[@]}"; do
  printf '  %-10s gRPC %-16s metrics http://127.0.0.1:%s/metrics\n' \
    "$service" "$(address "$service")" "${metrics[$service]}"
done
check_alive

if [ "${ONCE:-}" != 1 ]; then
  trap 'exit 0' INT TERM
  printf '\nThe suite is up. Ctrl-C stops it.\n'
  wait -n || true
  check_alive
fi
