#!/bin/sh
# Copies the rows of src/Dum/Host/Data into check_gpu.sh, into the quoted string of its function 'rules'.
set -eu
cd "$(dirname "$0")/.."
awk -v quote="'" '
  FNR == 1 { file++ }
  file < 3 { if ($0 != "" && !/^#/ && !/^bandwidth /) { gsub(quote, quote "\\" quote quote); rows = rows $0 "\n" } next }
  inside && $0 == quote { inside = 0 }
  !inside { print }
  /^rules\(\) / { found = 1 }
  found && $0 ~ ("printf .* " quote "$") { printf "%s", rows; inside = 1; found = 0 }
' src/Dum/Host/Data/host-rules.txt src/Dum/Host/Data/host-problems.txt check_gpu.sh >check_gpu.sh.tmp
chmod +x check_gpu.sh.tmp
mv check_gpu.sh.tmp check_gpu.sh
