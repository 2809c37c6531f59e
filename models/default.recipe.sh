#!/usr/bin/env bash
# Trains models/default.dumlex, the lexicon that ships: Russian and English, 65,536 hyperwords, with the fold coder's
# statistics. Give it the folder with the unpacked training texts; about two CPU minutes and 3 GB of memory.
#
#   models/default.recipe.sh TEXTS [OUT]
#
# The weights (PATH@WEIGHT) bring small domains up and the repetitive stories down; they were chosen on the validation
# texts, never on the test texts. The result is the same bytes on every machine and for every number of threads.
set -euo pipefail
texts=${1:?give the folder with en_wiki.train.txt and the others}
out=${2:-models/default.dumlex}
here=$(cd "$(dirname "$0")/.." && pwd)

dotnet run -c Release --project "$here/src/Dum.App" -- lexicon train \
  "$texts/en_wiki.train.txt" "$texts/en_lit.train.txt@0.8" "$texts/en_speeches.train.txt@5" "$texts/chat.train.jsonl@1.5" \
  "$texts/ru_lit.train.txt@1.1" "$texts/ru_drama.train.txt@2" "$texts/ru_misc.train.txt@2" "$texts/ru_news.train.txt@6" \
  "$texts/ru_stories.train.txt@0.3" "$texts/ru_tech.train.txt@2" \
  -o "$out" --size 65536 --force
