#!/bin/sh
# Copies the rows of src/Dum/Host/Data into check_gpu.sh, between the two RULES marks.
set -eu
cd "$(dirname "$0")/.."
new=$(awk '
  FNR == 1 { file++ }
  file == 1 || file == 2 { if ($0 != "" && !/^#/ && !/^bandwidth /) rows = rows $0 "\n"; next }
  /^RULES$/ { inside = 0 }
  !inside { print }
  /<<.RULES.$/ { printf "%s", rows; inside = 1 }
' src/Dum/Host/Data/host-rules.txt src/Dum/Host/Data/host-problems.txt check_gpu.sh)
printf '%s\n' "$new" >check_gpu.sh.tmp
chmod +x check_gpu.sh.tmp
mv check_gpu.sh.tmp check_gpu.sh
