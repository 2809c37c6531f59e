#!/usr/bin/env bash
# Trains models/default, the scene model that ships: Russian and English, 8,192 hyperwords, 10 million parameters.
# Give it the folder with the unpacked training texts; about 90 minutes of one core (--threads 1) or less of two, 2 GB of memory.
#
#   models/scenes.recipe.sh TEXTS [OUT]
#
# A part of every text is taken by document number, in the proportions of the balance that the texts came with; the lexicon
# is learned from the same mixture. The number of steps is fixed, so the result is the same bits on every machine and for
# every number of threads.
set -euo pipefail
texts=${1:?give the folder with en_wiki.train.txt and the others}
here=$(cd "$(dirname "$0")/.." && pwd)
out=${2:-$here/models/default}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/mix"

every() { # NAME N K: the documents whose number leaves K when divided by N
  awk -v n="$2" -v k="$3" 'BEGIN { RS = "<\\|endoftext\\|>\n" } NR % n == k { printf "%s<|endoftext|>\n", $0 }' "$texts/$1.train.txt" > "$work/mix/$1.txt"
}
every en_wiki 4 1; every en_lit 5 1; every en_speeches 1 0
every ru_lit 4 1; every ru_drama 4 1; every ru_stories 3 1; every ru_misc 3 1; every ru_news 1 0; every ru_tech 6 1
cp "$texts/chat.train.jsonl" "$work/mix/chat.jsonl"

dotnet build -c Release "$here/src/Dum.App" > /dev/null
dum=$here/artifacts/bin/Dum.App/release/dum
"$dum" lexicon train "$work/mix" -o "$work/mix.dumlex" --size 8192
"$dum" train "$work/mix" -o "$work/model" --lexicon "$work/mix.dumlex" --preset scene-3m --sizes pairs=20480 --rate 0.006 --steps 1700
"$dum" export "$work/model" -o "$out" --as bf16 --force
