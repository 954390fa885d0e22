#!/bin/bash
# Tests the KVM engine on a real arm64 KVM under QEMU, on two kernels and on a CPU with and one without VHE:
#   the program tests/Armillary.Lab, compiled ahead: the guests that all engines share (in seconds), the kernel's interrupt controller,
#     identification registers, machines by the thousand;
#   the tests of namespace Armillary.Tests.Kvm as dotnet test runs them, ready to run;
#   the examples, against the lines that they should print;
#   with guests, Linux on a board of two CPUs with a virtio disk, which it reads and writes.
# Needs clang, lld, gcc-aarch64-linux-gnu, cpio, qemu-system-arm and Debian's apt.
#
#   eng/kvm-tests.sh [SUITE/CPU ...]      default: trixie and bookworm, neoverse-n1 and cortex-a72
#
# ARMILLARY_GUESTS: a directory that eng/guests.sh filled with cloud-6.12 and busybox.
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/kvm
program=$output/program tests=$output/tests examples=$output/examples board=$output/board
readonly names='demo fibonacci array_sum step mmio'
export KVMLAB_CACHE=${KVMLAB_CACHE:-$PWD/$output/lab}
mkdir -p "$program" "$board"

publish() { dotnet publish "$1" -c Release -r linux-arm64 -o "$2" --verbosity quiet "${@:3}"; }

publish tests/Armillary.Lab "$output/publish" -p:PublishAot=true
cp "$output/publish/Armillary.Lab" "$program/"
publish tests/Armillary.Tests "$tests" --self-contained -p:PublishReadyToRun=true
for name in $names; do
  publish "examples/$name.cs" "$examples" --self-contained
  sed 's/(Software CPU)/(KVM)/' "examples/$name.expected" >"$examples/$name.expected"
done
cat >"$examples/run" <<EOF
status=0
for name in $names; do
  if ./\$name >\$name.out 2>&1 && cmp \$name.out \$name.expected; then echo "passed: example \$name"; else cat \$name.out; echo "FAILED: example \$name"; status=1; fi
done
exit \$status
EOF
if [ -n "${ARMILLARY_GUESTS:-}" ]; then
  publish src/Armillary.Cli "$output/cli" -p:PublishAot=true
  cp "$output/cli/Armillary.Cli" "$board/armillary"
  cp "$ARMILLARY_GUESTS/cloud-6.12/vmlinuz" "$board/"
  cat "$ARMILLARY_GUESTS/busybox/initramfs.cpio.gz" "$ARMILLARY_GUESTS/cloud-6.12/modules.cpio.gz" >"$board/initramfs.cpio.gz"
  head -c 8M /dev/urandom >"$board/disk"
  head -c 4M "$board/disk" >"$board/after"
  cat "$board/after" "$board/after" >"$output/after"
else
  echo 'skipped: Linux on the KVM engine (ARMILLARY_GUESTS is not set)'
fi

# The lab has no ICU.
lab() { eng/kvmlab.sh run --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env TESTINGPLATFORM_TELEMETRY_OPTOUT=1 --suite "${machine%/*}" --cpu "${machine#*/}" --smp 2 --timeout 300 "$@"; }

boots() {
  local log=$output/boot.log
  lab --mem 1024 "$board" -- ./armillary run --engine kvm --cpus 2 --memory 256M --timeout 200 --kernel vmlinuz --initrd initramfs.cpio.gz --disk disk,serial=lab,queues=2 --append 'console=ttyAMA0 panic=-1 quiet run=disk-check' >"$log" 2>&1 || { cat "$log"; return 1; }
  cat "$log"
  grep -q INIT-REACHED "$log" && grep -q 'switched the machine off' "$log" &&
    grep -q "^disk lab $(md5sum <"$board/disk")" "$log" && grep -q "^disk lab $(md5sum <"$output/after")" "$log" # the kernel may go on in the line
}

failures=0
# check NAME COMMAND...
check() {
  if "${@:2}"; then echo "passed: $machine: $1"; else echo "FAILED: $machine: $1"; failures=$((failures + 1)); fi
}

if [ $# -eq 0 ]; then set -- trixie/neoverse-n1 trixie/cortex-a72 bookworm/neoverse-n1 bookworm/cortex-a72; fi
for machine; do
  printf '== %s\n' "$machine"
  for command in guests gic id life; do check "$command" lab --env "ARMILLARY_LIVES=${ARMILLARY_LIVES:-2000}" "$program" -- ./Armillary.Lab "$command"; done
  check 'dotnet test' lab "$tests" -- ./Armillary.Tests --filter-namespace Armillary.Tests.Kvm --progress off
  check examples lab "$examples" -- sh ./run
  if [ -n "${ARMILLARY_GUESTS:-}" ]; then check Linux boots; fi
done
[ "$failures" -eq 0 ]
