#!/bin/bash
# Builds the A64 oracle: build.sh [OUTPUT]. Prints its path, for ARMILLARY_ORACLE.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../artifacts/oracle/a64-oracle}
cc=${CC_AARCH64:-aarch64-linux-gnu-gcc}
if ! command -v "$cc" >/dev/null; then
  echo "build.sh: $cc not found: install the package gcc-aarch64-linux-gnu, or set CC_AARCH64." >&2
  exit 1
fi
mkdir -p "$(dirname "$out")"
"$cc" -O2 -Wall -Wextra -Werror -static -march=armv8.5-a -fno-stack-protector -o "$out" "$here/oracle.c"
realpath "$out"
