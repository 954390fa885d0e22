#!/bin/bash
# Random instruction words as guests of the software engine, at EL1 and EL0, with the MMU off and on, with interrupts:
#   fuzz.sh [--words N] [--seed S]
# Each word is in a run and is executed alone. What throws in the host or does not end is printed. The last line is
#   N words, E exceptions, H hangs
# Exit code 0 if E and H are 0. S is the seed of the first machine, and new each time by default. Needs the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/.."
words=1000000 seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
while [ $# -gt 0 ]; do
  case $1 in
    --words) words=${2:?--words needs a number}; shift 2 ;;
    --seed) seed=${2:?--seed needs a number}; shift 2 ;;
    -h | --help) sed -n '2,/^set -euo/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 0 ;;
    *) echo "fuzz.sh: $1 is no option; --help lists them." >&2; exit 2 ;;
  esac
done
[[ $words =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { echo 'fuzz.sh: --words and --seed take whole numbers.' >&2; exit 2; }
report=$(mktemp)
trap 'rm -f "$report" "$report.log"' EXIT
export ARMILLARY_FUZZ_WORDS=$words ARMILLARY_FUZZ_SEED=$seed ARMILLARY_FUZZ_REPORT=$report
dotnet build tests/Armillary.Tests -c Release --verbosity quiet >&2
echo "$words words from seed $seed" >&2
status=0
tests/Armillary.Tests/bin/Release/net10.0/Armillary.Tests --filter-method '*.Random_words_harm_nothing' >"$report.log" 2>&1 || status=$?
[ -s "$report" ] || { cat "$report.log" >&2; exit 1; }
cat "$report"
exit "$status"
