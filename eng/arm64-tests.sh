#!/bin/bash
# Runs tests as an arm64 process under qemu-aarch64: by default those of the Hypervisor.framework engine, where vectors are passed as the
# framework expects them. Needs aarch64-linux-gnu-gcc, qemu-aarch64 and Debian's apt; arguments go to the test program.
#
#   eng/arm64-tests.sh [--filter-class '*.HvfMachineTests' ...]
set -euo pipefail
cd "$(dirname "$0")/.."
output=artifacts/arm64-tests
mkdir -p "$output"
dotnet publish tests/Armillary.Tests -c Release -r linux-arm64 --self-contained -p:InvariantGlobalization=true -o "$output" --verbosity quiet
for version in 11 27; do
  aarch64-linux-gnu-gcc -std=gnu11 -O1 -g -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -DSHIM_MACOS=$version \
    -o "$output/libHypervisor-$version.so" tests/Armillary.Tests/Hvf/Shim/*.c -lpthread
done
[ -d "$output/guests/libraries" ] || eng/guests.sh libraries "$output/guests"
if [ $# -eq 0 ]; then set -- --filter-namespace 'Armillary.Tests.Hvf*'; fi
exec qemu-aarch64 -L "$output/guests/libraries" "$output/Armillary.Tests" "$@"
