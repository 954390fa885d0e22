#!/bin/bash
# Tests the KVM engine on a real arm64 KVM under QEMU: the guests that all engines share, the kernel's interrupt controller, machines by the
# thousand, and, with guests, Linux on a board of two CPUs; on two kernels and on a CPU with and one without VHE. Needs clang, lld, gcc-aarch64-linux-gnu, cpio, qemu-system-arm and Debian's apt.
#
#   eng/kvm-tests.sh [SUITE/CPU ...]      default: trixie and bookworm, neoverse-n1 and cortex-a72
#
# ARMILLARY_GUESTS: a directory that eng/guests.sh filled with cloud-6.12 and busybox.
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/kvm
export KVMLAB_CACHE=${KVMLAB_CACHE:-$PWD/$output/lab}
mkdir -p "$output/program"
dotnet publish tests/Armillary.Lab -c Release -r linux-arm64 -p:PublishAot=true -o "$output/publish" --verbosity quiet
cp "$output/publish/Armillary.Lab" "$output/program/"
board=$output/board
if [ -n "${ARMILLARY_GUESTS:-}" ]; then
  mkdir -p "$board"
  dotnet publish src/Armillary.Cli -c Release -r linux-arm64 -p:PublishAot=true -o "$output/cli" --verbosity quiet
  cp "$output/cli/Armillary.Cli" "$board/armillary"
  cp "$ARMILLARY_GUESTS/cloud-6.12/vmlinuz" "$ARMILLARY_GUESTS/busybox/initramfs.cpio.gz" "$board/"
else
  echo 'skipped: Linux on the KVM engine (ARMILLARY_GUESTS is not set)'
fi
if [ $# -eq 0 ]; then set -- trixie/neoverse-n1 trixie/cortex-a72 bookworm/neoverse-n1 bookworm/cortex-a72; fi
status=0
for machine; do
  printf '== %s\n' "$machine"
  for command in guests gic id life; do
    eng/kvmlab.sh run --env "ARMILLARY_LIVES=${ARMILLARY_LIVES:-2000}" --suite "${machine%/*}" --cpu "${machine#*/}" --smp 2 --timeout 240 "$output/program" -- ./Armillary.Lab "$command" || status=1
  done
  if [ -d "$board" ] && [ -n "${ARMILLARY_GUESTS:-}" ]; then
    eng/kvmlab.sh run --suite "${machine%/*}" --cpu "${machine#*/}" --smp 2 --mem 1024 --timeout 240 "$board" -- ./armillary run --engine kvm --cpus 2 --memory 256M --timeout 200 \
      --kernel vmlinuz --initrd initramfs.cpio.gz --append 'console=ttyAMA0 panic=-1 quiet run=nproc' >"$output/boot.log" 2>&1 || status=1
    cat "$output/boot.log"
    grep -q INIT-REACHED "$output/boot.log" && tr -d '\r' <"$output/boot.log" | grep -qx 2 && grep -q 'switched the machine off' "$output/boot.log" || { echo 'FAILED: Linux on the KVM engine'; status=1; }
  fi
done
exit $status
