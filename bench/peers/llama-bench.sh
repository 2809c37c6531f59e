#!/bin/sh
# Runs a llama-bench over models with one and two threads.
#   llama-bench.sh RESULT.txt LLAMA-BENCH [its own options --] MODEL.gguf ...
# RESULT.txt gets every command as it ran, the machine's load before it, and
# its table. REPEAT=N sets the repetitions (3), THREADS="1 2" the threads,
# UNDER="./quiet.py" puts a command before every run.
set -eu
result=$1 bench=$2
shift 2
options=
case " $* " in
*" -- "*)
    while [ "$1" != -- ]; do options="$options $1"; shift; done
    shift ;;
esac
: > "$result"
for model; do
    for t in ${THREADS:-1 2}; do
        # word splitting of the options is meant
        set -- "$bench" -m "$model" -t "$t" -p 512 -n 64 -r "${REPEAT:-3}" $options
        { echo "\$ $*"; echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"; } >> "$result"
        ${UNDER:-} "$@" 2>&1 | grep '^|\|rror\|quiet: this' >> "$result" || echo failed >> "$result"
    done
done
