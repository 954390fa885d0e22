#!/bin/bash
# Kills a machine that writes to its disk, again and again, and looks whether anything is lost that the guest had flushed.
#
#   eng/kill-rounds.sh ARMILLARY GUESTS [ROUNDS]
#
# ARMILLARY is the command, GUESTS a directory that eng/guests.sh filled with cloud-6.12 and busybox. In each round Linux writes files to an
# ext4 and tells each one's checksum when sync has come back; after a time by chance the process gets SIGKILL; e2fsck must find nothing but a
# journal to replay, and each file that was told must have its checksum. Needs e2fsprogs. ARMILLARY_SEED repeats the times of a run.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
PATH=$PATH:/usr/sbin
armillary=$1 guests=$2 rounds=${3:-20}
seed=${ARMILLARY_SEED:-$(date +%s)}
echo "seed $seed"
RANDOM=$((seed % 32768))
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat "$guests/busybox/initramfs.cpio.gz" "$guests/cloud-6.12/modules.cpio.gz" >"$scratch/initrd"
files=0
for round in $(seq "$rounds"); do
  rm -f "$scratch/disk"
  truncate -s 256M "$scratch/disk"
  mke2fs -q -F -t ext4 "$scratch/disk"
  "$armillary" run --kernel "$guests/cloud-6.12/vmlinuz" --initrd "$scratch/initrd" --disk "$scratch/disk" --cpus 2 --memory 256M \
    --append 'console=ttyAMA0 quiet run=disk-writer' --timeout 200 </dev/null >"$scratch/console" 2>"$scratch/errors" &
  pid=$!
  until grep -q '^flushed file1 ' "$scratch/console"; do
    kill -0 "$pid" 2>/dev/null || { cat "$scratch/console" "$scratch/errors"; echo "FAILED: round $round: the machine ended"; exit 1; }
    sleep 0.1
  done
  sleep "$((RANDOM % 3)).$((RANDOM % 1000))"
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  tr -d '\r' <"$scratch/console" | sed -nE 's/^flushed (file[0-9]+) ([0-9a-f]{32})  -$/\1 \2/p' >"$scratch/told"
  status=0
  e2fsck -fp "$scratch/disk" >"$scratch/fsck" 2>&1 || status=$? # 1: the journal was replayed
  [ "$status" -le 1 ] || { cat "$scratch/fsck"; echo "FAILED: round $round: e2fsck says $status"; exit 1; }
  while read -r name sum; do
    found=$(debugfs -R "cat /$name" "$scratch/disk" 2>/dev/null | md5sum | cut -d' ' -f1)
    [ "$found" = "$sum" ] || { echo "FAILED: round $round: $name is $found, and was $sum when it was flushed"; exit 1; }
    files=$((files + 1))
  done <"$scratch/told"
  echo "round $round: $(wc -l <"$scratch/told") files flushed, all there"
done
echo "$rounds rounds, $files files flushed, none lost"
