#!/bin/bash
# Random programs on the software engine and on qemu-aarch64, whole states compared bit for bit:
#   oracle.sh [--cases N] [--seed S]
# Programs of 1 to 32 instructions over every form that qemu-aarch64 and the engine have in common, in all floating-point modes, on
# all processors. A difference is made as small as it can be and printed. The last line is
#   N cases, D differences, E excluded
# E counts where qemu-aarch64 contradicts itself when it translates each instruction alone, and then agrees with the engine: its
# optimizer is wrong there. What the architecture leaves open is not generated (docs/oracle.md). Exit code 0 if D is 0. S is the seed of the first program; program i
# has the seed S + i, and by default S is new each time. Needs what eng/oracle/build.sh needs, qemu-aarch64 (10 knows more
# instructions than 7; ARMILLARY_ORACLE_QEMU may name one) and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=100000 seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
while [ $# -gt 0 ]; do
  case $1 in
    --cases) cases=${2:?--cases needs a number}; shift 2 ;;
    --seed) seed=${2:?--seed needs a number}; shift 2 ;;
    -h | --help) sed -n '2,/^set -euo/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 0 ;;
    *) echo "oracle.sh: $1 is no option; --help lists them." >&2; exit 2 ;;
  esac
done
[[ $cases =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { echo 'oracle.sh: --cases and --seed take whole numbers.' >&2; exit 2; }
report=$(mktemp)
trap 'rm -f "$report"' EXIT
ARMILLARY_ORACLE=$(eng/oracle/build.sh)
export ARMILLARY_ORACLE ARMILLARY_ORACLE_CASES=$cases ARMILLARY_ORACLE_SEED=$seed ARMILLARY_ORACLE_REPORT=$report
dotnet build tests/Armillary.Tests -c Release --verbosity quiet >&2
echo "$cases cases from seed $seed" >&2
status=0
tests/Armillary.Tests/bin/Release/net10.0/Armillary.Tests --filter-method '*.A_campaign_of_random_programs_finds_no_difference' >"$report.log" 2>&1 || status=$?
trap 'rm -f "$report" "$report.log"' EXIT
[ -s "$report" ] || { cat "$report.log" >&2; exit 1; }
cat "$report"
exit "$status"
