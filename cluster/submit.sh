#!/usr/bin/env bash
# submit.sh [PARAMETERS [NIGHT]]: a night as a job array of Slurm, and its merge once every shard has ended, however it did.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
parameters="$(realpath "${1:-$here/night.yaml}")" night="${2:-$(date -u +%Y-%m-%d)}"
. "$here/parameters.sh"
mkdir -p "$folder/$night/log"

mail=()
[ -z "$(value mail)" ] || mail=(--mail-type=FAIL --mail-user="$(value mail)")
array="$(sbatch --parsable --job-name=flatcert-night --array="1-$shards" --cpus-per-task="$(value jobs)" --time="$(value limit)" \
    --requeue --open-mode=append --signal="B:TERM@$(value grace)" --output="$folder/$night/log/%a.txt" "${mail[@]}" \
    --wrap "exec '$here/shard.sh' '$parameters' '$night'")"
merge="$(sbatch --parsable --job-name=flatcert-merge --dependency="afterany:$array" --output="$folder/$night/log/merge.txt" "${mail[@]}" \
    --wrap "exec '$here/merge.sh' '$parameters' '$night'")"
echo "night $night: shards $array, merge $merge, summary $folder/$night/summary.md"
