#!/bin/sh
# check_gpu.sh: can this machine's GPU run language models, and if not, what exactly mends it.
# One file for any server: dash, busybox sh or bash, with awk. Writes nothing, needs no root, knows no network.
# The verdicts are those of 'dum check'; both read the rows at the end of this file.
# shellcheck disable=SC2016 # awk's dollars are awk's

usage() {
  say "usage: sh check_gpu.sh [--json | --ids | --fix | --record] [--docker] [--host FILE]

  --json         the verdict as JSON
  --ids          the verdict in one line, then one problem:fix a line
  --fix          a script of the fixes; it is printed, never run
  --record       what was read from this machine, without serial numbers; 'dum check --host FILE' reads it
  --docker       also start a test container
  --host FILE    judge a recorded machine instead of this one
  --help         this text

exit status: 0 ready, 1 something is blocked or unknown, 2 bad arguments, 3 something is missing
language: DUM_LANG=ru or en, else LC_ALL, LC_MESSAGES, LANG" \
"запуск: sh check_gpu.sh [--json | --ids | --fix | --record] [--docker] [--host ФАЙЛ]

  --json         вердикт в JSON
  --ids          вердикт одной строкой, затем по строке на проблему: проблема:исправление
  --fix          скрипт исправлений; он печатается и никогда не запускается
  --record       что прочитано с этой машины, без серийных номеров; читает 'dum check --host ФАЙЛ'
  --docker       заодно запустить пробный контейнер
  --host ФАЙЛ    судить о записанной машине, а не об этой
  --help         эта справка

код возврата: 0 готово, 1 что-то не работает или неизвестно, 2 неверные аргументы, 3 чего-то нет
язык: DUM_LANG=ru или en, иначе LC_ALL, LC_MESSAGES, LANG"
}

tongue=en
for name in "${DUM_LANG:-}" "${LC_ALL:-}" "${LC_MESSAGES:-}" "${LANG:-}"; do
  [ -n "$name" ] || continue
  case $name in [rR][uU]*) tongue=ru ;; esac
  break
done
say() { if [ "$tongue" = ru ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }

mode=text live='' file=''
while [ $# -gt 0 ]; do
  case $1 in
    --json|--ids|--fix|--record) mode=${1#--} ;;
    --docker) live=yes ;;
    --host) [ $# -ge 2 ] || { say "check_gpu.sh: --host needs a file" "check_gpu.sh: после --host нужен файл" >&2; exit 2; }
            file=$2; shift ;;
    --help|-h) usage; exit 0 ;;
    *) say "check_gpu.sh: unknown argument '$1'; see --help" "check_gpu.sh: неизвестный аргумент '$1'; см. --help" >&2; exit 2 ;;
  esac
  shift
done

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/wsl/lib:/opt/rocm/bin:/usr/local/cuda/bin
LC_ALL=C LANGUAGE=C
export PATH LC_ALL LANGUAGE
if command -v awk >/dev/null 2>&1; then awk='awk'
elif command -v busybox >/dev/null 2>&1; then awk='busybox awk'
else say "check_gpu.sh: awk is missing; install it (package gawk or mawk)" "check_gpu.sh: нет awk; установите его (пакет gawk или mawk)" >&2; exit 3; fi

# ---- reading the machine -------------------------------------------------------------------------------------------

# Printable ASCII only, no serial numbers, no line that looks like a section's head.
clean() {
  head -c 262144 | tr '\t' ' ' | tr -cd '\n -~' |
    sed -e 's#/home/[^/ ]*#~#g' -e 's/GPU-[0-9a-fA-F]\{8\}-[0-9a-fA-F-]*/GPU-0/g' -e 's/MIG-[0-9a-fA-F]\{8\}-[0-9a-fA-F-]*/MIG-0/g' -e 's/^\(==\|\\\)/\\&/' -e 's/^==/\\==/' | cut -c 1-4096
}

if command -v timeout >/dev/null 2>&1 && timeout 1 true >/dev/null 2>&1; then
  limited() { timeout -s KILL "$@"; }
else
  # No timeout(1): a watcher kills the command; its own output goes nowhere, so nobody waits for it.
  limited() {
    seconds=$1; shift
    "$@" & child=$!
    { sleep "$seconds"; kill -9 "$child"; } >/dev/null 2>&1 & watcher=$!
    wait "$child" 2>/dev/null; status=$?
    kill "$watcher" 2>/dev/null
    return $status
  }
fi

# section ID LIMIT COMMAND…: a command's answer; 'section ID file PATH': a file's text.
section() {
  id=$1; shift
  if [ "$1" = file ]; then
    if [ -r "$2" ]; then
      printf '== %s\n' "$id"
      answer=$(clean <"$2" 2>/dev/null)
      [ -z "$answer" ] || printf '%s\n' "$answer"
    elif [ -e "$2" ]; then printf '== %s denied\n' "$id"
    else printf '== %s absent\n' "$id"; fi
    return
  fi
  limit=$1; shift
  command -v "$1" >/dev/null 2>&1 || { printf '== %s absent\n' "$id"; return; }
  answer=$( { limited "$limit" "$@" </dev/null 2>&1; echo "exit=$?"; } | tail -c 262144)
  exit=${answer##*exit=}
  answer=${answer%exit=*}
  case $exit in
    124|137) printf '== %s timeout\n' "$id" ;;
    *) printf '== %s exit=%s\n' "$id" "$exit"; [ -z "$answer" ] || printf '%s\n' "$answer" | clean | sed -e '/^$/d' ;;
  esac
}

# keep ID PATTERN: passes a section on with only the lines that matter.
keep() { $awk -v pattern="$1" '/^== /{print; next} tolower($0) ~ pattern'; }

listing() { printf '== %s\n' "$1"; }

read_line() { line=''; [ -r "$1" ] && IFS= read -r line <"$1" 2>/dev/null; printf '%s' "$line"; }

cards() {
  [ -d /sys/bus ] || { echo '== pci absent'; return; }
  listing pci
  for device in /sys/bus/pci/devices/*; do
    [ -d "$device" ] || continue
    class=$(read_line "$device/class")
    case $class in 0x03*|0x12*) ;; *) continue ;; esac
    driver=$(readlink "$device/driver" 2>/dev/null)
    printf '%s vendor=%s device=%s class=%s driver=%s\n' "${device##*/}" "$(read_line "$device/vendor")" "$(read_line "$device/device")" "$class" "${driver##*/}"
  done
}

devices() {
  listing dev
  for node in /dev/nvidia* /dev/kfd /dev/dri/renderD* /dev/dxg; do
    [ -c "$node" ] || continue
    may=--; [ -r "$node" ] && [ -w "$node" ] && may=rw
    printf '%s %s\n' "$(stat -c '%n %A %u %g' "$node" 2>/dev/null)" "$may"
  done
}

compute_nodes() {
  [ -d /sys/class/kfd/kfd/topology/nodes ] || { echo '== kfd absent'; return; }
  listing kfd
  for node in /sys/class/kfd/kfd/topology/nodes/*; do
    $awk -v node="${node##*/}" '{v[$1]=$2} END{printf "node=%s gfx=%d vendor=%d device=%d\n", node, v["gfx_target_version"], v["vendor_id"], v["device_id"]}' "$node/properties" 2>/dev/null
  done
}

# A driver that does not know a field refuses the whole query: take that field out and ask again.
nvidia_query() {
  fields=index,name,pci.bus_id,driver_version,compute_cap,memory.total,memory.used,memory.free,pcie.link.gen.gpucurrent,pcie.link.gen.gpumax,pcie.link.gen.hostmax,pcie.link.gen.max,pcie.link.width.current,pcie.link.width.max,pstate,mig.mode.current,ecc.mode.current,ecc.errors.uncorrected.volatile.total,retired_pages.pending,clocks_event_reasons.active,power.draw,power.limit,power.default_limit,temperature.gpu,compute_mode,fabric.state
  tries=0
  while :; do
    table=$(section nvidia-query 10 nvidia-smi "--query-gpu=$fields" --format=csv,nounits)
    bad=$(printf '%s\n' "$table" | sed -n 's/.*Field "\([a-z_.]*\)" is not a valid field to query.*/\1/p' | head -n 1)
    tries=$((tries + 1))
    if [ -z "$bad" ] || [ $tries -ge 12 ]; then break; fi
    new=''
    [ "$bad" = clocks_event_reasons.active ] && new=clocks_throttle_reasons.active
    [ "$bad" = pcie.link.gen.gpucurrent ] && new=pcie.link.gen.current
    fields=$(printf '%s' "$fields" | $awk -v RS=, -v bad="$bad" -v new="$new" '{sub(/\n$/, "")} $0 == bad {if (new != "") printf "%s%s", s, new; else next} $0 != bad {printf "%s%s", s, $0} {s = ","}')
  done
  printf '%s\n' "$table"
}

nvidia_answers() {
  nvidia_query
  # Who did not answer once will not answer at the second and third time.
  case $table in *timeout) return ;; esac
  # Each call wakes an idle card, so the rest is only asked for when it can matter.
  if [ "$mode" = record ] || ! printf '%s\n' "$table" | grep -q '^index, '; then section nvidia-smi 10 nvidia-smi; fi
  case $mode$table in record*|*Enabled*) section nvidia-list 10 nvidia-smi -L ;; esac
  if printf '%s\n' "$table" | grep -q '^index, '; then
    section nvidia-apps 10 nvidia-smi --query-compute-apps=pid,process_name,used_gpu_memory --format=csv
  fi
}

torch_look='import importlib.util,os,re,sys
s=importlib.util.find_spec("torch")
h=os.path.expanduser("~")
print("python="+("~"+sys.executable[len(h):] if sys.executable.startswith(h+"/") else sys.executable))
if s and s.origin:
    t=open(os.path.join(os.path.dirname(s.origin),"version.py")).read()
    for k,n in (("__version__","torch"),("cuda","cuda"),("hip","hip")):
        m=re.search(r"^"+k+r"[^=\n]*=\s*\x27?([^\x27\n]*)\x27?",t,re.M)
        print(n+"="+(m.group(1) if m else "None"))'

collect() {
  echo 'dum-host 1'
  section os-release file /etc/os-release
  listing kernel; cut -d ' ' -f 1-3 /proc/version 2>/dev/null | clean
  listing machine; uname -m
  listing cmdline; tr ' ' '\n' </proc/cmdline 2>/dev/null | grep -E '^(nomodeset$|vfio-pci.ids|modprobe.blacklist)' | clean
  listing container
  if [ -e /.dockerenv ]; then echo docker; elif [ -e /run/.containerenv ]; then echo podman
  elif [ -n "${container:-}" ]; then printf '%s\n' "$container" | clean; elif [ -n "${KUBERNETES_SERVICE_HOST:-}" ]; then echo kubernetes; fi
  listing env
  env | grep -E '^(CUDA_VISIBLE_DEVICES|NVIDIA_VISIBLE_DEVICES|HIP_VISIBLE_DEVICES|ROCR_VISIBLE_DEVICES|GPU_DEVICE_ORDINAL|GGML_VK_VISIBLE_DEVICES|HSA_OVERRIDE_GFX_VERSION|WSL_DISTRO_NAME)=' | clean
  cards
  if [ -r /proc/modules ]; then listing modules; else echo '== modules absent'; fi
  $awk '$1 ~ /^(nvidia|nvidia_uvm|nvidia_drm|nvidia_modeset|nouveau|amdgpu|radeon|vfio_pci)$/ {printf "%s ", $1} END {print ""}' /proc/modules 2>/dev/null
  devices
  compute_nodes
  section rocm file /opt/rocm/.info/version
  section amdgpu-version file /sys/module/amdgpu/version
  listing wsl
  [ -e /dev/dxg ] && echo dxg=yes
  for lib in /usr/lib/wsl/lib/libcuda.so*; do [ -e "$lib" ] && { echo lib=yes; break; }; done
  for lib in /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.* /usr/lib64/libnvidia-ml.so.*; do [ -e "$lib" ] && printf 'linux-driver=%s\n' "$lib"; done
  listing toolkits
  for folder in /usr/local/cuda*; do
    [ -r "$folder/version.json" ] || continue
    $awk -v folder="$folder" '/"cuda"/ {in_cuda = 1} in_cuda && /"version"/ {split($0, c, "\""); print folder, c[4]; exit}' "$folder/version.json"
  done
  section nvidia-version file /proc/driver/nvidia/version
  if command -v mokutil >/dev/null 2>&1; then section secure-boot 2 mokutil --sb-state
  else
    variable=/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
    if [ -r $variable ]; then listing secure-boot; od -An -tu1 -N 5 $variable; else echo '== secure-boot absent'; fi
  fi
  section modinfo-nvidia 2 modinfo nvidia | keep '^(filename|version|license|signer)|error'
  section kernel-log 2 dmesg | keep 'nvrm|nvidia|nouveau|rejected|required key not available|lockdown:|amdgpu|kfd|not permitted'
  section dkms 2 dkms status
  section libraries 2 ldconfig -p | keep 'lib(cuda|nvidia-ml|cudnn|nvrtc|cublas|amdhip64|hsa-runtime64|rocblas|opencl)[.]so|found in cache|^ldconfig:'
  nvidia_answers
  section torch 2 python3 -c "$torch_look"
  section docker 2 docker info --format '{{.ServerVersion}}|{{.CgroupDriver}}|{{range $k, $v := .Runtimes}}{{$k}} {{end}}'
  listing container-toolkit
  command -v nvidia-ctk >/dev/null 2>&1 && limited 2 nvidia-ctk --version 2>/dev/null | sed -n 's/.*version \([0-9][0-9.]*\).*/nvidia-ctk=\1/p' | head -n 1
  for cdi in /etc/cdi/*nvidia* /var/run/cdi/*nvidia*; do
    [ -r "$cdi" ] && printf 'cdi=%s\n' "$(sed -n 's/.*libcuda\.so\.\([0-9][0-9.]*\).*/\1/p' "$cdi" | head -n 1)"
  done
  grep -q 'native.cgroupdriver=cgroupfs' /etc/docker/daemon.json 2>/dev/null && echo cgroup=cgroupfs
  [ -z "$live" ] || section docker-live 60 docker run --rm --gpus all ubuntu nvidia-smi -L
  [ "$mode" = record ] || return 0
  listing date; date -u +%Y-%m-%d
  section meminfo file /proc/meminfo | grep -E '^(== |Mem)'
  listing cpuinfo; $awk -F: '/^(processor|model name|physical id|core id|Features)/ || (/^flags/ && !seen++)' /proc/cpuinfo 2>/dev/null | clean
  section cgroup-memory file /sys/fs/cgroup/memory.max
  listing disk; df -Pk "${HOME:-/}" 2>/dev/null | $awk 'NR == 2 {print $4}'
  listing amd-memory
  for card in /sys/class/drm/card?; do
    [ -r "$card/device/mem_info_vram_total" ] && printf '%s total=%s used=%s\n' "${card##*/}" "$(read_line "$card/device/mem_info_vram_total")" "$(read_line "$card/device/mem_info_vram_used")"
  done
  return 0
}

if [ -n "$file" ]; then
  [ -r "$file" ] || { say "check_gpu.sh: $file: no such file, or you may not read it" "check_gpu.sh: $file: нет такого файла или доступа к нему" >&2; exit 3; }
  [ "$(head -c 10 "$file")" = 'dum-host 1' ] || { say "check_gpu.sh: $file is not a recording of a host; make one with --record" "check_gpu.sh: $file — не запись машины; сделайте её с --record" >&2; exit 2; }
fi
if [ "$mode" = record ]; then
  collect
  exit 0
fi

# ---- judging it ----------------------------------------------------------------------------------------------------

