#!/usr/bin/env bash
# Trains models/words.dumvec, the word vectors that ship: 24,000 Russian and English stems. Give it the folder with the unpacked
# training texts; about three CPU minutes and 1 GB of memory.
#
#   models/words.recipe.sh TEXTS [OUT]
set -euo pipefail
texts=${1:?give the folder with en_wiki.train.txt and the others}
out=${2:-models/words.dumvec}
here=$(cd "$(dirname "$0")/.." && pwd)

dotnet run -c Release --project "$here/src/Dum.App" -- memory words \
  "$texts"/{en_wiki,en_lit,en_speeches,ru_lit,ru_drama,ru_misc,ru_news,ru_stories,ru_tech}.train.txt "$texts/chat.train.jsonl" -o "$out"
