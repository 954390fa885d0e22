#!/bin/bash
# Exits a second of the KVM engine beside a loop in C over the same ioctls, in one boot of the lab, three times each in turn. First
# with instructions as the clock: what the engine adds to an exit, in instructions of its host, whatever else this machine does. Then by the
# clock. Needs what eng/kvm-tests.sh needs.
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/kvm-exits
export KVMLAB_CACHE=${KVMLAB_CACHE:-$PWD/artifacts/kvm/lab}
mkdir -p "$output/program"
dotnet publish tests/Armillary.Lab -c Release -r linux-arm64 -p:PublishAot=true -o "$output/publish" --verbosity quiet
cp "$output/publish/Armillary.Lab" "$output/program/"
aarch64-linux-gnu-gcc -O2 -static -Wall -o "$output/program/kvm-exits" bench/kvm-exits.c
cat >"$output/program/count" <<'EOF'
for round in 1 2 3; do ./kvm-exits; ./Armillary.Lab exits; done
EOF
echo 'A nanosecond an instruction:'
eng/kvmlab.sh run --icount --timeout 400 "$output/program" -- sh ./count
echo 'By the clock:'
exec eng/kvmlab.sh run --smp 2 --timeout 240 "$output/program" -- sh -c 'sh ./count; ./Armillary.Lab measure'