# Held in a quoted string and not in a here-document, because bash writes those to a file.
program='
# Rules first, then a line \047@@\047, then the recording.
!recorded && $0 == "@@" { recorded = 1; next }
!recorded {
  if ($0 == "" || /^#/) next
  n = split($0, c, / \| /)
  for (i = 1; i <= n; i++) gsub(/\\\|/, "|", c[i])
  t = c[1]; r = ++rows[t]
  for (i = 2; i <= n; i++) cell[t, r, i - 1] = c[i]
  if (!((t, c[2]) in row)) row[t, c[2]] = r
  if (t == "fix") fixrow[c[2], c[3]] = r
  next
}
/^== / {
  id = $2; state[id] = "present"; exitcode[id] = ""; text[id] = ""; size[id] = 0
  for (i = 3; i <= NF; i++) {
    if ($i == "absent" || $i == "denied" || $i == "timeout") state[id] = $i
    else if ($i ~ /^exit=[0-9]+$/) exitcode[id] = substr($i, 6) + 0
  }
  next
}
# No more of a section than dum keeps; a longer one would cost time in the square of its length.
id != "" && size[id] < 262144 { sub(/^\\/, ""); size[id] += length($0) + 1; text[id] = text[id] $0 "\n" }

# -- small tools
function ver(s,   n, p, i, v) {    # a version as one number, -1 when there is none; an absurd part ends it
  sub(/^ */, "", s); sub(/^[vV]/, "", s)
  if (s !~ /^[0-9]/) return -1
  match(s, /^[0-9.]+/); n = split(substr(s, 1, RLENGTH), p, "."); v = 0
  for (i = 1; i <= 3 && i <= n; i++) {
    if (p[i] == "" || length(p[i]) > 9 || p[i] > 99999) { if (i == 1) return -1; break }
    v += p[i] * (i == 1 ? 1e10 : i == 2 ? 1e5 : 1)
  }
  return v
}
function major(v) { return int(v / 1e10) }
function minor(v) { return int(v / 1e5) % 100000 }
function whole(s) { return s ~ /^[0-9]+$/ && length(s) < 10 }
function hex(s,   i, v) { v = 0; s = tolower(s); for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return v }
function bit(v, b) { return int(v / b) % 2 }
function has(s, part) { return index(tolower(s), tolower(part)) > 0 }
function there(id) { return (id in state) && state[id] == "present" }
function gone(id) { return !(id in state) || state[id] == "absent" }
function pair(id, key,   l, n, i, v) {
  n = split(text[id], l, "\n"); v = ""
  for (i = 1; i <= n; i++) if (index(l[i], key "=") == 1) { v = substr(l[i], length(key) + 2); gsub(/^["\047 ]+|["\047 ]+$/, "", v); found = 1 }
  return v
}
function has_pair(id, key) { return index("\n" text[id], "\n" key "=") > 0 }
function first(s,   l, n, i) { n = split(s, l, "\n"); for (i = 1; i <= n; i++) if (l[i] !~ /^ *$/) { sub(/^ +/, "", l[i]); sub(/ +$/, "", l[i]); return substr(l[i], 1, 160) } return "" }
function at_most(table, key, column,   i, best) { best = ""; for (i = 1; i <= rows[table]; i++) if (ver(cell[table, i, 1]) <= key) best = i; return best == "" ? "" : cell[table, best, column] }
function pci_cap(device,   i, best) { for (i = 1; i <= rows["pci"]; i++) if (hex(cell["pci", i, 1]) <= device) best = cell["pci", i, 2]; return ver(best) }
function cuda_row(v,   i, best) {
  best = 0
  for (i = 1; i <= rows["cuda"]; i++) if (major(ver(cell["cuda", i, 1])) == major(v)) { if (ver(cell["cuda", i, 1]) <= v) best = i; else if (!best) { best = i; break } }
  return best
}
function fill(s,   slot, from, to, out) {
  out = ""
  while ((from = index(s, "%")) > 0) {
    to = index(substr(s, from + 1), "%"); slot = to ? substr(s, from + 1, to - 1) : ""
    if (slot != "" && (slot in V)) { out = out substr(s, 1, from - 1) V[slot]; s = substr(s, from + to + 1) }
    else { out = out substr(s, 1, from); s = substr(s, from + 1) }
  }
  return out s
}
function find_fix(id,   i) {
  if ((id, "=") in fixrow) { i = fixrow[id, "="]; borrowed = cell["fix", i, 3]; find_fix(borrowed); fix_verify = cell["fix", i, 4]; fix_id = borrowed; return }
  for (i = 1; i <= keys; i++) if ((id, key[i]) in fixrow) { fix_id = id; fix_command = cell["fix", fixrow[id, key[i]], 3]; fix_verify = cell["fix", fixrow[id, key[i]], 4]; return }
}
function add(id, recipe,   r, what, i) {
  r = row["problem", id]; find_fix(recipe == "" ? id : recipe)
  what = fill(cell["problem", r, tongue == "ru" ? 6 : 5])
  for (i = 1; i <= problems; i++) if (pid[i] == id && pwhat[i] == what) return
  problems++; seen[id] = 1
  pid[problems] = id; prank[problems] = cell["problem", r, 2]; psev[problems] = cell["problem", r, 3]; pcaps[problems] = " " cell["problem", r, 4] " "
  pwhat[problems] = what; pwhy[problems] = fill(cell["problem", r, tongue == "ru" ? 8 : 7])
  pfixid[problems] = fix_id; pfix[problems] = fill(fix_command); pverify[problems] = fill(fix_verify)
}
function weight(s) { return s == "block" ? 3 : s == "unknown" ? 2 : s == "limit" ? 1 : 0 }

# -- facts
function add_key(k,   i) { if (k == "") return; for (i = 1; i <= keys; i++) if (key[i] == k) return; key[++keys] = k }
function read_system(   os, like, n, w, i, f, k) {
  os = tolower(pair("os-release", "ID")); version = pair("os-release", "VERSION_ID"); split(version, w, "."); osmajor = w[1] ~ /^[0-9]+$/ ? w[1] : ""
  name = pair("os-release", "PRETTY_NAME"); if (name == "") name = pair("os-release", "NAME")
  k = text["kernel"]; split(k, w, /[ \n]/); kernel = w[1] == "Linux" ? w[3] : ""
  wsl = !has(k, "microsoft") ? 0 : (index(k, "WSL2") || index(k, "microsoft-standard")) ? 2 : 1
  container = first(text["container"])
  if (container != "") add_key("container")
  if (wsl) add_key("wsl")
  arm = first(text["machine"]) ~ /^(aarch64|arm64)$/
  image = pair("os-release", "VARIANT_ID") ~ /^(silverblue|kinoite|sericea|onyx|coreos|iot)$/ || has_pair("os-release", "OSTREE_VERSION")
  n = image ? 0 : split(os " " tolower(pair("os-release", "ID_LIKE")), w, / +/)
  for (i = 1; i <= n; i++) {
    f = w[i]
    if (f ~ /^(centos|rocky|almalinux|ol)$/) f = "rhel"; else if (f ~ /^(opensuse|opensuse-leap|opensuse-tumbleweed|sles|sled)$/) f = "suse"; else if (f ~ /^(manjaro|endeavouros)$/) f = "arch"
    if (f == "") continue
    if (w[i] == "manjaro") add_key("manjaro")
    if (w[i] == os && !arm && os !~ /^(sles|sled)$/) add_key(f osmajor)
    add_key(f)
    if (f == "ubuntu") add_key("debian"); else if (f == "rhel") add_key("fedora")
  }
  add_key("any")
  V["osmajor"] = osmajor; V["kernel"] = kernel; V["distro"] = has_pair("env", "WSL_DISTRO_NAME") ? pair("env", "WSL_DISTRO_NAME") : "Ubuntu"
}
function id_of(s) { return s ~ /^0x[0-9a-fA-F]+$/ && length(s) < 7 ? hex(substr(s, 3)) : "" }
function read_cards(   l, n, i, w, m, j, v, d, drv) {
  n = split(text["pci"], l, "\n")
  for (i = 1; i <= n; i++) {
    m = split(l[i], w, " "); v = d = drv = ""
    for (j = 2; j <= m; j++) { if (w[j] ~ /^vendor=/ && v == "") v = substr(w[j], 8); if (w[j] ~ /^device=/ && d == "") d = substr(w[j], 8); if (w[j] ~ /^driver=/ && drv == "") drv = w[j] }
    drv = substr(drv, 8); v = id_of(v); d = id_of(d)
    if (m < 4 || w[1] !~ /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/ || v == "" || d == "") continue
    if (++cards_read > 512) break
    if (v == 4318) { nvcards++; nvbus[nvcards] = tolower(w[1]); nvdev[nvcards] = d; nvdrv[nvcards] = drv }
    if (v == 4098) { amcards++; ambus[amcards] = w[1]; amdev[amcards] = d; amdrv[amcards] = drv }
  }
  n = split(text["dev"], l, "\n")
  for (i = 1; i <= n; i++) if (split(l[i], w, " ") == 5 && w[1] ~ /^\/dev\//) { nodes++; node[nodes] = w[1]; gid[nodes] = w[4]; usable[w[1]] = w[5] == "rw"; exists[w[1]] = 1 }
}
function column(field,   i) { for (i = 1; i <= columns; i++) if (head[i] == field || index(head[i], field " [") == 1) return i; return 0 }
function at(field,   i) { i = column(field); return i ? c[i] : "" }
function mib(field,   i, u, w) {
  i = column(field); if (!i) return ""
  u = head[i] == field ? "[MiB]" : substr(head[i], length(field) + 2)
  if (u != "[MiB]" || (split(c[i], w, " ") > 1 && w[2] != "MiB") || !whole(w[1]) || w[1] > 16777216) return ""
  return w[1] + 0
}
function told(field,   i) { i = column(field); return i ? head[i] " = " c[i] : field " = ?" }
function odd(list, field) { return list (list == "" ? "" : ", ") told(field) }
function is_mask(s) { return s == "" || s == "[N/A]" || s == "N/A" || s == "[Not Supported]" || (s ~ /^0x[0-9a-fA-F]+$/ && length(s) < 19) }
function unified(name, total) { return total == "[N/A]" && (index(name, "GB10") || index(name, "Orin") || index(name, "Thor")) }
function least(a, b) { return whole(a) && whole(b) ? (a + 0 < b + 0 ? a + 0 : b + 0) : "" }
function read_gpus(   l, n, i, j, m, g, w) {
  n = split(text["nvidia-query"], l, "\n"); columns = 0
  for (i = 1; i <= n; i++) {
    m = split(l[i], c, ","); for (j = 1; j <= m; j++) gsub(/^ +| +$/, "", c[j])
    if (c[1] == "index" && m > 3) { columns = m; for (j = 1; j <= m; j++) head[j] = c[j]; continue }
    if (!columns || m != columns || !whole(at("index")) || at("index") > 1023 || at("name") == "" || ver(at("driver_version")) < 0) continue
    g = ++gpus
    gindex[g] = at("index") + 0; gname[g] = at("name"); gdriver[g] = at("driver_version"); gbus[g] = tolower(at("pci.bus_id"))
    gcap[g] = ver(at("compute_cap")); if (major(gcap[g]) < 1 || major(gcap[g]) > 20) gcap[g] = -1
    godd[g] = ""
    if (gdriver[g] !~ /^[0-9]+\.[0-9]+(\.[0-9]+)?$/) godd[g] = odd(godd[g], "driver_version")
    if (column("compute_cap") && gcap[g] < 0) godd[g] = odd(godd[g], "compute_cap")
    if (!is_mask(at("clocks_event_reasons.active"))) godd[g] = odd(godd[g], "clocks_event_reasons.active")
    if (!is_mask(at("clocks_throttle_reasons.active"))) godd[g] = odd(godd[g], "clocks_throttle_reasons.active")
    gtotal[g] = mib("memory.total"); gused[g] = mib("memory.used"); gfree[g] = mib("memory.free"); gfault[g] = ""
    if (gtotal[g] == "" || gused[g] == "" || gfree[g] == "" || gtotal[g] <= 0 || gused[g] > gtotal[g] || gfree[g] > gtotal[g]) {
      gtotal[g] = gused[g] = gfree[g] = ""
      if (!unified(gname[g], at("memory.total"))) gfault[g] = told("memory.total") ", " told("memory.used") ", " told("memory.free")
    }
    ggen[g] = at("pcie.link.gen.gpucurrent"); if (!whole(ggen[g])) ggen[g] = at("pcie.link.gen.current")
    gmax[g] = least(at("pcie.link.gen.gpumax"), at("pcie.link.gen.hostmax")); if (gmax[g] == "") gmax[g] = at("pcie.link.gen.max")
    gwidth[g] = at("pcie.link.width.current"); gwide[g] = at("pcie.link.width.max"); gbusy[g] = at("pstate") ~ /^P[012]$/
    gmig[g] = at("mig.mode.current") == "Enabled"; gecc[g] = at("ecc.errors.uncorrected.volatile.total"); gpages[g] = at("retired_pages.pending") == "Yes"
    gbits[g] = at("clocks_event_reasons.active"); if (gbits[g] !~ /^0x/) gbits[g] = at("clocks_throttle_reasons.active")
    # A double does not hold 64 bits, and those that matter are the low ones.
    gbits[g] = gbits[g] ~ /^0x[0-9a-fA-F]+$/ ? hex(substr(gbits[g], length(gbits[g]) > 10 ? length(gbits[g]) - 7 : 3)) : 0
    split(at("power.limit"), w, " "); glimit[g] = w[1]; split(at("power.default_limit"), w, " "); gpower[g] = w[1]; gheat[g] = at("temperature.gpu")
    gmode[g] = at("compute_mode"); gfabric[g] = at("fabric.state")
  }
}
function is_lost(t) { return has(t, "GPU is lost") || has(t, "Unable to determine the device handle") || has(t, "GPU requires reset") }
function dead_line(t,   l, n, i) { n = split(t, l, "\n"); for (i = 1; i <= n; i++) if (is_lost(l[i])) return first(l[i]); return "" }
function read_smi(   t, e) {
  if (gpus > 0) { smi_line = dead_line(text["nvidia-query"]); return "working" }
  if (gone("nvidia-smi") && gone("nvidia-query")) return "missing"
  if (state["nvidia-smi"] == "timeout" || state["nvidia-query"] == "timeout") return "hung"
  t = text["nvidia-smi"] "\n" text["nvidia-query"]; smi_line = first(t)
  e = exitcode["nvidia-smi"] != "" ? exitcode["nvidia-smi"] : exitcode["nvidia-query"]
  if (has(t, "Driver/library version mismatch")) return "mismatch"
  if (has(t, "couldn\047t find libnvidia-ml") || e == 12) return "nolibrary"
  if (is_lost(t) || e == 15) return "lost"
  if (has(t, "Insufficient Permissions")) return "nopermission"
  if (has(t, "Failed to initialize NVML: Unknown Error")) return "unknownerror"
  if (has(t, "couldn\047t communicate with the NVIDIA driver") || e == 9) return "nodriver"
  if (has(t, "No devices were found")) return "nodevices"
  if (e >= 128 && !has(t, "NVML")) { smi_line = e; return "crashed" }
  if (has(t, "NVML") || e > 0) return "failed"
  return "unreadable"
}
function read_nvidia(   t, l, n, i, w, m, p, q, x) {
  t = text["nvidia-version"]
  if (match(t, /NVRM version:[^\n]*Module( for [^ ]+)? +[0-9]+\.[0-9]+(\.[0-9]+)?/)) { n = split(substr(t, RSTART, RLENGTH), w, / +/); module = w[n] }
  split(text["modules"], w, /[ \n]/); for (i in w) loadedmod[w[i]] = 1
  loaded = module != "" || ("nvidia" in loadedmod)
  info = text["modinfo-nvidia"]
  open = index(t, "Open Kernel Module") || index(info, "Dual MIT/GPL") ? 1 : (index(t, "NVRM version") || info ~ /license: +NVIDIA/) ? 0 : -1
  ondisk = there("modinfo-nvidia") && (exitcode["modinfo-nvidia"] == "" || exitcode["modinfo-nvidia"] == 0) && index(info, "filename")
  secure = index(text["secure-boot"], "SecureBoot enabled") || text["secure-boot"] ~ /^ *[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +1 *\n*$/
  log_text = text["kernel-log"]
  rejected = index(log_text, "Key was rejected by service") || index(log_text, "Required key not available") || index(log_text, "unavailable key is rejected") || index(log_text, "unsigned module is rejected") || index(log_text, "Lockdown: modprobe: unsigned module")
  held = ("\n" text["dkms"]) ~ /\nnvidia[^\n]*(added|installed|built)/
  n = split(log_text, l, "\n")
  for (i = 1; i <= n; i++) if (match(l[i], /NVRM: Xid \([^)]*\): [0-9]+/)) {
    m = split(substr(l[i], RSTART, RLENGTH), w, " "); x = w[m] + 0
    if (index(" 48 62 63 64 74 79 92 94 95 119 120 ", " " x " ") && !(x in xid)) { xid[x] = 1; xids = xids (xids == "" ? "" : ", ") x }
  }
  libcuda = there("libraries") && (exitcode["libraries"] == "" || exitcode["libraries"] == 0) && index(text["libraries"], ".so") ? (index(text["libraries"], "libcuda.so.1") > 0) : -1
  n = split(text["nvidia-list"], l, "\n"); slot = 0
  for (i = 1; i <= n; i++) { if (l[i] ~ /^GPU /) slot++; else if (slot && l[i] ~ /^ *MIG /) slices[slot - 1]++ }
  n = split(text["nvidia-apps"], l, "\n")
  for (i = 1; i <= n; i++) if (split(l[i], w, ", ") == 3 && whole(w[1])) { m = split(w[2], p, "/"); split(p[m], q, " "); holders = holders (holders == "" ? "" : ", ") q[1] " " w[3] }
  toolkit = -1; n = split(text["toolkits"], l, "\n")
  for (i = 1; i <= n; i++) if (split(l[i], w, " ") == 2 && ver(w[2]) > toolkit && major(ver(w[2])) >= 1 && major(ver(w[2])) < 100) toolkit = ver(w[2])
  cudnn = match(text["libraries"], /libcudnn\.so\.[89]/) ? substr(text["libraries"], RSTART + 12, 1) : ""
  for (i = 1; i <= nodes; i++) if (node[i] ~ /^\/dev\/nvidia[0-9]/) anycard++
  driver = gpus > 0 ? gdriver[1] : module
  was_seen = nvcards > 0 || gpus > 0 || loaded || ("/dev/nvidia0" in exists)
  oldest = -1
  for (i = 1; i <= gpus; i++) if (gcap[i] >= 0 && (oldest < 0 || gcap[i] < oldest)) oldest = gcap[i]
  for (i = 1; i <= nvcards; i++) if (oldest < 0 || pci_cap(nvdev[i]) < oldest) oldest = pci_cap(nvdev[i])
  installer = oldest >= 0 && oldest < ver("7.5") ? "install.closed" : "install.open"
  for (i = nvcards; i >= 1; i--) { if (pci_cap(nvdev[i]) < ver("7.5")) older = i; if (at_most("arch", pci_cap(nvdev[i]), 4) == "must") newer = i }
  mixed = older && newer; if (mixed) installer = "install.open"
  cardname = gpus > 0 ? gname[1] : nvcards > 0 ? sprintf("NVIDIA %s (10de:%04x)", at_most("arch", pci_cap(nvdev[1]), 2), nvdev[1]) : "NVIDIA"
  smi = read_smi()
  present = was_seen || smi ~ /^(hung|unreadable|mismatch|lost|unknownerror|crashed)$/
}

# -- NVIDIA
function rule_wsl() {
  if (wsl == 1) add("wsl.version1")
  else if (has_pair("wsl", "linux-driver")) { V["have"] = pair("wsl", "linux-driver"); add("wsl.linux-driver") }
  else if (!has_pair("wsl", "dxg")) { V["have"] = "/dev/dxg"; add("wsl.no-driver") }
  else if (!has_pair("wsl", "lib")) { V["have"] = "/usr/lib/wsl/lib/libcuda.so.1"; add("wsl.no-driver") }
  else return 1
  return 0
}
function all_driver(drv, n, want,   i) { for (i = 1; i <= n; i++) if (drv[i] != want) return 0; return n > 0 }
function any_driver(drv, n, want,   i) { for (i = 1; i <= n; i++) if (drv[i] == want) return 1; return 0 }
function rule_host_driver(   nouveau) {
  if (loaded) return 1
  V["gpu"] = cardname
  if (all_driver(nvdrv, nvcards, "vfio-pci")) { V["bus"] = nvbus[1]; add("nvidia.vfio"); return 0 }
  if (all_cards_below(ver("5.0"))) { V["arch"] = cell["arch", 1, 2]; add("nvidia.too-old"); return 0 }
  nouveau = any_driver(nvdrv, nvcards, "nouveau") || ("nouveau" in loadedmod)
  if (nouveau) add("nvidia.nouveau")
  if (secure && (rejected || (ondisk && !nouveau))) add("nvidia.secure-boot", index(info, "/extra/nvidia/") && !held ? "secure-boot.akmods" : "")
  else if (!ondisk && held) { V["have"] = kernel; add("nvidia.dkms") }
  else if (!ondisk) add("nvidia.driver-missing", installer)
  else if (!nouveau) add("nvidia.module-not-loaded")
  return 0
}
function any_card_from(cap,   i) { for (i = 1; i <= nvcards; i++) if (pci_cap(nvdev[i]) >= cap) return 1; return 0 }
function all_cards_below(cap,   i) { for (i = 1; i <= nvcards; i++) if (pci_cap(nvdev[i]) >= cap) return 0; return nvcards > 0 }
function rule_answer() {
  V["have"] = module; V["branch"] = driver == "" ? 580 : major(ver(driver)); V["gpu"] = cardname
  if (smi == "missing") add("nvidia.smi-missing")
  else if (smi == "hung") add("nvidia.smi-hang")
  else if (smi == "mismatch") add("nvidia.mismatch")
  else if (smi == "nolibrary") add("nvidia.nvml-missing")
  else if (smi == "lost" || (smi == "working" && smi_line != "")) { V["have"] = smi_line; add("nvidia.fell-off") }
  else if (smi == "nopermission") { V["have"] = "/dev/nvidia*"; V["nodes"] = "/dev/nvidia[0-9]* /dev/nvidiactl /dev/nvidia-uvm"; add("nvidia.node-permission") }
  else if (smi == "unknownerror" && container != "") add("nvidia.container-lost")
  else if (smi == "nodevices" && (index(log_text, "requires use of the NVIDIA open kernel modules") || (open == 0 && any_card_from(ver("10.0"))))) add("nvidia.open-needed")
  else if (smi == "nodevices" && (index(log_text, "not supported by open") || (open == 1 && all_cards_below(ver("7.5"))))) add("nvidia.open-unsupported")
  else if (smi == "nodevices" && driver != "" && major(ver(driver)) > 580 && all_cards_below(ver("7.5"))) { V["have"] = module; add("nvidia.driver-new") }
  else if (smi == "nodevices" && (79 in xid)) { V["have"] = "Xid 79"; add("nvidia.fell-off") }
  else if (smi == "crashed") { V["have"] = smi_line; add("nvidia.smi-crashed") }
  else if (smi == "unreadable") add("nvidia.smi-unreadable")
  else if (smi != "working" && (("/dev/nvidiactl" in exists) || wsl || !was_seen)) { V["have"] = smi_line; add("nvidia.smi-failed") }
}
function rule_nodes(   i, closed) {
  V["minor"] = 0
  if (!anycard) { V["have"] = "/dev/nvidia0"; add("nvidia.node-missing") }
  else if (!("/dev/nvidiactl" in exists)) { V["have"] = "/dev/nvidiactl"; add("nvidia.node-missing") }
  else if (anycard < gpus) { for (i = 0; ("/dev/nvidia" i) in exists; i++) ; V["minor"] = i; V["have"] = "/dev/nvidia" i; add("nvidia.node-missing") }
  if (anycard && !("/dev/nvidia-uvm" in exists)) add("nvidia.uvm-missing")
  for (i = 1; i <= nodes; i++) if ((node[i] == "/dev/nvidiactl" || node[i] == "/dev/nvidia-uvm" || node[i] ~ /^\/dev\/nvidia[0-9]+$/) && !usable[node[i]]) { if (closed == "") V["have"] = node[i]; closed = closed (closed == "" ? "" : " ") node[i] }
  if (closed != "" && !("nvidia.node-permission" in seen)) { V["nodes"] = closed; add("nvidia.node-permission") }
}
function rule_silent(   i, n) {
  for (i = 1; i <= nvcards; i++) if (nvdrv[i] != "vfio-pci") n++
  if (!wsl && container == "" && gpus > 0 && gpus < n && !("nvidia.fell-off" in seen)) { V["have"] = gpus; V["need"] = n; add("nvidia.card-silent") }
}
# A list of devices is read up to the first one that does not exist.
function hides_all(v, devices,   w) { split(v, w, ","); gsub(/^ +| +$/, "", w[1]); return w[1] == "" || w[1] == "-1" || (devices > 0 && whole(w[1]) && w[1] + 0 >= devices) }
function hidden(variable, empty, id, devices,   v) { if (!has_pair("env", variable)) return; v = pair("env", variable); if (index(empty, " " v " ") || (devices >= 0 ? hides_all(v, devices) : v == "")) { V["have"] = variable "=" v; V["var"] = variable; add(id) } }
function add_one(g, one, id) { V["gpu"] = one; add(id); V["gpu"] = gname[g] }
function rule_gpu(g,   cap, i, one) {
  one = gpus > 1 ? gname[g] " (GPU " gindex[g] ")" : gname[g]; V["index"] = gindex[g]
  V["gpu"] = gname[g]; cap = gcap[g]
  if (cap < 0 && gbus[g] != "") for (i = 1; i <= nvcards; i++) if (length(gbus[g]) >= length(nvbus[i]) && substr(gbus[g], length(gbus[g]) - length(nvbus[i]) + 1) == nvbus[i]) { cap = pci_cap(nvdev[i]); break }
  if (cap < 0) cap = ver("7.5")
  V["arch"] = at_most("arch", cap, 2) ", " major(cap) "." minor(cap); V["need"] = at_most("arch", cap, 3); V["have"] = gdriver[g]
  if (cap < ver("5.0")) add("nvidia.too-old")
  else if (ver(gdriver[g]) < ver(V["need"])) add("nvidia.driver-old", cap < ver("7.5") ? "install.closed" : "install.open")
  if (at_most("arch", cap, 4) == "must" && open == 0 && !wsl) add("nvidia.open-needed")
  if (gfault[g] != "") { V["have"] = gfault[g]; add("nvidia.memory-unknown") }
  if (godd[g] != "") { V["have"] = godd[g]; add("nvidia.answer-odd") }
  if (gfabric[g] == "In Progress" || gfabric[g] == "Not Started") { V["have"] = gfabric[g]; V["branch"] = major(ver(gdriver[g])); add("nvidia.fabric") }
  if (gmode[g] == "Prohibited") add_one(g, one, "nvidia.compute-prohibited")
  if (gmig[g]) { V["have"] = slices[gindex[g]] + 0; add_one(g, one, V["have"] > 0 ? "nvidia.mig" : "nvidia.mig-empty") }
  if (gpages[g]) add("nvidia.pages-pending")
  if (whole(gecc[g]) && gecc[g] + 0 > 0) { V["have"] = gecc[g]; add("nvidia.ecc-errors") }
  if (gindex[g] == 0 && xids != "" && !("nvidia.fell-off" in seen)) { V["have"] = xids; add("nvidia.xid") }
  V["watts"] = gpower[g] + 0 > 0 ? int(gpower[g] * 0.8) : "WATTS"
  if (bit(gbits[g], 32) || bit(gbits[g], 64) || (bit(gbits[g], 8) && !bit(gbits[g], 128))) { V["have"] = whole(gheat[g]) ? gheat[g] " \302\260C" : "?"; add_one(g, one, "nvidia.throttle-heat") }
  if (bit(gbits[g], 128)) add_one(g, one, "nvidia.throttle-power")
  if (glimit[g] + 0 > 0 && gpower[g] + 0 > 0 && glimit[g] < gpower[g] * 0.9) { V["have"] = int(glimit[g]); V["need"] = int(gpower[g]); add_one(g, one, "nvidia.power-capped") }
  if (gbusy[g]) {
    if (whole(gwidth[g]) && whole(gwide[g]) && gwidth[g] + 0 > 0 && gwidth[g] + 0 < gwide[g] + 0) { V["have"] = gwidth[g]; V["need"] = gwide[g]; add("nvidia.pcie-width") }
    if (whole(ggen[g]) && whole(gmax[g]) && ggen[g] + 0 > 0 && ggen[g] + 0 < gmax[g] + 0) { V["have"] = ggen[g]; V["need"] = gmax[g]; add("nvidia.pcie-gen") }
  }
  if (gtotal[g] != "" && gtotal[g] > 0 && gused[g] != "" && gused[g] * 4 > gtotal[g] && !gmig[g]) { V["have"] = gused[g]; V["list"] = holders == "" ? "nvidia-smi" : holders; add("nvidia.memory-held") }
}
function rule_software(   v, r) {
  v = ver(driver); if (driver == "" || v < 0) return
  r = row["branch", major(v)]
  if (r != "" && cell["branch", r, 2] != "-" && !("nvidia.driver-old" in seen) && !("nvidia.too-old" in seen)) { V["have"] = cell["branch", r, 1]; V["need"] = cell["branch", r, 2]; add("nvidia.branch-ended", installer) }
  if (toolkit > 0 && (r = cuda_row(toolkit)) && v < ver(cell["cuda", r, 3])) { V["have"] = major(toolkit) "." minor(toolkit); V["need"] = sprintf("%d.%02d", major(v), minor(v)); add("nvidia.toolkit-newer", installer) }
  if (toolkit > 0 && cudnn != "" && !index(" " cell["cudnn", row["cudnn", cudnn], 2] " ", " " major(toolkit) " ")) { V["have"] = cudnn; V["need"] = major(toolkit); add("nvidia.cudnn-mismatch") }
}
function family_of(d) { return sprintf("NVIDIA %s (10de:%04x)", at_most("arch", pci_cap(d), 2), d) }
function rules_nvidia(   g) {
  if (mixed && !wsl && container == "") { V["have"] = family_of(nvdev[older]); V["need"] = family_of(nvdev[newer]); add("nvidia.mixed") }
  if (wsl) { if (!rule_wsl()) return }
  else if (!was_seen) { if (present) rule_answer(); return }
  else if (container != "") {
    if (gpus == 0 && !("/dev/nvidia0" in exists) && !("/dev/nvidiactl" in exists)) { add("nvidia.container-no-gpu"); return }
  }
  else if (!rule_host_driver()) return
  rule_answer()
  if (!wsl) rule_nodes()
  rule_silent()
  if (libcuda == 0 && smi != "missing" && smi != "nolibrary") { V["branch"] = driver == "" ? 580 : major(ver(driver)); add("nvidia.libcuda-missing") }
  for (g = 1; g <= gpus; g++) if (gmig[g]) anymig = 1
  hidden("CUDA_VISIBLE_DEVICES", " -1 none void NoDevFiles ", "nvidia.visible-devices", anymig ? 0 : gpus + 0)
  hidden("NVIDIA_VISIBLE_DEVICES", " -1 none void NoDevFiles ", "nvidia.visible-devices", -1)
  if (gpus > 0 && exitcode["nvidia-query"] != "" && exitcode["nvidia-query"] != 0 && !("nvidia.fell-off" in seen)) { V["gpu"] = cardname; V["have"] = "exit = " exitcode["nvidia-query"]; add("nvidia.answer-odd") }
  for (g = 1; g <= gpus; g++) rule_gpu(g)
  rule_software()
}

# -- AMD
function support_rank(gfx,   s) { s = cell["gfx", row["gfx", gfx], 3]; return s == "official" ? 1 : s == "maintenance" ? 2 : s == "override" ? 3 : s == "" ? 4 : 5 }
function read_amd(   l, n, i, w, m, j, v, d, inside, ownamd, best) {
  n = split(text["kfd"], l, "\n")
  for (i = 1; i <= n; i++) {
    m = split(l[i], w, " "); v = d = ""; for (j = 1; j <= m; j++) { if (w[j] ~ /^gfx=/) v = substr(w[j], 5); if (w[j] ~ /^device=/) d = substr(w[j], 8) }
    if (whole(v) && v + 0 > 0 && v + 0 < 1000000) { agfx[++agpus] = sprintf("gfx%d%x%x", v / 10000, int(v / 100) % 100, v % 100); adev[agpus] = whole(d) && d + 0 < 65536 ? d + 0 : 0 }
  }
  for (i = 1; i <= agpus; i++) if (cell["gfx", row["gfx", agfx[i]], 3] != "integrated") { v = support_rank(agfx[i]); if (!discrete || v < best) { discrete = i; best = v } } else { if (builtin == "") builtin = agfx[i]; inside[adev[i]] = 1 }
  # From here on the cards of the bus are those that are no part of a processor.
  for (i = 1; i <= amcards; i++) {
    if (amdrv[i] == "amdgpu") held_by_amdgpu = 1
    d = sprintf("%04x", amdev[i]); if (!(("apu", d) in row)) d = substr(d, 1, 3) "?"
    if (("apu", d) in row) { v = cell["apu", row["apu", d], 2]; if (builtin == "" && v != "-") builtin = v }
    else if (!(amdev[i] in inside)) { ownamd++; ambus[ownamd] = ambus[i]; amdev[ownamd] = amdev[i]; amdrv[ownamd] = amdrv[i] }
  }
  if (amcards == 0) held_by_amdgpu = 1
  amcards = ownamd + 0; amd_present = discrete > 0 || amcards > 0
  cached = there("libraries") && index(text["libraries"], ".so")
  rocm = ver(first(text["rocm"])); amdkernel = ver(first(text["amdgpu-version"]))
}
function rule_amd_driver(   kfd) {
  kfd = "/dev/kfd" in exists
  if (container != "") { if (!kfd) add("amd.container-no-gpu"); return kfd }
  if (all_driver(amdrv, amcards, "vfio-pci")) { V["bus"] = ambus[1]; add("amd.vfio") }
  else if (amcards > 0 && !any_driver(amdrv, amcards, "amdgpu")) add(any_driver(amdrv, amcards, "radeon") ? "amd.old-radeon" : (" " text["cmdline"]) ~ /[ \n]nomodeset([ \n]|$)/ ? "amd.nomodeset" : "amd.driver-missing")
  else if (!kfd) add("amd.kfd-missing")
  else return 1
  return 0
}
function rules_amd(   r, i, support, render) {
  if (wsl) return
  if (!amd_present) {
    if (builtin == "") return
    for (i = 1; i <= nodes; i++) if (node[i] ~ /^\/dev\/dri\/renderD/) render = 1
    V["gpu"] = "AMD " cell["gfx", row["gfx", builtin], 2]; V["have"] = builtin; add(held_by_amdgpu && render ? "amd.integrated" : "amd.integrated-idle")
    return
  }
  r = discrete ? row["gfx", agfx[discrete]] : ""
  V["gpu"] = r != "" ? "AMD " cell["gfx", r, 2] : amcards > 0 ? sprintf("AMD (1002:%04x)", amdev[1]) : "AMD"
  if (!rule_amd_driver()) return
  for (i = 1; i <= nodes; i++) if ((node[i] == "/dev/kfd" || node[i] ~ /^\/dev\/dri\/renderD/) && !usable[node[i]] && !("amd.permission" in seen)) { V["have"] = node[i]; V["need"] = node[i] == "/dev/kfd" ? "render" : "render/video"; V["gid"] = gid[i]; add("amd.permission") }
  hidden("HIP_VISIBLE_DEVICES", " -1 ", "amd.visible-devices", agpus + 0); hidden("ROCR_VISIBLE_DEVICES", " -1 ", "amd.visible-devices", agpus + 0)
  if (!discrete) { if (there("kfd")) add("amd.no-node"); return }
  support = r == "" ? "" : cell["gfx", r, 3]; V["have"] = agfx[discrete]; V["need"] = r == "" ? "" : cell["gfx", r, 5]
  if (r == "") add("amd.gfx-unknown")
  else if (support == "none") { add("amd.gfx-dropped"); return }
  else if (support == "maintenance") add("amd.gfx-maintenance")
  else if (support == "override" && !has_pair("env", "HSA_OVERRIDE_GFX_VERSION")) add("amd.gfx-override")
  if (support ~ /^(official|maintenance)$/ && has_pair("env", "HSA_OVERRIDE_GFX_VERSION")) { V["have"] = pair("env", "HSA_OVERRIDE_GFX_VERSION"); add("amd.override-set") }
  if (rocm < 0) { if (cached && !index(text["libraries"], "libamdhip64")) add("amd.rocm-missing"); return }
  V["have"] = major(rocm) "." minor(rocm)
  if (r != "" && ver(cell["gfx", r, 4]) > 0 && rocm < ver(cell["gfx", r, 4])) { V["need"] = cell["gfx", r, 4]; add("amd.rocm-old") }
  if (major(rocm) >= 7 && amdkernel >= 0 && amdkernel < ver("6.14")) { V["need"] = major(amdkernel) "." minor(amdkernel); add("amd.kernel-old") }
}

# -- PyTorch and Docker
function none(s) { return s == "None" ? "" : s }
function runs(cap, list,   t, n, i, d, own) {
  n = split(list, t, / +/)
  for (i = 1; i <= n; i++) {
    if (!match(t[i], /_[0-9][0-9]+/)) continue
    d = substr(t[i], RSTART + 1, RLENGTH - 1) + 0; own = int(d / 10) * 1e10 + (d % 10) * 1e5
    if (t[i] ~ /^compute_/ ? own <= cap : (major(own) == major(cap) && minor(own) <= minor(cap))) return 1
  }
  return 0
}
function rocm_wheel(target,   i, best) {
  best = "rocm6.4"; if (index(" " cell["wheel", row["wheel", best], 2] " ", " " target " ")) return best
  for (i = 1; i <= rows["wheel"]; i++) if (cell["wheel", i, 1] ~ /^rocm/ && index(" " cell["wheel", i, 2] " ", " " target " ")) best = cell["wheel", i, 1]
  return best
}
function target_of(gfx,   v) {
  if (cell["gfx", row["gfx", gfx], 3] == "none") return ""
  if (cell["gfx", row["gfx", gfx], 3] != "override") return gfx
  if (!has_pair("env", "HSA_OVERRIDE_GFX_VERSION")) return ""
  v = ver(pair("env", "HSA_OVERRIDE_GFX_VERSION")); return v < 0 ? gfx : sprintf("gfx%d%x%x", major(v), minor(v), v % 100000)
}
function rules_torch(   v, cuda, hip, amd, recipe, tag, built, r, g, w) {
  v = pair("torch", "torch"); if (ver(v) < 0 || length(v) >= 60) return
  cuda = none(pair("torch", "cuda")); hip = none(pair("torch", "hip")); amd = discrete > 0
  if (!gpus && !amd) return
  recipe = gpus ? "torch.cuda-wheel" : "torch.rocm-wheel"
  V["wheel"] = !gpus ? rocm_wheel(agfx[discrete]) : installer == "install.closed" ? "cu126" : driver != "" && ver(driver) >= ver("580.65.06") ? "cu130" : "cu128"
  V["have"] = v; V["python"] = pair("torch", "python"); if (V["python"] !~ /^[A-Za-z0-9_.\/~+-]+$/) V["python"] = "python3"
  V["own"] = V["python"] ~ /^(python3$|\/usr\/|\/bin\/)/ ? "~/torch-env/bin/python" : V["python"]
  V["pip"] = V["own"] == V["python"] ? V["own"] " -m pip" : V["python"] " -m venv ~/torch-env && " V["own"] " -m pip"
  tag = split(v, w, "+") > 1 ? w[2] : ""; if (tag == "" && cuda != "") { tag = "cu" cuda; gsub(/\./, "", tag) }
  w[1] = tag "-" major(ver(v)) "." minor(ver(v)); if (("wheel", w[1]) in row) tag = w[1]
  built = pair("torch", "arch"); if (built == "" && (("wheel", tag) in row)) built = cell["wheel", row["wheel", tag], 2]
  if (cuda == "" && hip == "") add("torch.cpu-build", recipe)
  else if ((hip != "" && !amd) || (cuda != "" && hip == "" && !gpus)) add("torch.wrong-vendor", recipe)
  else if (cuda != "" && hip == "") {
    r = ver(cuda) > 0 ? cuda_row(ver(cuda)) : 0
    if (r && driver != "") {
      if (ver(driver) < ver(cell["cuda", r, 3])) { V["need"] = cell["cuda", r, 3]; add("torch.driver-old", installer) }
      else if (ver(driver) < ver(cell["cuda", r, 2])) { V["need"] = cell["cuda", r, 2]; add("torch.driver-likely", installer) }
    }
    if (built == "") return
    for (g = 1; g <= gpus; g++) if (gcap[g] >= 0 && !runs(gcap[g], built)) { V["gpu"] = gname[g]; V["need"] = "sm_" major(gcap[g]) minor(gcap[g]); add("torch.arch", recipe); break }
  }
  else if (built != "" && discrete && (tag = target_of(agfx[discrete])) != "" && !index(" " built " ", " " tag " ")) { V["need"] = tag; add("torch.gfx", recipe) }
}
function rules_docker(   t, l, n, i, w, ok, runtime, kit, live, described) {
  if (gone("docker")) { docker = "absent"; return }
  if (!present && !gpus) return
  t = text["docker"]; n = split(t, l, "\n")
  for (i = 1; i <= n; i++) if (split(l[i], w, "|") == 3) { dv = w[1]; dc = w[2]; dr = w[3] }
  ok = (exitcode["docker"] == "" || exitcode["docker"] == 0) && state["docker"] == "present" && ver(dv) >= 0
  if (!ok) {
    if (has(t, "permission denied")) add("docker.permission")
    else if (has(t, "Is the docker daemon running") || has(t, "Cannot connect to the Docker daemon") || has(t, "failed to connect to the docker API")) add("docker.daemon-down")
    else add("docker.unreadable")
    return
  }
  runtime = index(" " dr " ", " nvidia "); kit = pair("container-toolkit", "nvidia-ctk"); described = pair("container-toolkit", "cdi")
  if (there("docker-live") && !index(text["docker-live"], "GPU 0:")) { V["have"] = first(text["docker-live"]); add("docker.live-failed") }
  else if (!runtime && !has_pair("container-toolkit", "cdi") && kit == "") add("docker.no-toolkit")
  else if (!runtime && !has_pair("container-toolkit", "cdi")) add("docker.no-runtime")
  else if (described != "" && driver != "" && ver(described) >= 0 && ver(described) != ver(driver)) { V["have"] = described; V["need"] = driver; add("docker.cdi-stale") }
  else if (runtime && !has_pair("container-toolkit", "cdi") && dc == "systemd" && pair("container-toolkit", "cgroup") != "cgroupfs") add("docker.cgroup-lost")
}

# -- saying it
function verdict(capability, here, proven,   i, worst) {
  if (!here) return "absent"
  worst = 0
  for (i = 1; i <= problems; i++) if (index(pcaps[i], " " capability " ") && weight(psev[i]) > worst) worst = weight(psev[i])
  return worst == 3 ? "blocked" : worst == 2 || !proven ? "unknown" : worst == 1 ? "limited" : "ready"
}
function order(   i, j, best) {
  for (i = 1; i <= problems; i++) {
    best = 0
    for (j = 1; j <= problems; j++) if (!(j in taken) && (!best || weight(psev[j]) > weight(psev[best]) || (weight(psev[j]) == weight(psev[best]) && (prank[j] + 0 < prank[best] + 0 || (prank[j] == prank[best] && pid[j] < pid[best]))))) best = j
    taken[best] = 1; sorted[i] = best
  }
}
function words(english, russian) { return tongue == "ru" ? russian : english }
function word(s) { return tongue != "ru" ? s : s == "ready" ? "готово" : s == "limited" ? "с оговорками" : s == "blocked" ? "не работает" : s == "unknown" ? "неизвестно" : "нет" }
function loud(s) { return s == "block" ? words("BLOCK", "СТОП") : s == "unknown" ? words("UNKNOWN", "НЕЯСНО") : s == "limit" ? words("LIMIT", "ПРЕДЕЛ") : words("NOTE", "ЗАМЕТКА") }
function json(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
function gib(m) { return sprintf("%.1f", m / 1024) }
function detail_nvidia(   g, s) {
  if (!gpus) return was_seen ? words("a card is here, and the driver does not answer", "карта есть, драйвер не отвечает") : words("no card", "карты нет")
  for (g = 1; g <= gpus; g++) s = s (g > 1 ? "; " : "") gname[g] (gtotal[g] != "" && gfree[g] != "" ? words(", " gib(gfree[g]) " of " gib(gtotal[g]) " GiB free", ", свободно " gib(gfree[g]) " из " gib(gtotal[g]) " ГиБ") : "")
  return s words("; driver ", "; драйвер ") driver (open == 1 ? words(" open", " открытый") : open == 0 ? words(" proprietary", " закрытый") : "")
}
END {
  read_system(); read_cards(); read_gpus(); read_nvidia(); read_amd()
  rules_nvidia(); rules_amd(); amd_here = amd_present || ("amd.integrated" in seen)
  dark = !wsl && !present && !amd_here && !there("pci")
  if (dark) { V["have"] = "/sys/bus/pci"; add("gpu.unseen") }
  rules_torch(); rules_docker(); order()
  nv = verdict("nvidia", wsl || present || dark, gpus > 0); am = verdict("amd", (!wsl && amd_here) || dark, agpus > 0 || ("amd.integrated" in seen))
  dk = verdict("docker", (wsl || present) && docker != "absent", gpus > 0)
  bad = (nv " " am " " dk) ~ /blocked|unknown/
  if (mode == "ids") {
    print "nvidia=" nv " amd=" am " docker=" dk
    for (i = 1; i <= problems; i++) print pid[sorted[i]] ":" pfixid[sorted[i]]
  } else if (mode == "json") {
    printf "{\"format\":\"check_gpu 1\",\"ready\":%s,\"nvidia\":\"%s\",\"amd\":\"%s\",\"docker\":\"%s\",\"problems\":[", (bad ? "false" : "true"), nv, am, dk
    for (i = 1; i <= problems; i++) { p = sorted[i]; printf "%s{\"id\":%s,\"severity\":%s,\"what\":%s,\"why\":%s,\"fixId\":%s,\"fix\":%s,\"verify\":%s}", (i > 1 ? "," : ""), json(pid[p]), json(psev[p]), json(pwhat[p]), json(pwhy[p]), json(pfixid[p]), json(pfix[p]), json(pverify[p]) }
    print "]}"
  } else if (mode == "fix") {
    print "#!/bin/sh\n# " words("Read every line before you run this. One fix may make the next one needless: stop and check after each.", "Прочтите каждую строку, прежде чем запускать. Одно исправление может отменить следующее: проверяйте после каждого.")
    for (i = 1; i <= problems; i++) { p = sorted[i]; print "\n# " pid[p] ": " pwhat[p] "\n" pfix[p] "\n# " words("verify: ", "проверить: ") pverify[p] }
    if (!problems) print "\n# " words("nothing to mend", "чинить нечего")
  } else {
    print (name == "" ? words("unknown system", "неизвестная система") : name) (kernel == "" ? "" : ", Linux " kernel) (wsl ? ", WSL " wsl : "") (container == "" ? "" : words(", in a container: ", ", в контейнере: ") container) "\n"
    print "  NVIDIA: " word(nv) " - " detail_nvidia()
    print "  AMD: " word(am) (discrete ? " - " agfx[discrete] : builtin != "" && !amd_present ? " - " builtin : "")
    print "  Docker: " word(dk)
    for (i in state) if (state[i] == "timeout") silent = silent (silent == "" ? "" : ", ") i
    if (silent != "") print "  " words("did not answer in time: ", "не ответили вовремя: ") silent
    if (problems) print ""
    for (i = 1; i <= problems; i++) { p = sorted[i]; print loud(psev[p]) "  " pid[p] "  " pwhat[p] "\n    " words("why     ", "почему     ") pwhy[p] "\n    " words("fix     ", "исправить  ") pfix[p] "\n    " words("verify  ", "проверить  ") pverify[p] }
  }
  exit bad ? 1 : 0
}
'

# ---- what is known: a copy of src/Dum/Host/Data, written by scripts/embed-rules.sh ------------------------------------
rules() {
  printf '%s\n' '
cuda | 11.8 | 520.61.05 | 450.80.02 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.0 | 525.60.13 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.1 | 530.30.02 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.2 | 535.54.03 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.3 | 545.23.06 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.4 | 550.54.14 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.5 | 555.42.02 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.6 | 560.28.03 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.8 | 570.26 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 12.9 | 575.51.03 | 525.60.13 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
cuda | 13.0 | 580.65.06 | 580.65.06 | docs.nvidia.com cuda-toolkit-release-notes table 3 | 2026-11
arch | 1.0 | before Maxwell | none | no | 1.0 | CUDA 12 removed Kepler; ollama docs/gpu.mdx asks for 5.0 | 2026-11
arch | 5.0 | Maxwell | 570.26 | no | 6.5 | ollama docs/gpu.mdx: 5.0 to 6.2 need 570 | 2026-11
arch | 6.0 | Pascal | 570.26 | no | 8.0 | ollama docs/gpu.mdx: 5.0 to 6.2 need 570 | 2026-11
arch | 7.0 | Volta | 550.54.14 | no | 9.0 | ollama docs/gpu.mdx: 7.0 and newer need 550 | 2026-11
arch | 7.5 | Turing | 550.54.14 | may | 10.0 | ollama docs/gpu.mdx; NVIDIA open-gpu-kernel-modules README | 2026-11
arch | 8.0 | Ampere | 550.54.14 | may | 11.0 | ollama docs/gpu.mdx; NVIDIA open-gpu-kernel-modules README | 2026-11
arch | 8.9 | Ada Lovelace | 550.54.14 | may | 11.8 | ollama docs/gpu.mdx; NVIDIA open-gpu-kernel-modules README | 2026-11
arch | 9.0 | Hopper | 550.54.14 | may | 11.8 | ollama docs/gpu.mdx; NVIDIA open-gpu-kernel-modules README | 2026-11
arch | 10.0 | Blackwell | 570.26 | must | 12.8 | NVIDIA driver guide: Blackwell needs the open modules | 2026-11
arch | 10.3 | Blackwell Ultra | 580.65.06 | must | 12.9 | NVIDIA driver guide: Blackwell needs the open modules | 2026-11
arch | 12.0 | Blackwell | 570.26 | must | 12.8 | NVIDIA driver guide: Blackwell needs the open modules | 2026-11
arch | 12.1 | Blackwell (GB10) | 580.65.06 | must | 13.0 | NVIDIA DGX Spark release notes | 2026-11
pci | 0000 | 1.0 | pci.ids | 2026-11
pci | 1340 | 5.0 | pci.ids: GM107 begins | 2026-11
pci | 15f0 | 6.0 | pci.ids: GP100 | 2026-11
pci | 1600 | 5.2 | pci.ids: GM204 and GM200 | 2026-11
pci | 1b00 | 6.1 | pci.ids: GP102 begins | 2026-11
pci | 1d80 | 7.0 | pci.ids: GV100 | 2026-11
pci | 1e00 | 7.5 | pci.ids: TU102 begins | 2026-11
pci | 20b0 | 8.0 | pci.ids: GA100 | 2026-11
pci | 2100 | 7.5 | pci.ids: TU116 and TU117 | 2026-11
pci | 2200 | 8.6 | pci.ids: GA102 begins | 2026-11
pci | 2300 | 9.0 | pci.ids: GH100 | 2026-11
pci | 2400 | 8.6 | pci.ids: GA104 to GA107 | 2026-11
pci | 2600 | 8.9 | pci.ids: AD102 begins | 2026-11
pci | 2900 | 10.0 | pci.ids: GB100 and GB102 | 2026-11
pci | 2b80 | 12.0 | pci.ids: GB202 begins | 2026-11
pci | 2e00 | 12.1 | pci.ids: GB20B | 2026-11
pci | 2f00 | 12.0 | pci.ids: GB205 to GB207 | 2026-11
pci | 3180 | 10.3 | pci.ids: GB110 | 2026-11
branch | 390 | 2022-12 | docs.nvidia.com supported-drivers | 2026-11
branch | 418 | 2022-03 | docs.nvidia.com supported-drivers | 2026-11
branch | 450 | 2023-07 | docs.nvidia.com supported-drivers | 2026-11
branch | 470 | 2024-07 | docs.nvidia.com supported-drivers | 2026-11
branch | 510 | 2023-01 | docs.nvidia.com supported-drivers | 2026-11
branch | 515 | 2023-05 | docs.nvidia.com supported-drivers | 2026-11
branch | 520 | 2023-05 | docs.nvidia.com supported-drivers | 2026-11
branch | 525 | 2023-12 | docs.nvidia.com supported-drivers | 2026-11
branch | 530 | 2023-12 | docs.nvidia.com supported-drivers | 2026-11
branch | 535 | 2026-06 | docs.nvidia.com supported-drivers | 2026-11
branch | 545 | 2024-06 | docs.nvidia.com supported-drivers | 2026-11
branch | 550 | 2025-06 | docs.nvidia.com supported-drivers | 2026-11
branch | 555 | 2024-12 | docs.nvidia.com supported-drivers | 2026-11
branch | 560 | 2025-03 | docs.nvidia.com supported-drivers | 2026-11
branch | 565 | 2025-06 | docs.nvidia.com supported-drivers | 2026-11
branch | 570 | 2026-02 | docs.nvidia.com supported-drivers | 2026-11
branch | 580 | - | docs.nvidia.com supported-drivers: long-term until 2028-08 | 2026-11
cudnn | 8 | 11 12 | docs.nvidia.com cudnn support matrix | 2026-11
cudnn | 9 | 12 13 | docs.nvidia.com cudnn support matrix | 2026-11
wheel | cu117 | sm_37 sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 | pytorch builder manywheel/build_cuda.sh | 2026-11
wheel | cu118 | sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90 | pytorch builder manywheel/build_cuda.sh | 2026-11
wheel | cu121 | sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90 | pytorch builder manywheel/build_cuda.sh | 2026-11
wheel | cu124 | sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90 | pytorch .ci/manywheel/build_cuda.sh | 2026-11
wheel | cu126 | sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90 | pytorch .ci/manywheel/build_cuda.sh | 2026-11
wheel | cu128-2.7 | sm_75 sm_80 sm_86 sm_90 sm_100 sm_120 | pytorch .ci/manywheel/build_cuda.sh of 2.7 | 2026-11
wheel | cu128 | sm_70 sm_75 sm_80 sm_86 sm_90 sm_100 sm_120 | pytorch .ci/manywheel/build_cuda.sh | 2026-11
wheel | cu129 | sm_70 sm_75 sm_80 sm_86 sm_90 sm_100 sm_120 | pytorch .ci/manywheel/build_cuda.sh | 2026-11
wheel | cu130 | sm_75 sm_80 sm_86 sm_90 sm_100 sm_110 sm_120 | pytorch .ci/manywheel/build_cuda.sh | 2026-11
wheel | rocm6.2 | gfx900 gfx906 gfx908 gfx90a gfx942 gfx1030 gfx1100 gfx1101 | pytorch .ci/docker PYTORCH_ROCM_ARCH | 2026-11
wheel | rocm6.3 | gfx900 gfx906 gfx908 gfx90a gfx942 gfx1030 gfx1100 gfx1101 gfx1102 gfx1200 gfx1201 | pytorch .ci/docker PYTORCH_ROCM_ARCH | 2026-11
wheel | rocm6.4 | gfx900 gfx906 gfx908 gfx90a gfx942 gfx1030 gfx1100 gfx1101 gfx1102 gfx1200 gfx1201 | pytorch .ci/docker PYTORCH_ROCM_ARCH | 2026-11
wheel | rocm7.0 | gfx908 gfx90a gfx942 gfx950 gfx1030 gfx1100 gfx1101 gfx1102 gfx1150 gfx1151 gfx1200 gfx1201 | pytorch .ci/docker PYTORCH_ROCM_ARCH | 2026-11
wheel | rocm7.1 | gfx908 gfx90a gfx942 gfx950 gfx1030 gfx1100 gfx1101 gfx1102 gfx1150 gfx1151 gfx1200 gfx1201 | pytorch .ci/docker PYTORCH_ROCM_ARCH | 2026-11
gfx | gfx700 | Kaveri, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx703 | Kabini and Mullins, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx801 | Carrizo, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx803 | Polaris | none | - | - | ROCm system requirements (removed in 4.5) | 2026-11
gfx | gfx810 | Stoney Ridge, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx900 | Vega 10 (RX Vega, MI25) | maintenance | 4.5 | 6.4 | the wheel rows above; AMD itself ended support with ROCm 6 | 2026-11
gfx | gfx902 | Raven Ridge, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx906 | Vega 20 (MI50, Radeon VII) | maintenance | 4.5 | 6.4 | the wheel rows above; ROCm system requirements: in maintenance since 5.7 | 2026-11
gfx | gfx908 | CDNA (MI100) | official | 4.5 | - | ROCm system requirements | 2026-11
gfx | gfx90a | CDNA 2 (MI200) | official | 5.0 | - | ROCm system requirements | 2026-11
gfx | gfx909 | Raven 2 and Dali, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx90c | Renoir and Cezanne, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx942 | CDNA 3 (MI300) | official | 6.0 | - | ROCm system requirements | 2026-11
gfx | gfx950 | CDNA 4 (MI350) | official | 7.0 | - | ROCm system requirements | 2026-11
gfx | gfx1010 | RDNA 1 (RX 5700) | override | 5.0 | 10.3.0 | ollama docs/gpu.mdx | 2026-11
gfx | gfx1012 | RDNA 1 (RX 5500) | override | 5.0 | 10.3.0 | ollama docs/gpu.mdx | 2026-11
gfx | gfx1030 | RDNA 2 (RX 6800, 6900) | official | 5.0 | - | ROCm system requirements | 2026-11
gfx | gfx1031 | RDNA 2 (RX 6700) | override | 5.0 | 10.3.0 | ollama docs/gpu.mdx | 2026-11
gfx | gfx1032 | RDNA 2 (RX 6600) | override | 5.0 | 10.3.0 | ollama docs/gpu.mdx | 2026-11
gfx | gfx1033 | Van Gogh, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1034 | RDNA 2 (RX 6400) | override | 5.0 | 10.3.0 | ollama docs/gpu.mdx | 2026-11
gfx | gfx1035 | Rembrandt, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1036 | Raphael, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1037 | Mendocino, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1100 | RDNA 3 (RX 7900, W7900) | official | 5.5 | - | ROCm system requirements | 2026-11
gfx | gfx1101 | RDNA 3 (RX 7700, 7800) | official | 6.2 | - | pytorch .ci/docker PYTORCH_ROCM_ARCH (from rocm6.2 on) | 2026-11
gfx | gfx1102 | RDNA 3 (RX 7600) | official | 6.3 | - | pytorch .ci/docker PYTORCH_ROCM_ARCH (from rocm6.3 on) | 2026-11
gfx | gfx1103 | Phoenix, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1150 | Strix Point, built into the CPU | integrated | 7.0 | - | ROCm release notes | 2026-11
gfx | gfx1151 | Strix Halo (Ryzen AI Max) | official | 6.4 | - | ROCm release notes | 2026-11
gfx | gfx1152 | Krackan Point, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1153 | Krackan Point 2, built into the CPU | integrated | - | - | ROCm system requirements | 2026-11
gfx | gfx1200 | RDNA 4 (RX 9060) | official | 6.3 | - | pytorch .ci/docker PYTORCH_ROCM_ARCH (from rocm6.3 on) | 2026-11
gfx | gfx1201 | RDNA 4 (RX 9070, R9700) | official | 6.3 | - | pytorch .ci/docker PYTORCH_ROCM_ARCH (from rocm6.3 on) | 2026-11
apu | 1114 | gfx1152 | pci.ids: Krackan Point | 2026-11
apu | 130? | gfx700 | pci.ids: Kaveri | 2026-11
apu | 131? | gfx700 | pci.ids: Kaveri | 2026-11
apu | 13c0 | gfx1036 | pci.ids: Granite Ridge | 2026-11
apu | 1506 | gfx1037 | pci.ids: Mendocino | 2026-11
apu | 150e | gfx1150 | pci.ids: Strix Point | 2026-11
apu | 15bf | gfx1103 | pci.ids: Phoenix | 2026-11
apu | 15c8 | gfx1103 | pci.ids: Phoenix 2 | 2026-11
apu | 15d8 | gfx902 | pci.ids: Picasso | 2026-11
apu | 15dd | gfx902 | pci.ids: Raven Ridge | 2026-11
apu | 15e7 | gfx90c | pci.ids: Barcelo | 2026-11
apu | 1636 | gfx90c | pci.ids: Renoir | 2026-11
apu | 1638 | gfx90c | pci.ids: Cezanne | 2026-11
apu | 163f | gfx1033 | pci.ids: Van Gogh | 2026-11
apu | 164c | gfx90c | pci.ids: Lucienne | 2026-11
apu | 164e | gfx1036 | pci.ids: Raphael | 2026-11
apu | 1681 | gfx1035 | pci.ids: Rembrandt | 2026-11
apu | 1900 | gfx1103 | pci.ids: Hawk Point | 2026-11
apu | 1901 | gfx1103 | pci.ids: Hawk Point 2 | 2026-11
apu | 1902 | gfx1153 | pci.ids: Krackan Point 2 | 2026-11
apu | 4752 | - | pci.ids: Rage XL | 2026-11
apu | 515e | - | pci.ids: ES1000 | 2026-11
apu | 5969 | - | pci.ids: ES1000 | 2026-11
apu | 964? | - | pci.ids: Llano | 2026-11
apu | 980? | - | pci.ids: Ontario | 2026-11
apu | 983? | gfx703 | pci.ids: Kabini | 2026-11
apu | 984? | gfx703 | pci.ids: Kabini | 2026-11
apu | 985? | gfx703 | pci.ids: Mullins | 2026-11
apu | 987? | gfx801 | pci.ids: Carrizo | 2026-11
apu | 98e? | gfx810 | pci.ids: Stoney Ridge | 2026-11
apu | 990? | - | pci.ids: Trinity | 2026-11
apu | 991? | - | pci.ids: Trinity | 2026-11
apu | 999? | - | pci.ids: Richland | 2026-11
apu | 99a? | - | pci.ids: Richland | 2026-11
problem | wsl.version1 | 5 | block | nvidia amd docker | this is WSL 1, which has no GPU access | это WSL 1, в нём нет доступа к видеокарте | only WSL 2 runs a real Linux kernel with /dev/dxg | только WSL 2 запускает настоящее ядро Linux с /dev/dxg
problem | wsl.linux-driver | 6 | block | nvidia docker | a Linux NVIDIA driver is installed inside WSL (%have%) | внутри WSL установлен Linux-драйвер NVIDIA (%have%) | it hides the driver that Windows forwards into /usr/lib/wsl/lib | он заслоняет драйвер, который Windows передаёт в /usr/lib/wsl/lib
problem | wsl.no-driver | 7 | block | nvidia docker | Windows forwards no NVIDIA driver into WSL (%have% is missing) | Windows не передаёт драйвер NVIDIA в WSL (нет %have%) | the driver belongs on the Windows side; without an NVIDIA card in this PC there is nothing to mend | драйвер ставится на стороне Windows; если карты NVIDIA в этом компьютере нет, чинить нечего
problem | nvidia.vfio | 8 | block | nvidia docker | %gpu% is bound to vfio-pci: it is lent to a virtual machine | %gpu% отдана виртуальной машине (драйвер vfio-pci) | while vfio-pci holds the card the host cannot use it | пока карту держит vfio-pci, эта система ею пользоваться не может
problem | nvidia.container-no-gpu | 9 | block | nvidia | this container was started without the GPU | этот контейнер запущен без видеокарты | there are no /dev/nvidia* nodes in here, although the host has an NVIDIA card | внутри нет устройств /dev/nvidia*, хотя карта NVIDIA в машине есть
problem | nvidia.container-lost | 9 | block | nvidia | this container has lost its GPU: NVML answers '\''Unknown Error'\'' | контейнер потерял видеокарту: NVML отвечает «Unknown Error» | a systemd reload on the host rewrites the container'\''s device rules when the cgroup driver is systemd | при драйвере cgroup systemd перезагрузка systemd на хосте стирает права контейнера на устройства
problem | nvidia.mixed | 32 | limit | nvidia docker | no one driver drives both %have% and %need% | ни один драйвер не ведёт сразу %have% и %need% | the newer card works only with the open kernel modules, the older one only with the proprietary ones | новой карте нужны открытые модули ядра, старой — закрытые
problem | nvidia.nouveau | 10 | block | nvidia docker | %gpu% is driven by nouveau, which has no CUDA | %gpu% работает с драйвером nouveau, в котором нет CUDA | nouveau holds the card, so NVIDIA'\''s module cannot take it | nouveau держит карту, и модуль NVIDIA не может её занять
problem | nvidia.driver-missing | 11 | block | nvidia docker | %gpu% is in the machine, but no NVIDIA driver is installed | %gpu% в машине есть, но драйвер NVIDIA не установлен | no nvidia kernel module is loaded or found on disk | модуль ядра nvidia не загружен и не найден на диске
problem | nvidia.secure-boot | 12 | block | nvidia docker | Secure Boot refuses the NVIDIA kernel module | Secure Boot не пускает модуль ядра NVIDIA | the module is installed but signed with a key that the firmware does not know | модуль установлен, но подписан ключом, которого прошивка не знает
problem | nvidia.dkms | 13 | block | nvidia docker | the NVIDIA module is not built for the running kernel %have% | модуль NVIDIA не собран для работающего ядра %have% | DKMS holds the sources, but the build for this kernel is missing, often for want of its headers | исходники в DKMS есть, но сборки для этого ядра нет: обычно не хватает его заголовков
problem | nvidia.module-not-loaded | 14 | block | nvidia docker | the NVIDIA driver is installed, but its kernel module is not loaded | драйвер NVIDIA установлен, но его модуль ядра не загружен | /proc/driver/nvidia is absent while modinfo finds the module | нет /proc/driver/nvidia, хотя modinfo модуль находит
problem | nvidia.mismatch | 15 | block | nvidia docker | the loaded NVIDIA module %have% and its library on disk do not match | загруженный модуль NVIDIA %have% и его библиотека на диске разных версий | the driver was updated while the old module was running | драйвер обновился, а работает ещё старый модуль
problem | nvidia.open-needed | 16 | block | nvidia docker | %gpu% works only with the open kernel modules; the proprietary ones are loaded | %gpu% работает только с открытыми модулями ядра, а загружены закрытые | Blackwell has no support in the proprietary modules | закрытые модули не поддерживают Blackwell
problem | nvidia.open-unsupported | 16 | block | nvidia docker | %gpu% is too old for the open kernel modules that are loaded | %gpu% слишком старая для загруженных открытых модулей ядра | the open modules need Turing or newer | открытым модулям нужна Turing или новее
problem | nvidia.fell-off | 17 | block | nvidia docker | a GPU has fallen off the bus (%have%) | видеокарта пропала с шины (%have%) | power, heat, a riser or the slot; the driver cannot bring it back without a restart | питание, нагрев, переходник или слот; без перезагрузки драйвер её не вернёт
problem | nvidia.driver-old | 18 | block | nvidia docker | %gpu% (%arch%) needs driver %need% or newer, found %have% | %gpu% (%arch%) нужен драйвер %need% или новее, стоит %have% | programs built for today'\''s CUDA refuse this card on an older driver | программы под нынешнюю CUDA на этой карте со старым драйвером не запускаются
problem | nvidia.too-old | 19 | block | nvidia docker | %gpu% (%arch%) is older than any CUDA in use | %gpu% (%arch%) старше любой используемой CUDA | CUDA 12 dropped everything below compute capability 5.0 | CUDA 12 отказалась от всего ниже compute capability 5.0
problem | nvidia.driver-new | 16 | block | nvidia docker | driver %have% has dropped %gpu% | драйвер %have% уже не поддерживает %gpu% | 580 is the last branch for Maxwell, Pascal and Volta | 580 — последняя ветка для Maxwell, Pascal и Volta
problem | nvidia.smi-missing | 20 | block | nvidia docker | the NVIDIA module is loaded, but nvidia-smi and its libraries are not installed | модуль NVIDIA загружен, но nvidia-smi и его библиотеки не установлены | only the kernel half of the driver is here | установлена только ядерная половина драйвера
problem | nvidia.nvml-missing | 20 | block | nvidia docker | nvidia-smi does not find libnvidia-ml.so | nvidia-smi не находит libnvidia-ml.so | the user half of the driver is incomplete or outside the library path | пользовательская половина драйвера неполна или лежит вне путей поиска
problem | nvidia.node-missing | 21 | block | nvidia docker | the device node %have% is missing | нет файла устройства %have% | the module is loaded, but nothing has created its nodes | модуль загружен, но файлы устройств никто не создал
problem | nvidia.uvm-missing | 22 | block | nvidia docker | the device node /dev/nvidia-uvm is missing | нет файла устройства /dev/nvidia-uvm | CUDA cannot start without it, although nvidia-smi works | без него CUDA не запускается, хотя nvidia-smi работает
problem | nvidia.node-permission | 23 | block | nvidia | you may not open %have% | у вас нет доступа к %have% | the node'\''s mode keeps your user out | права на файл устройства не пускают вашего пользователя
problem | nvidia.libcuda-missing | 24 | block | nvidia docker | libcuda.so.1 is not in the library cache | libcuda.so.1 нет среди системных библиотек | every CUDA program loads it; nvidia-smi does not | её загружает каждая программа CUDA, а nvidia-smi без неё обходится
problem | nvidia.fabric | 25 | block | nvidia docker | %gpu% waits for the fabric manager (%have%) | %gpu% ждёт fabric manager (%have%) | cards joined by NVSwitch refuse CUDA (error 802) until it runs | карты на NVSwitch без него не запускают CUDA (ошибка 802)
problem | nvidia.compute-prohibited | 26 | block | nvidia docker | %gpu% is in compute mode '\''Prohibited'\'' | %gpu% в режиме вычислений «Prohibited» | in this mode no CUDA program may start | в этом режиме ни одна программа CUDA не запустится
problem | nvidia.visible-devices | 27 | block | nvidia | %have% hides every GPU | %have% прячет все видеокарты | its first entry names no device, and what stands behind such an entry is not read | первая запись не называет устройства, а что за такой записью, не читается
problem | nvidia.mig-empty | 28 | block | nvidia docker | MIG is on for %gpu%, but it has no instances | на %gpu% включён MIG, но ни одного раздела нет | with MIG on, CUDA sees only instances | при включённом MIG программы CUDA видят только разделы
problem | nvidia.smi-hang | 29 | unknown | nvidia docker | nvidia-smi did not answer in time | nvidia-smi не ответил вовремя | a hung driver or a sick card; nothing more can be said until it answers | завис драйвер или больна карта; пока он молчит, сказать больше нельзя
problem | nvidia.smi-failed | 30 | block | nvidia docker | nvidia-smi fails: %have% | nvidia-smi не работает: %have% | the driver is loaded, but does not answer | драйвер загружен, но не отвечает
problem | nvidia.smi-crashed | 31 | unknown | nvidia docker | nvidia-smi crashed (exit status %have%) | nvidia-smi упал (код возврата %have%) | it was killed or failed before it could say anything, so nothing is promised | он убит или отказал раньше, чем что-то сказал, поэтому ничего не обещаем
problem | nvidia.smi-unreadable | 31 | unknown | nvidia docker | nvidia-smi printed something that is not its table | nvidia-smi напечатал не свою таблицу | the answer cannot be read, so nothing is promised | ответ не разобрать, поэтому ничего не обещаем
problem | nvidia.card-silent | 32 | limit | nvidia docker | only %have% of %need% NVIDIA cards answer | отвечают не все карты NVIDIA: %have% из %need% | the PCI bus lists a card that nvidia-smi does not | на шине PCI есть карта, которой нет в ответе nvidia-smi
problem | nvidia.answer-odd | 33 | limit | nvidia | nvidia-smi answered oddly about %gpu%: %have% | nvidia-smi странно ответил о %gpu%: %have% | a healthy driver does not say this; the verdict was made without it | исправный драйвер так не отвечает; вердикт вынесен без этого
problem | nvidia.pages-pending | 40 | limit | nvidia | %gpu% waits for a restart to retire bad memory | %gpu% ждёт перезагрузки, чтобы отключить плохую память | ECC found failing pages or rows; they stay in use until the driver starts again | ECC нашла сбойные страницы или строки; до перезапуска драйвера они в работе
problem | nvidia.ecc-errors | 41 | limit | nvidia | %gpu% has counted %have% uncorrectable memory errors | %gpu% насчитала неисправимых ошибок памяти: %have% | programs may have computed with wrong data; if the errors return, the card is failing | программы могли считать по испорченным данным; если ошибки вернутся, карта умирает
problem | nvidia.xid | 42 | limit | nvidia | the kernel log holds a hardware error of the card: Xid %have% | в журнале ядра аппаратная ошибка карты: Xid %have% | NVIDIA lists this Xid as a fault of hardware, memory, link or power | NVIDIA относит этот Xid к сбоям железа, памяти, шины или питания
problem | nvidia.throttle-heat | 43 | limit | nvidia | %gpu% slows down for heat (%have%) | %gpu% тормозит из-за нагрева (%have%) | the thermal slowdown bit is set right now | прямо сейчас выставлен признак теплового замедления
problem | nvidia.throttle-power | 44 | limit | nvidia | %gpu% slows down for want of power | %gpu% тормозит: ей не хватает питания | the power brake is on: a cable, the power supply or the server asks for less | включён тормоз по питанию: кабель, блок питания или сервер требуют снизить мощность
problem | nvidia.power-capped | 45 | note | nvidia | %gpu% is capped at %have% W of %need% W | мощность %gpu% ограничена: %have% Вт из %need% Вт | someone set a lower limit; it costs speed in long runs | кто-то снизил предел; на долгой работе это стоит скорости
problem | nvidia.pcie-width | 46 | limit | nvidia | %gpu% uses %have% of its %need% PCIe lanes under load | %gpu% под нагрузкой занимает %have% из %need% линий PCIe | loading models and spilling to RAM slow down in the same proportion | во столько же раз медленнее загрузка моделей и обмен с памятью
problem | nvidia.pcie-gen | 47 | limit | nvidia | %gpu% runs PCIe generation %have% of %need% under load | %gpu% под нагрузкой работает на PCIe %have% вместо %need% | a riser, a cable or a BIOS setting holds the link back | скорость держит переходник, кабель или настройка BIOS
problem | nvidia.mig | 48 | limit | nvidia | MIG is on for %gpu%: a program sees one slice (%have%) | на %gpu% включён MIG: программе виден один раздел (%have%) | fit is counted against the slice, not the card | модели считаются под раздел, а не под всю карту
problem | nvidia.memory-held | 49 | limit | nvidia | %have% MiB of %gpu% are held by other programs | другие программы держат %have% МиБ памяти %gpu% | what they hold is not there for a model | этой памяти для модели нет
problem | nvidia.branch-ended | 50 | note | nvidia | driver branch %have% is out of support since %need% | ветка драйвера %have% без поддержки с %need% | no more fixes; 580 is the long-term branch | исправлений больше нет; долгая ветка — 580
problem | nvidia.toolkit-newer | 51 | limit | nvidia | CUDA toolkit %have% is newer than driver %need% can run | CUDA toolkit %have% новее, чем может драйвер %need% | programs compiled with it stop with '\''driver version is insufficient'\'' | собранные им программы остановятся с «driver version is insufficient»
problem | nvidia.cudnn-mismatch | 52 | limit | nvidia | cuDNN %have% does not belong to CUDA %need% | cuDNN %have% не подходит к CUDA %need% | cuDNN 8 serves CUDA 11 and 12, cuDNN 9 serves 12 and 13; PyTorch wheels bring their own | cuDNN 8 — для CUDA 11 и 12, cuDNN 9 — для 12 и 13; колёса PyTorch несут свою
problem | nvidia.memory-unknown | 32 | unknown | nvidia docker | the memory that nvidia-smi tells of %gpu% cannot be right: %have% | nvidia-smi называет невозможную память %gpu%: %have% | MiB with used and free within the total are expected; nothing is promised on any other number | ожидаются МиБ, где занятое и свободное не больше всего; на другом числе ничего не обещаем
problem | gpu.unseen | 33 | unknown | nvidia amd | whether this machine has a GPU cannot be seen: %have% is not readable | есть ли здесь видеокарта, не видно: %have% не читается | without it the PCI bus is dark, and no tool of a driver answers either | без него шина PCI не видна, а программы драйверов тоже молчат
problem | amd.vfio | 8 | block | amd | %gpu% is bound to vfio-pci: it is lent to a virtual machine | %gpu% отдана виртуальной машине (драйвер vfio-pci) | while vfio-pci holds the card the host cannot use it | пока карту держит vfio-pci, эта система ею пользоваться не может
problem | amd.container-no-gpu | 9 | block | amd | this container was started without /dev/kfd | этот контейнер запущен без /dev/kfd | ROCm needs /dev/kfd and /dev/dri inside | ROCm нужны внутри /dev/kfd и /dev/dri
problem | amd.nomodeset | 10 | block | amd | the kernel was started with nomodeset, which switches amdgpu off | ядро запущено с nomodeset, а это выключает amdgpu | %gpu% has no driver | у %gpu% нет драйвера
problem | amd.driver-missing | 11 | block | amd | no driver is bound to %gpu% | у %gpu% нет драйвера | amdgpu is not loaded, or this kernel is older than the card | amdgpu не загружен, или ядро старше карты
problem | amd.old-radeon | 12 | block | amd | %gpu% runs on the old '\''radeon'\'' driver, which has no ROCm | %gpu% работает со старым драйвером radeon, в котором нет ROCm | compute needs amdgpu | вычислениям нужен amdgpu
problem | amd.kfd-missing | 13 | block | amd | /dev/kfd is missing although amdgpu is loaded | /dev/kfd нет, хотя amdgpu загружен | the kernel was built without HSA_AMD, or the card has no compute queue | ядро собрано без HSA_AMD, или у карты нет вычислительной очереди
problem | amd.permission | 14 | block | amd | you may not open %have% | у вас нет доступа к %have% | it belongs to group %need%, and you are not in it | он принадлежит группе %need%, а вас в ней нет
problem | amd.no-node | 15 | block | amd | the kernel lists no compute node for %gpu% | ядро не показывает вычислительного узла для %gpu% | kfd topology holds only processors: the kernel or the firmware is too old for this card | в топологии kfd только процессоры: ядро или прошивка старше карты
problem | amd.gfx-dropped | 16 | block | amd | ROCm has no kernels for %gpu% (%have%) | в ROCm нет ядер для %gpu% (%have%) | AMD ended its support; Vulkan still works | AMD прекратила поддержку; Vulkan работает
problem | amd.gfx-unknown | 17 | unknown | amd | %have% is not in our table of ROCm targets | %have% нет в нашей таблице целей ROCm | it may work; nothing is promised | может работать; ничего не обещаем
problem | amd.visible-devices | 18 | block | amd | %have% hides every GPU | %have% прячет все видеокарты | its first entry names no device, and what stands behind such an entry is not read | первая запись не называет устройства, а что за такой записью, не читается
problem | amd.gfx-override | 40 | limit | amd | %gpu% (%have%) has no ROCm kernels of its own | у %gpu% (%have%) нет своих ядер в ROCm | kernels of a sister card usually work; AMD does not test them | обычно работают ядра родственной карты; AMD их не проверяет
problem | amd.gfx-maintenance | 44 | limit | amd | %gpu% (%have%) is in maintenance: PyTorch'\''s wheels for ROCm %need% are the last with kernels for it | %gpu% (%have%) больше не развивается: последние сборки PyTorch с её ядрами — для ROCm %need% | with that version, or with Vulkan, it works; newer builds leave it out | с этой версией или с Vulkan она работает, в новых сборках её нет
problem | amd.integrated | 45 | limit | amd | %gpu% (%have%) is usable with limits | %gpu% (%have%): работает с оговорками | it shares the machine'\''s memory, and most ROCm builds leave it out; Vulkan runs on it | память у неё общая с процессором, в большинстве сборок ROCm её нет; Vulkan на ней работает
problem | amd.integrated-idle | 46 | note | amd | %gpu% (%have%) is not used | %gpu% (%have%) не используется | no amdgpu driver holds it, or its node /dev/dri/renderD* is missing here | её не держит драйвер amdgpu, или здесь нет её файла /dev/dri/renderD*
problem | amd.rocm-old | 41 | limit | amd | ROCm %have% is older than %gpu% needs (%need%) | ROCm %have% старше, чем нужно %gpu% (%need%) | kernels for this card came later | ядра для этой карты появились позже
problem | amd.kernel-old | 42 | limit | amd | ROCm %have% meets the older kernel driver %need% | ROCm %have% работает с более старым драйвером ядра %need% | programs that bundle ROCm 7 wait 30 s and fall back to the CPU | программы со встроенной ROCm 7 ждут 30 с и уходят на процессор
problem | amd.rocm-missing | 43 | limit | amd | ROCm libraries are not installed | библиотеки ROCm не установлены | programs that bundle their own (Ollama, PyTorch wheels) work; those you build do not | программы со своими библиотеками (Ollama, колёса PyTorch) работают, собранные вами — нет
problem | amd.override-set | 50 | note | amd | HSA_OVERRIDE_GFX_VERSION=%have% is set although the card needs none | задана HSA_OVERRIDE_GFX_VERSION=%have%, хотя карте она не нужна | it makes ROCm load another card'\''s kernels | из-за неё ROCm берёт ядра чужой карты
problem | torch.cpu-build | 60 | limit | nvidia amd | PyTorch %have% is a CPU build | PyTorch %have% собран для процессора | it will not use the GPU whatever the driver | видеокарту он не увидит при любом драйвере
problem | torch.wrong-vendor | 61 | limit | nvidia amd | PyTorch %have% is built for another maker'\''s cards | PyTorch %have% собран для карт другого производителя | a CUDA build does not see AMD, a ROCm build does not see NVIDIA | сборка CUDA не видит AMD, сборка ROCm не видит NVIDIA
problem | torch.driver-old | 62 | limit | nvidia | PyTorch %have% needs driver %need% | PyTorch %have% нужен драйвер %need% | torch.cuda.is_available() is False on an older one | со старым драйвером torch.cuda.is_available() вернёт False
problem | torch.arch | 63 | limit | nvidia | PyTorch %have% has no kernels for %gpu% (%need%) | в PyTorch %have% нет ядер для %gpu% (%need%) | '\''no kernel image is available'\''; sm_120 came with the cu128 wheels | «no kernel image is available»; sm_120 появилась в колёсах cu128
problem | torch.gfx | 63 | limit | amd | PyTorch %have% has no kernels for %need% | в PyTorch %have% нет ядер для %need% | '\''invalid device function'\'' at the first kernel | первое же ядро упадёт с «invalid device function»
problem | torch.driver-likely | 64 | note | nvidia | PyTorch %have% was built for driver %need%; yours runs it by minor-version compatibility | PyTorch %have% собран под драйвер %need%; на вашем он идёт по совместимости младших версий | code that compiles kernels at run time may fail | код, который собирает ядра на ходу, может не пойти
problem | docker.permission | 70 | block | docker | Docker runs, but your user may not talk to it | Docker работает, но вашему пользователю он недоступен | you are not in group docker | вы не в группе docker
problem | docker.daemon-down | 71 | block | docker | the Docker daemon is not running | служба Docker не запущена | the client is installed, the socket is silent | клиент установлен, но сокет молчит
problem | docker.unreadable | 72 | unknown | docker | docker info gave no readable answer | docker info не дал понятного ответа | it hung or printed something else | завис или напечатал что-то другое
problem | docker.no-toolkit | 73 | block | docker | the NVIDIA Container Toolkit is not installed | NVIDIA Container Toolkit не установлен | Docker cannot hand a GPU to a container without it | без него Docker не передаст видеокарту контейнеру
problem | docker.no-runtime | 74 | block | docker | Docker knows neither the nvidia runtime nor a CDI device | Docker не знает ни среды nvidia, ни устройства CDI | the toolkit is installed but not configured | инструмент установлен, но не настроен
problem | docker.cdi-stale | 75 | block | docker | the CDI file describes driver %have%, but %need% is running | файл CDI описывает драйвер %have%, а работает %need% | containers look for libraries that are gone | контейнеры ищут библиотеки, которых уже нет
problem | docker.live-failed | 76 | block | docker | a test container does not see the GPU: %have% | пробный контейнер не видит видеокарту: %have% | the run itself is the proof | проверено запуском
problem | docker.cgroup-lost | 77 | limit | docker | containers will lose their GPU at the next '\''systemctl daemon-reload'\'' | контейнеры потеряют видеокарту при следующем systemctl daemon-reload | the nvidia runtime and the systemd cgroup driver do not tell each other about devices; CDI does | среда nvidia и драйвер cgroup systemd не сообщают друг другу об устройствах; CDI сообщает
problem | cpu.no-avx2 | 30 | limit | cpu-infer cpu-train | the processor has no AVX2 | у процессора нет AVX2 | kernels fall back to 128-bit lanes: three to five times slower | ядра идут по 128-битным дорожкам: в 3–5 раз медленнее
problem | cpu.ram-low | 31 | limit | cpu-infer cpu-train | only %have% MiB of memory are free | свободно только %have% МиБ памяти | a 7B model in 4 bits wants about 5000 MiB | модели 7B в 4 битах нужно около 5000 МиБ
problem | cpu.memory-unknown | 32 | unknown | cpu-infer cpu-train | free memory cannot be read | не удалось узнать, сколько памяти свободно | /proc/meminfo is missing or unreadable | /proc/meminfo отсутствует или не читается
problem | cpu.container-limit | 50 | note | cpu-infer cpu-train | this container may use %have% MiB of the host'\''s %need% MiB | контейнеру разрешено %have% МиБ из %need% МиБ хоста | fit is counted against the limit | модели считаются под это ограничение
problem | disk.low | 51 | note | cpu-infer | only %have% MiB are free on the disk with your home folder | на диске с домашней папкой свободно только %have% МиБ | a 7B model file is about 4500 MiB | файл модели 7B занимает около 4500 МиБ
fix | install.open | ubuntu | sudo apt update && sudo apt install -y linux-headers-$(uname -r) nvidia-driver-580-open   # then restart the machine | nvidia-smi
fix | install.open | debian12 | wget https://developer.download.nvidia.com/compute/cuda/repos/debian12/x86_64/cuda-keyring_1.1-1_all.deb && sudo dpkg -i cuda-keyring_1.1-1_all.deb && sudo apt update && sudo apt install -y linux-headers-$(uname -r) nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | debian13 | wget https://developer.download.nvidia.com/compute/cuda/repos/debian13/x86_64/cuda-keyring_1.1-1_all.deb && sudo dpkg -i cuda-keyring_1.1-1_all.deb && sudo apt update && sudo apt install -y linux-headers-$(uname -r) nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | fedora41 | sudo dnf config-manager addrepo --from-repofile=https://developer.download.nvidia.com/compute/cuda/repos/fedora41/x86_64/cuda-fedora41.repo && sudo dnf install -y kernel-devel-$(uname -r) nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | fedora42 | sudo dnf config-manager addrepo --from-repofile=https://developer.download.nvidia.com/compute/cuda/repos/fedora42/x86_64/cuda-fedora42.repo && sudo dnf install -y kernel-devel-$(uname -r) nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | rhel8 | sudo dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/rhel8/x86_64/cuda-rhel8.repo && sudo dnf install -y kernel-devel-$(uname -r) && sudo dnf module install -y nvidia-driver:open-dkms   # then restart the machine | nvidia-smi
fix | install.open | rhel9 | sudo dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/rhel9/x86_64/cuda-rhel9.repo && sudo dnf install -y kernel-devel-$(uname -r) && sudo dnf module install -y nvidia-driver:open-dkms   # then restart the machine | nvidia-smi
fix | install.open | rhel10 | sudo dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/rhel10/x86_64/cuda-rhel10.repo && sudo dnf install -y kernel-devel-$(uname -r) nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | arch | sudo pacman -Syu --needed linux-headers nvidia-open nvidia-utils   # then restart the machine | nvidia-smi
fix | install.open | suse15 | sudo zypper addrepo --refresh https://developer.download.nvidia.com/compute/cuda/repos/opensuse15/x86_64/cuda-opensuse15.repo && sudo zypper --gpg-auto-import-keys install -y nvidia-open   # then restart the machine | nvidia-smi
fix | install.open | wsl | # on Windows: install the current driver from https://www.nvidia.com/drivers, then run: wsl --shutdown | nvidia-smi
fix | install.open | container | # on the host, not in here: install driver 580 with its open kernel modules, then start the container again | nvidia-smi
fix | install.open | manjaro | # no command is tested on Manjaro: take driver 580 with its open kernel modules from Manjaro Settings Manager, Hardware Configuration, then restart the machine | nvidia-smi
fix | install.open | any | # no command is tested on this system: take driver 580 with its open kernel modules from the system'\''s own packages; NVIDIA'\''s steps: https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/; then restart the machine | nvidia-smi
fix | install.closed | ubuntu | sudo apt update && sudo apt install -y linux-headers-$(uname -r) nvidia-driver-580   # then restart the machine | nvidia-smi
fix | install.closed | debian12 | wget https://developer.download.nvidia.com/compute/cuda/repos/debian12/x86_64/cuda-keyring_1.1-1_all.deb && sudo dpkg -i cuda-keyring_1.1-1_all.deb && sudo apt update && sudo apt install -y linux-headers-$(uname -r) cuda-drivers-580   # then restart the machine | nvidia-smi
fix | install.closed | debian13 | wget https://developer.download.nvidia.com/compute/cuda/repos/debian13/x86_64/cuda-keyring_1.1-1_all.deb && sudo dpkg -i cuda-keyring_1.1-1_all.deb && sudo apt update && sudo apt install -y linux-headers-$(uname -r) cuda-drivers-580   # then restart the machine | nvidia-smi
fix | install.closed | rhel8 | sudo dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/rhel8/x86_64/cuda-rhel8.repo && sudo dnf install -y kernel-devel-$(uname -r) && sudo dnf module install -y nvidia-driver:580-dkms   # then restart the machine | nvidia-smi
fix | install.closed | rhel9 | sudo dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/rhel9/x86_64/cuda-rhel9.repo && sudo dnf install -y kernel-devel-$(uname -r) && sudo dnf module install -y nvidia-driver:580-dkms   # then restart the machine | nvidia-smi
fix | install.closed | arch | yay -S nvidia-580xx-dkms nvidia-580xx-utils   # then restart the machine | nvidia-smi
fix | install.closed | suse | sudo zypper install -y nvidia-driver-G06-kmp-default nvidia-compute-utils-G06   # then restart the machine | nvidia-smi
fix | install.closed | wsl | # on Windows: install driver 580 from https://www.nvidia.com/drivers, then run: wsl --shutdown | nvidia-smi
fix | install.closed | container | # on the host, not in here: install driver 580 with its proprietary kernel modules, then start the container again | nvidia-smi
fix | install.closed | manjaro | # no command is tested on Manjaro: take driver 580 with its proprietary kernel modules from Manjaro Settings Manager, Hardware Configuration, then restart the machine | nvidia-smi
fix | install.closed | any | # no command is tested on this system: take driver 580 with its proprietary kernel modules from the system'\''s own packages; NVIDIA'\''s steps: https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/; then restart the machine | nvidia-smi
fix | wsl.version1 | any | # in Windows PowerShell: wsl --set-version %distro% 2 | uname -r   # must say microsoft-standard-WSL2
fix | wsl.linux-driver | debian | sudo apt-get remove --purge $(dpkg-query -W -f '\''${binary:Package}\n'\'' \| grep -E '\''^(cuda-drivers\|nvidia-(driver\|open\|dkms\|kernel\|firmware\|utils\|compute-utils\|smi\|alternative)\|libnvidia-(compute\|gl\|cfg1\|common\|decode\|encode\|extra\|fbc1\|ml1)\|libcuda1\|xserver-xorg-video-nvidia)([-:0-9]\|$)'\'') && sudo ldconfig | /usr/lib/wsl/lib/nvidia-smi
fix | wsl.linux-driver | fedora | sudo dnf remove '\''nvidia-driver*'\'' '\''nvidia-open*'\'' '\''nvidia-kmod*'\'' '\''kmod-nvidia*'\'' '\''akmod-nvidia*'\'' '\''xorg-x11-drv-nvidia*'\'' '\''cuda-drivers*'\'' && sudo ldconfig | /usr/lib/wsl/lib/nvidia-smi
fix | wsl.linux-driver | any | # remove the Linux NVIDIA driver packages inside WSL (not the CUDA toolkit, not the container toolkit), then: sudo ldconfig | /usr/lib/wsl/lib/nvidia-smi
fix | wsl.no-driver | any | # in Windows PowerShell: wsl --update; then install the current driver from https://www.nvidia.com/drivers and run: wsl --shutdown | ls /dev/dxg /usr/lib/wsl/lib/libcuda.so.1
fix | nvidia.vfio | any | # give the card back: remove its id from '\''vfio-pci.ids='\'' on the kernel command line and from /etc/modprobe.d, then restart the machine | readlink /sys/bus/pci/devices/%bus%/driver
fix | nvidia.container-no-gpu | any | # on the host: docker run --gpus all …   (podman: --device nvidia.com/gpu=all) | ls /dev/nvidia0 && nvidia-smi
fix | nvidia.container-lost | any | # on the host: sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml, then start the container again with --device nvidia.com/gpu=all instead of --gpus all | nvidia-smi
fix | nvidia.mixed | any | # choose one: the open modules leave the older card idle, the proprietary ones the newer; the other card can serve a second machine or a virtual one (vfio-pci) | nvidia-smi -L
fix | nvidia.nouveau | debian | printf '\''blacklist nouveau\noptions nouveau modeset=0\n'\'' \| sudo tee /etc/modprobe.d/blacklist-nouveau.conf && sudo update-initramfs -u   # then restart the machine | lsmod \| grep nouveau   # must print nothing
fix | nvidia.nouveau | fedora | printf '\''blacklist nouveau\noptions nouveau modeset=0\n'\'' \| sudo tee /etc/modprobe.d/blacklist-nouveau.conf && sudo dracut --force   # then restart the machine | lsmod \| grep nouveau   # must print nothing
fix | nvidia.nouveau | arch | printf '\''blacklist nouveau\noptions nouveau modeset=0\n'\'' \| sudo tee /etc/modprobe.d/blacklist-nouveau.conf && sudo mkinitcpio -P   # then restart the machine | lsmod \| grep nouveau   # must print nothing
fix | nvidia.nouveau | suse | printf '\''blacklist nouveau\noptions nouveau modeset=0\n'\'' \| sudo tee /etc/modprobe.d/blacklist-nouveau.conf && sudo dracut --force   # then restart the machine | lsmod \| grep nouveau   # must print nothing
fix | nvidia.nouveau | container | # on the host, not in here: blacklist nouveau and install the NVIDIA driver | nvidia-smi
fix | nvidia.nouveau | any | printf '\''blacklist nouveau\noptions nouveau modeset=0\n'\'' \| sudo tee /etc/modprobe.d/blacklist-nouveau.conf   # then rebuild the initial RAM disk and restart the machine | lsmod \| grep nouveau   # must print nothing
fix | nvidia.secure-boot | ubuntu | sudo update-secureboot-policy --enroll-key   # then restart the machine; at start choose '\''Enroll MOK'\'' and type the password | mokutil --test-key /var/lib/shim-signed/mok/MOK.der \| grep '\''already enrolled'\'' && nvidia-smi
fix | nvidia.secure-boot | debian | sudo mokutil --import /var/lib/dkms/mok.pub   # then restart the machine; at start choose '\''Enroll MOK'\'' and type the password | mokutil --test-key /var/lib/dkms/mok.pub \| grep '\''already enrolled'\'' && nvidia-smi
fix | secure-boot.akmods | any | sudo kmodgenca -a && sudo mokutil --import /etc/pki/akmods/certs/public_key.der   # then restart the machine; at start choose '\''Enroll MOK'\'' and type the password | mokutil --test-key /etc/pki/akmods/certs/public_key.der \| grep '\''already enrolled'\'' && nvidia-smi
fix | nvidia.secure-boot | any | sudo mokutil --import /var/lib/dkms/mok.pub   # then restart the machine; it is the key that signs your modules; at start choose '\''Enroll MOK'\'' | mokutil --sb-state && nvidia-smi
fix | nvidia.dkms | debian | sudo apt install -y linux-headers-$(uname -r) && sudo dkms autoinstall && sudo modprobe nvidia | dkms status && nvidia-smi
fix | nvidia.dkms | fedora | sudo dnf install -y kernel-devel-$(uname -r) && sudo dkms autoinstall && sudo modprobe nvidia | dkms status && nvidia-smi
fix | nvidia.dkms | arch | sudo pacman -S --needed linux-headers && sudo dkms autoinstall && sudo modprobe nvidia | dkms status && nvidia-smi
fix | nvidia.dkms | suse | sudo zypper install -y kernel-default-devel && sudo dkms autoinstall && sudo modprobe nvidia | dkms status && nvidia-smi
fix | nvidia.dkms | any | sudo dkms autoinstall && sudo modprobe nvidia   # after installing the headers of this kernel | dkms status && nvidia-smi
fix | nvidia.module-not-loaded | any | sudo modprobe -a nvidia nvidia-uvm \|\| sudo dmesg \| grep -i nvidia \| tail | nvidia-smi
fix | nvidia.mismatch | container | # on the host restart the machine, then start the container again | nvidia-smi
fix | nvidia.mismatch | wsl | # in Windows PowerShell: wsl --shutdown, and start again; if it stays, install the current driver in Windows | nvidia-smi
fix | nvidia.mismatch | any | sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe -a nvidia nvidia-uvm   # if a module is in use: restart the machine | nvidia-smi
fix | nvidia.open-needed | = | install.open | nvidia-smi
fix | nvidia.open-unsupported | = | install.closed | nvidia-smi
fix | nvidia.driver-new | = | install.closed | nvidia-smi
fix | nvidia.fell-off | container | # on the host: restart the machine; if it returns: power cable, slot or riser, cooling, then the card itself | nvidia-smi
fix | nvidia.fell-off | any | # restart the machine; if it returns: power cable, slot or riser, cooling, then the card itself | nvidia-smi && sudo dmesg \| grep -i xid
fix | nvidia.too-old | any | # no command mends this: use the processor, or a card of compute capability 5.0 or newer | nvidia-smi --query-gpu=name --format=csv
fix | nvidia.smi-missing | ubuntu | sudo apt install -y nvidia-utils-%branch% libnvidia-compute-%branch% | nvidia-smi
fix | nvidia.smi-missing | debian | sudo apt install -y nvidia-smi libcuda1 | nvidia-smi
fix | nvidia.smi-missing | fedora | sudo dnf install -y nvidia-driver-cuda | nvidia-smi
fix | nvidia.smi-missing | arch | sudo pacman -S --needed nvidia-utils | nvidia-smi
fix | nvidia.smi-missing | suse | sudo zypper install -y nvidia-compute-utils-G06 | nvidia-smi
fix | nvidia.smi-missing | container | # on the host: docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility … | nvidia-smi
fix | nvidia.smi-missing | wsl | export PATH=$PATH:/usr/lib/wsl/lib   # nvidia-smi comes from Windows: install nothing in here | nvidia-smi
fix | nvidia.smi-missing | any | # install the user half of driver %have%: the package with nvidia-smi and libcuda | nvidia-smi
fix | nvidia.nvml-missing | = | nvidia.smi-missing | nvidia-smi
fix | nvidia.libcuda-missing | ubuntu | sudo apt install -y libnvidia-compute-%branch% && sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | debian | sudo apt install -y libcuda1 && sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | fedora | sudo dnf install -y nvidia-driver-cuda-libs && sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | arch | sudo pacman -S --needed nvidia-utils && sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | container | # on the host: docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility … | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | wsl | echo /usr/lib/wsl/lib \| sudo tee /etc/ld.so.conf.d/wsl.conf && sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.libcuda-missing | any | # install the compute libraries of the driver (libcuda), then: sudo ldconfig | ldconfig -p \| grep libcuda.so.1
fix | nvidia.node-missing | container | # on the host: docker run --gpus all … | ls -l /dev/nvidia%minor% /dev/nvidiactl
fix | nvidia.node-missing | any | sudo nvidia-modprobe -c %minor% -u | ls -l /dev/nvidia%minor% /dev/nvidiactl
fix | nvidia.uvm-missing | container | # on the host: sudo nvidia-modprobe -u -c=0, then start the container again | ls -l /dev/nvidia-uvm
fix | nvidia.uvm-missing | any | sudo modprobe nvidia-uvm && sudo nvidia-modprobe -u -c=0 | ls -l /dev/nvidia-uvm
fix | nvidia.node-permission | container | # on the host: sudo chmod 666 %nodes%; for good: remove NVreg_DeviceFileMode from /etc/modprobe.d | nvidia-smi && ls -l %nodes%
fix | nvidia.node-permission | any | sudo chmod 666 %nodes%   # for good: remove NVreg_DeviceFileMode from /etc/modprobe.d | nvidia-smi && ls -l %nodes%
fix | nvidia.fabric | container | # on the host: sudo systemctl enable --now nvidia-fabricmanager; its version must equal the driver'\''s | nvidia-smi -q \| grep -A 2 Fabric
fix | nvidia.fabric | ubuntu | sudo apt install -y nvidia-fabricmanager-%branch% && sudo systemctl enable --now nvidia-fabricmanager | nvidia-smi -q \| grep -A 2 Fabric
fix | nvidia.fabric | any | sudo systemctl enable --now nvidia-fabricmanager   # its version must equal the driver'\''s | nvidia-smi -q \| grep -A 2 Fabric
fix | nvidia.compute-prohibited | container | # on the host: sudo nvidia-smi -i %index% -c 0 | nvidia-smi --query-gpu=compute_mode --format=csv
fix | nvidia.compute-prohibited | any | sudo nvidia-smi -i %index% -c 0 | nvidia-smi --query-gpu=compute_mode --format=csv
fix | nvidia.visible-devices | any | unset %var% | env \| grep VISIBLE_DEVICES
fix | nvidia.mig-empty | container | # on the host: sudo nvidia-smi mig -i %index% -cgi 0 -C, then start the container again | nvidia-smi -L
fix | nvidia.mig-empty | any | sudo nvidia-smi mig -i %index% -cgi 0 -C   # one instance of the whole card; or switch MIG off: sudo nvidia-smi -i %index% -mig 0 | nvidia-smi -L
fix | nvidia.smi-hang | container | # on the host: restart the machine; its kernel log (dmesg) names the cause | nvidia-smi
fix | nvidia.smi-hang | wsl | # in Windows PowerShell: wsl --shutdown, and start again; if it stays, install the current driver in Windows | nvidia-smi
fix | nvidia.smi-hang | any | sudo dmesg \| grep -iE '\''nvrm\|xid'\'' \| tail   # read it, then restart the machine | nvidia-smi
fix | nvidia.smi-failed | container | # on the host: look at nvidia-smi and dmesg there; when it works, start the container again | nvidia-smi
fix | nvidia.smi-failed | wsl | # in Windows PowerShell: wsl --shutdown, and start again; if it stays, install the current driver in Windows | nvidia-smi
fix | nvidia.smi-failed | any | sudo dmesg \| grep -iE '\''nvrm\|xid'\'' \| tail && sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe -a nvidia nvidia-uvm   # if a module is in use: restart the machine | nvidia-smi
fix | nvidia.card-silent | any | sudo dmesg \| grep -iE '\''nvrm\|xid'\'' \| tail   # why the driver left it out: too old for this driver, no power, a bad slot or riser | nvidia-smi -L
fix | nvidia.memory-unknown | any | nvidia-smi --query-gpu=index,memory.total,memory.used,memory.free --format=csv   # are these MiB? if not: is it NVIDIA'\''s own program? | nvidia-smi
fix | nvidia.answer-odd | any | command -v nvidia-smi; nvidia-smi -q \| head -n 40   # look at it: is it NVIDIA'\''s own program, and does the driver answer in full? | nvidia-smi --query-gpu=driver_version,compute_cap --format=csv
fix | nvidia.smi-crashed | any | nvidia-smi; sudo dmesg \| grep -iE '\''nvrm\|xid\|segfault'\'' \| tail   # look at what kills it; reinstalling the driver mends a torn library | nvidia-smi
fix | nvidia.smi-unreadable | any | command -v nvidia-smi; nvidia-smi   # look at it: is it NVIDIA'\''s own program? | nvidia-smi --query-gpu=name,memory.total --format=csv
fix | nvidia.pages-pending | container | # on the host: restart the machine | nvidia-smi --query-gpu=retired_pages.pending --format=csv
fix | nvidia.pages-pending | any | # restart the machine | nvidia-smi --query-gpu=retired_pages.pending --format=csv
fix | nvidia.ecc-errors | container | # on the host: restart the machine; if the counter grows again the card is failing: run nvidia-bug-report.sh and claim the warranty | nvidia-smi --query-gpu=ecc.errors.uncorrected.volatile.total --format=csv
fix | nvidia.ecc-errors | any | # restart the machine; if the counter grows again the card is failing: run nvidia-bug-report.sh and claim the warranty | nvidia-smi --query-gpu=ecc.errors.uncorrected.volatile.total --format=csv
fix | nvidia.xid | any | sudo dmesg \| grep -i xid   # look the number up in NVIDIA'\''s Xid list, then restart the machine | sudo dmesg \| grep -i xid   # must print nothing new
fix | nvidia.throttle-heat | any | # clean the fans and filters, give the card air; as a stopgap: sudo nvidia-smi -i %index% -pl %watts% | nvidia-smi -q -d PERFORMANCE \| grep -i thermal
fix | nvidia.throttle-power | any | # check that every power cable is fully seated and the power supply is large enough; as a stopgap: sudo nvidia-smi -i %index% -pl %watts% | nvidia-smi -q -d PERFORMANCE \| grep -i brake
fix | nvidia.power-capped | container | # on the host: sudo nvidia-smi -i %index% -pl %need% | nvidia-smi --query-gpu=power.limit --format=csv
fix | nvidia.power-capped | any | sudo nvidia-smi -i %index% -pl %need% | nvidia-smi --query-gpu=power.limit --format=csv
fix | nvidia.pcie-width | any | # power off, seat the card again, try the slot nearest to the processor, remove the riser | nvidia-smi --query-gpu=pcie.link.width.current,pcie.link.width.max --format=csv
fix | nvidia.pcie-gen | any | # in the BIOS set the slot to Auto or Gen %need%; try without the riser | nvidia-smi --query-gpu=pcie.link.gen.current,pcie.link.gen.max --format=csv
fix | nvidia.mig | any | # keep it if you share the card; the whole card again: sudo nvidia-smi -i %index% -mig 0 | nvidia-smi -L
fix | nvidia.memory-held | any | # close the programs that hold it: %list% | nvidia-smi --query-gpu=memory.used --format=csv
fix | nvidia.branch-ended | = | install.open | nvidia-smi
fix | nvidia.toolkit-newer | = | install.open | nvcc --version && nvidia-smi
fix | nvidia.cudnn-mismatch | debian | sudo apt install -y cudnn9-cuda-%need% | ldconfig -p \| grep libcudnn
fix | nvidia.cudnn-mismatch | any | # install cuDNN 9 for CUDA %need% from https://developer.nvidia.com/cudnn-downloads | ldconfig -p \| grep libcudnn
fix | amd.vfio | = | nvidia.vfio | readlink /sys/bus/pci/devices/%bus%/driver
fix | amd.container-no-gpu | any | # on the host: docker run --device /dev/kfd --device /dev/dri --group-add $(stat -c %g /dev/kfd) --group-add $(stat -c %g /dev/dri/renderD128) … | ls -l /dev/kfd /dev/dri
fix | amd.nomodeset | debian | sudo sed -i '\''s/ *nomodeset//'\'' /etc/default/grub && sudo update-grub   # then restart the machine | lsmod \| grep amdgpu
fix | amd.nomodeset | fedora | sudo grubby --update-kernel=ALL --remove-args=nomodeset   # then restart the machine | lsmod \| grep amdgpu
fix | amd.nomodeset | any | # remove nomodeset from the kernel command line of your boot loader and restart the machine | lsmod \| grep amdgpu
fix | amd.driver-missing | ubuntu | sudo apt full-upgrade -y && sudo apt install -y linux-firmware && sudo modprobe amdgpu | lsmod \| grep amdgpu && ls -l /dev/kfd
fix | amd.driver-missing | debian | sudo apt install -y firmware-amd-graphics && sudo modprobe amdgpu | lsmod \| grep amdgpu && ls -l /dev/kfd
fix | amd.driver-missing | container | # on the host, not in here: sudo modprobe amdgpu | ls -l /dev/kfd
fix | amd.driver-missing | any | sudo modprobe amdgpu   # if it refuses: a newer kernel and linux-firmware | lsmod \| grep amdgpu && ls -l /dev/kfd
fix | amd.old-radeon | debian | echo '\''options radeon si_support=0 cik_support=0'\'' \| sudo tee /etc/modprobe.d/amdgpu.conf && echo '\''options amdgpu si_support=1 cik_support=1'\'' \| sudo tee -a /etc/modprobe.d/amdgpu.conf && sudo update-initramfs -u   # then restart the machine | lsmod \| grep amdgpu
fix | amd.old-radeon | any | # kernel command line: radeon.si_support=0 radeon.cik_support=0 amdgpu.si_support=1 amdgpu.cik_support=1, then restart the machine | lsmod \| grep amdgpu
fix | amd.kfd-missing | any | zgrep HSA_AMD /proc/config.gz /boot/config-$(uname -r)   # must be y: install your distribution'\''s standard kernel, then: sudo modprobe -r amdgpu && sudo modprobe amdgpu | ls -l /dev/kfd
fix | amd.permission | container | # on the host: docker run --device /dev/kfd --device /dev/dri --group-add %gid% …   (SELinux: sudo setsebool container_use_devices=1) | test -w /dev/kfd && echo ok
fix | amd.permission | any | sudo usermod -aG render,video $USER   # then log out and in again | test -w /dev/kfd && echo ok
fix | amd.no-node | = | amd.driver-missing | cat /sys/class/kfd/kfd/topology/nodes/*/gpu_id
fix | amd.gfx-dropped | any | # use a Vulkan build: llama.cpp with -DGGML_VULKAN=ON, or OLLAMA_VULKAN=1 ollama serve | vulkaninfo --summary
fix | amd.gfx-unknown | any | rocminfo \| grep gfx   # then see https://rocm.docs.amd.com for this target | rocminfo
fix | amd.visible-devices | any | unset %var% | env \| grep VISIBLE_DEVICES
fix | amd.gfx-override | any | export HSA_OVERRIDE_GFX_VERSION=%need% | rocminfo \| grep gfx
fix | amd.gfx-maintenance | any | # stay with ROCm %need% and programs built on it (PyTorch: --index-url https://download.pytorch.org/whl/rocm%need%), or use a Vulkan build: OLLAMA_VULKAN=1 ollama serve | rocminfo \| grep gfx
fix | amd.integrated | any | # use a Vulkan build: llama.cpp with -DGGML_VULKAN=ON, or OLLAMA_VULKAN=1 ollama serve | vulkaninfo --summary
fix | amd.integrated-idle | container | # only if you want it: on the host sudo modprobe amdgpu, then docker run --device /dev/dri … | ls -l /dev/dri
fix | amd.integrated-idle | any | # only if you want it: sudo modprobe amdgpu | ls -l /dev/dri
fix | amd.rocm-old | = | amd.rocm-missing | cat /opt/rocm/.info/version
fix | amd.kernel-old | ubuntu | sudo amdgpu-install -y --usecase=dkms   # then restart the machine; take it from the same release as ROCm | cat /sys/module/amdgpu/version
fix | amd.kernel-old | any | # install the kernel driver of the same release as ROCm (amdgpu-dkms), or a distribution kernel of 6.12 or newer, and restart the machine | cat /sys/module/amdgpu/version
fix | amd.rocm-missing | ubuntu | sudo apt install -y rocm   # after adding AMD'\''s repository: https://rocm.docs.amd.com/projects/install-on-linux | rocminfo \| grep gfx
fix | amd.rocm-missing | debian | sudo apt install -y rocm   # after adding AMD'\''s repository: https://rocm.docs.amd.com/projects/install-on-linux | rocminfo \| grep gfx
fix | amd.rocm-missing | fedora | sudo dnf install -y rocm-hip rocminfo rocblas hipblas | rocminfo \| grep gfx
fix | amd.rocm-missing | rhel | sudo dnf install -y rocm   # after adding AMD'\''s repository: https://rocm.docs.amd.com/projects/install-on-linux | rocminfo \| grep gfx
fix | amd.rocm-missing | arch | sudo pacman -S --needed rocm-hip-sdk rocminfo | rocminfo \| grep gfx
fix | amd.rocm-missing | any | # see https://rocm.docs.amd.com/projects/install-on-linux for your system | rocminfo \| grep gfx
fix | amd.override-set | any | unset HSA_OVERRIDE_GFX_VERSION | rocminfo \| grep gfx
fix | torch.cuda-wheel | any | %pip% install --upgrade --force-reinstall torch torchvision torchaudio --index-url https://download.pytorch.org/whl/%wheel% | %own% -c "import torch; print(torch.cuda.is_available(), torch.cuda.get_arch_list())"
fix | torch.rocm-wheel | any | %pip% install --upgrade --force-reinstall torch torchvision torchaudio --index-url https://download.pytorch.org/whl/%wheel% | %own% -c "import torch; print(torch.cuda.is_available(), torch.cuda.get_arch_list())"
fix | torch.driver-old | = | install.open | nvidia-smi
fix | torch.driver-likely | = | install.open | nvidia-smi
fix | docker.permission | any | sudo usermod -aG docker $USER   # then log out and in again | docker info
fix | docker.daemon-down | wsl | sudo service docker start   # or start Docker Desktop on Windows | docker info
fix | docker.daemon-down | any | sudo systemctl enable --now docker | docker info
fix | docker.unreadable | any | docker info   # look at what it prints, then: sudo systemctl restart docker | docker info
fix | docker.no-toolkit | debian | curl -fsSL https://nvidia.github.io/libnvidia-container/gpgkey \| sudo gpg --dearmor -o /usr/share/keyrings/nvidia-container-toolkit-keyring.gpg && curl -fsSL https://nvidia.github.io/libnvidia-container/stable/deb/nvidia-container-toolkit.list \| sed '\''s#deb https://#deb [signed-by=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg] https://#'\'' \| sudo tee /etc/apt/sources.list.d/nvidia-container-toolkit.list && sudo apt update && sudo apt install -y nvidia-container-toolkit && sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.no-toolkit | fedora | curl -fsSL https://nvidia.github.io/libnvidia-container/stable/rpm/nvidia-container-toolkit.repo \| sudo tee /etc/yum.repos.d/nvidia-container-toolkit.repo && sudo dnf install -y nvidia-container-toolkit && sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.no-toolkit | arch | sudo pacman -S --needed nvidia-container-toolkit && sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.no-toolkit | suse | sudo zypper addrepo https://nvidia.github.io/libnvidia-container/stable/rpm/nvidia-container-toolkit.repo && sudo zypper --gpg-auto-import-keys install -y nvidia-container-toolkit && sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.no-toolkit | any | # install the NVIDIA Container Toolkit (https://docs.nvidia.com/datacenter/cloud-native), then: sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.no-runtime | any | sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.cdi-stale | any | sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml | docker run --rm --device nvidia.com/gpu=all ubuntu nvidia-smi
fix | docker.live-failed | any | sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker | docker run --rm --gpus all ubuntu nvidia-smi
fix | docker.cgroup-lost | any | sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml   # then start containers with --device nvidia.com/gpu=all instead of --gpus all | sudo systemctl daemon-reload && docker exec CONTAINER nvidia-smi
fix | gpu.unseen | any | ls /sys/bus/pci/devices   # if /sys is empty: sudo mount -t sysfs sysfs /sys; in a sandbox ask for it from outside | ls /sys/bus/pci/devices
fix | cpu.no-avx2 | any | # no command mends this; in a virtual machine ask for the host'\''s processor model (qemu: -cpu host) | grep -c avx2 /proc/cpuinfo
fix | cpu.ram-low | any | # close programs, or choose a smaller model or a smaller context: dum check --models --context 4096 | free -m
fix | cpu.memory-unknown | any | cat /proc/meminfo   # is /proc mounted? | head -n 3 /proc/meminfo
fix | cpu.container-limit | any | # on the host: docker update --memory 0 --memory-swap -1 CONTAINER | cat /sys/fs/cgroup/memory.max
fix | disk.low | any | df -h ~   # make room, or keep models on another disk | df -h ~
'
}

{ rules; echo '@@'; if [ -n "$file" ]; then head -c 4194304 "$file" | tr '\t' ' ' | tr -cd '\n -~' | cut -c 1-4096; else collect; fi; } | $awk -v tongue="$tongue" -v mode="$mode" "$program"
