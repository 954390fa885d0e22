#!/bin/bash
# Builds the kernels: build.sh [OUTPUT_FOLDER]
#   kernels-host           for this machine's Linux
#   kernels-arm64          for arm64 Linux, static: what qemu-aarch64 runs
#   kernels-integer.elf    bare, integer kernels only, no floating-point register used; .bin is the flat image
#   kernels-all.elf        bare, all of them; .bin is the flat image
# The integer kernels of all arm64 programs are one object file: every emulator executes the same instructions.
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-out}
cc=${CC:-gcc}
cross=${CROSS_COMPILE:-aarch64-linux-gnu-}
for tool in "$cc:gcc" "${cross}gcc:gcc-aarch64-linux-gnu" "${cross}objdump:binutils-aarch64-linux-gnu"; do
  if ! command -v "${tool%%:*}" >/dev/null; then
    echo "build.sh: ${tool%%:*} not found: install the package ${tool#*:}." >&2
    exit 1
  fi
done
mkdir -p "$out"

flags=(-O2 -Wall -Wextra -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-stack-protector -fno-pie -fno-asynchronous-unwind-tables)
general=(-march=armv8.1-a -mstrict-align -mgeneral-regs-only -ffreestanding)
floating=(-march=armv8.1-a+crypto -mstrict-align -ffreestanding)
link=(-static -no-pie)
bare=(-nostdlib -static -Wl,-T,bare.ld -Wl,--build-id=none -Wl,-z,max-page-size=4096)

case $(uname -m) in
  aarch64) host=(-march=armv8.1-a+crypto) ;;
  *) host=() ;;
esac
"$cc" "${flags[@]}" "${host[@]}" "${link[@]}" -o "$out/kernels-host" linux_main.c integer.c floating.c

"${cross}gcc" "${flags[@]}" "${general[@]}" -c -o "$out/integer.o" integer.c
"${cross}gcc" "${flags[@]}" "${floating[@]}" -c -o "$out/floating.o" floating.c
"${cross}gcc" "${flags[@]}" "${link[@]}" -o "$out/kernels-arm64" linux_main.c "$out/integer.o" "$out/floating.o"
"${cross}gcc" "${flags[@]}" "${general[@]}" "${bare[@]}" -o "$out/kernels-integer.elf" bare.c "$out/integer.o"
"${cross}gcc" "${flags[@]}" "${floating[@]}" -DFLOATING "${bare[@]}" -o "$out/kernels-all.elf" bare.c "$out/integer.o" "$out/floating.o"
for image in kernels-integer kernels-all; do "${cross}objcopy" -O binary "$out/$image.elf" "$out/$image.bin"; done

# The names of vector and floating-point registers as objdump writes them.
if "${cross}objdump" -d --no-show-raw-insn "$out/kernels-integer.elf" | grep -E '[[:space:],{[]([bhsdqv]([0-9]|[12][0-9]|3[01]))([,. }]|$)|cpacr|fpcr|fpsr' >&2; then
  echo "build.sh: kernels-integer.elf uses a floating-point or vector register." >&2
  exit 1
fi
