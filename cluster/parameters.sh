# Sourced: `value KEY` says what a flat YAML file, $parameters, has for a key; options_of_a_shard, what all commands share.
value() {
    sed -n "s/^$1:[[:space:]]*//p" "$parameters" | sed -e 's/[[:space:]]*#.*$//' -e 's/[[:space:]]*$//' -e "s/^[\"']\(.*\)[\"']\$/\1/"
}

# option KEY: `--KEY VALUE`, nothing where there is no value.
option() {
    local found
    found="$(value "$1")"
    [ -z "$found" ] || printf -- '--%s %s' "$1" "$found"
}

flatcert="$(value flatcert)"
folder="$(value folder)"
shards="$(value shards)"
