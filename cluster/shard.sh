#!/usr/bin/env bash
# shard.sh PARAMETERS NIGHT [INDEX]: one shard of a night; in a job array of Slurm its index is the task's.
#
# Exit code: 0 done, nothing found; 1 an alarm; 4 void; others as flatcert has them. On SIGTERM, which Slurm sends before the time limit, everything is
# recorded; under Slurm the job is then requeued and goes on where it was.
set -uo pipefail
parameters="$1" night="$2" index="${3:-${SLURM_ARRAY_TASK_ID:-1}}"
. "$(dirname "${BASH_SOURCE[0]}")/parameters.sh"

until="$(option trials)"
# shellcheck disable=SC2046,SC2086
"$flatcert" nightly --ledger "$folder/$night/shards/" --night "$night" --shard "$index/$shards" \
    --counted "$folder/all.ledger" ${until:-$(option budget)} $(option jobs) $(option batch) $(option only) $(value options) &
pid=$!
trap 'kill -TERM "$pid" 2>/dev/null' TERM INT
# A signal ends `wait`, not the work.
code=0
wait "$pid" || code=$?
while kill -0 "$pid" 2>/dev/null; do
    code=0
    wait "$pid" || code=$?
done

case "$code" in
5) exit 0 ;; # Nothing was left to do.
130)
    if [ -n "${SLURM_ARRAY_JOB_ID:-}" ]; then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && exit 0
    fi
    exit 130
    ;;
*) exit "$code" ;;
esac
