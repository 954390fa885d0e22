#!/bin/bash
# Exits a second of the KVM engine beside a loop in C over the same ioctls, in one boot of the lab, three times each in turn. Needs what
# eng/kvm-tests.sh needs.
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/kvm-exits
export KVMLAB_CACHE=${KVMLAB_CACHE:-$PWD/artifacts/kvm/lab}
mkdir -p "$output/program"
dotnet publish tests/Armillary.Lab -c Release -r linux-arm64 -p:PublishAot=true -o "$output/publish" --verbosity quiet
cp "$output/publish/Armillary.Lab" "$output/program/"
aarch64-linux-gnu-gcc -O2 -static -Wall -o "$output/program/kvm-exits" bench/kvm-exits.c
cat >"$output/program/measure" <<'EOF'
for round in 1 2 3; do ./kvm-exits; ./Armillary.Lab exits; done
./Armillary.Lab measure
EOF
exec eng/kvmlab.sh run --smp 2 --timeout 240 "$output/program" -- sh ./measure
