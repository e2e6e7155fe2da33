#!/usr/bin/env bash
# merge.sh PARAMETERS NIGHT: takes what the shards of a night have recorded into all.ledger, and writes what a maintainer reads in the morning.
#
# Exit code: 1 an alarm; 6 no alarm, but shards are missing; 0 neither; others as flatcert has them.
set -uo pipefail
parameters="$1" night="$2"
. "$(dirname "${BASH_SOURCE[0]}")/parameters.sh"
all="$folder/all.ledger"

merged=0
"$flatcert" merge "$all" "$folder/$night/shards" --expect "$shards" --night "$night" --out "$all" || merged=$?
case "$merged" in 0 | 6) ;; *) exit "$merged" ;; esac

status=0
# The history of summaries is beside the ledger; each night keeps its own copy.
# shellcheck disable=SC2046
"$flatcert" nightly --ledger "$all" --status $(value options) --summary "$folder/summary" || status=$?
for kind in md json svg; do
    [ ! -e "$folder/summary.$kind" ] || cp "$folder/summary.$kind" "$folder/$night/"
done
code="$status"
[ "$code" != 0 ] || code="$merged"

word=
case "$code" in 0) ;; 1) word=ALARM ;; 6) word=INCOMPLETE ;; *) word=ERROR ;; esac
if [ -n "$word" ]; then
    # Slurm's own mail has the job's name and exit code, and not its output.
    [ -z "${SLURM_JOB_ID:-}" ] || scontrol update "JobId=$SLURM_JOB_ID" "JobName=flatcert-$word" || true
    if [ -n "$(value mail)" ] && command -v mail >/dev/null; then
        mail -s "flatcert, night $night: $word" "$(value mail)" <"$folder/summary.md" || true
    fi
fi
exit "$code"
