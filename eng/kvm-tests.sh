#!/bin/bash
# Tests the KVM engine on a real arm64 KVM under QEMU: the guests that all engines share, and machines by the thousand, on two kernels and on a
# CPU with and one without VHE. Needs clang, lld, gcc-aarch64-linux-gnu, cpio, qemu-system-arm and Debian's apt.
#
#   eng/kvm-tests.sh [SUITE/CPU ...]      default: trixie and bookworm, neoverse-n1 and cortex-a72
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/kvm
export KVMLAB_CACHE=${KVMLAB_CACHE:-$PWD/$output/lab}
mkdir -p "$output/program"
dotnet publish tests/Armillary.Lab -c Release -r linux-arm64 -p:PublishAot=true -o "$output/publish" --verbosity quiet
cp "$output/publish/Armillary.Lab" "$output/program/"
if [ $# -eq 0 ]; then set -- trixie/neoverse-n1 trixie/cortex-a72 bookworm/neoverse-n1 bookworm/cortex-a72; fi
status=0
for machine; do
  printf '== %s\n' "$machine"
  for command in guests life; do
    eng/kvmlab.sh run --env "ARMILLARY_LIVES=${ARMILLARY_LIVES:-2000}" --suite "${machine%/*}" --cpu "${machine#*/}" --smp 2 --timeout 240 "$output/program" -- ./Armillary.Lab "$command" || status=1
  done
done
exit $status
