#!/usr/bin/env bash
# Kills imports, deletions and repairs at random moments, then checks that nothing was lost or doubled.
# scripts/kill_memory.sh DUM EXPORT.json KILLS — DUM is the built command, EXPORT a ChatGPT export.
set -u
dum=$1 export=$2 kills=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$dum" import "$export" --memory "$dir/whole" --json >/dev/null || exit 2
want=$("$dum" memory show --memory "$dir/whole" --json | grep -o '"conversations":[0-9]*,"episodes":[0-9]*,"turns":[0-9]*')
for ((i = 0; i < kills; i++)); do
  if ((i % 10 == 9)); then rm -rf "$dir/m"; fi
  "$dum" import "$export" --memory "$dir/m" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 9 + 1))"; ((i % 3)) || sleep 1
  kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
done
"$dum" import "$export" --memory "$dir/m" >/dev/null || exit 1
got=$("$dum" memory show --memory "$dir/m" --json | grep -o '"conversations":[0-9]*,"episodes":[0-9]*,"turns":[0-9]*')
"$dum" memory check --memory "$dir/m" || exit 1
[ "$want" = "$got" ] && echo "imports: $kills kills, $got" || { echo "imports: want $want, got $got"; exit 1; }
id=$("$dum" recall the --memory "$dir/m" --json -b 200 | grep -o '"id":"[0-9]*' | head -1 | grep -o '[0-9]*')
for ((i = 0; i < kills / 4; i++)); do
  "$dum" memory forget "${id:-1}" --yes --memory "$dir/m" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 9 + 1))"
  kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
done
"$dum" memory forget "${id:-1}" --yes --memory "$dir/m" >/dev/null 2>&1
echo "after forgetting conversation ${id:-1}: $("$dum" memory show --memory "$dir/m" --json | grep -o '"conversations":[0-9]*,"episodes":[0-9]*,"turns":[0-9]*')"
want=$("$dum" memory show --memory "$dir/m" --json | grep -o '"conversations":[0-9]*,"episodes":[0-9]*,"turns":[0-9]*')
for ((i = 0; i < kills / 4; i++)); do
  "$dum" memory repair --memory "$dir/m" -o "$dir/mended" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 9 + 1))"
  kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
  if [ -e "$dir/mended" ]; then "$dum" memory check --memory "$dir/mended" >/dev/null || { echo "a killed repair left a memory that is not sound"; exit 1; }; rm -rf "$dir/mended"; fi
done
"$dum" memory repair --memory "$dir/m" -o "$dir/mended" >/dev/null || exit 1
got=$("$dum" memory show --memory "$dir/mended" --json | grep -o '"conversations":[0-9]*,"episodes":[0-9]*,"turns":[0-9]*')
[ "$want" = "$got" ] && echo "repairs: $((kills / 4)) kills, $got" || { echo "repairs: want $want, got $got"; exit 1; }
