#!/bin/bash
# Kills a machine that writes to its disk, again and again, and looks whether anything is lost that the guest had flushed.
#
#   eng/kill-rounds.sh ARMILLARY GUESTS [ROUNDS] [busybox|debian-12]
#
# ARMILLARY is the command, GUESTS a directory that eng/guests.sh filled: with cloud-6.12 and busybox, whose writer has a disk of its own, or
# with cloud-6.1, busybox and debian-12, which writes to the disk that it runs from. In each round Linux writes files to an ext4 and tells
# each one's checksum when sync has come back; after a time by chance the process gets SIGKILL; e2fsck must find nothing but a journal to
# replay, and each file that was told must have its checksum. Needs e2fsprogs. ARMILLARY_SEED repeats the times of a run.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
PATH=$PATH:/usr/sbin
armillary=$1 guests=$2 rounds=${3:-20} guest=${4:-busybox}
seed=${ARMILLARY_SEED:-$(date +%s)}
echo "seed $seed"
RANDOM=$((seed % 32768))
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
files=0
mkfifo "$scratch/keys"
exec 3<>"$scratch/keys"

die() { echo "FAILED: round $round: $*"; exit 1; }

# run KERNEL MEMORY COMMAND-LINE
run() {
  cat "$guests/busybox/initramfs.cpio.gz" "$guests/$1/modules.cpio.gz" >"$scratch/initrd"
  "$armillary" run --kernel "$guests/$1/vmlinuz" --initrd "$scratch/initrd" --disk "$scratch/disk" --cpus 2 --memory "$2" \
    --append "console=ttyAMA0 quiet $3" --timeout 400 <&3 >"$scratch/console" 2>"$scratch/errors" &
  pid=$!
}

# printed PATTERN: waits for it.
printed() {
  until grep -q "$1" "$scratch/console"; do
    kill -0 "$pid" 2>/dev/null || { tail -n 20 "$scratch/console" "$scratch/errors"; die 'the machine ended'; }
    sleep 0.1
  done
}

for round in $(seq "$rounds"); do
  rm -f "$scratch/disk"
  case $guest in
    busybox)
      folder=
      truncate -s 256M "$scratch/disk"
      mke2fs -q -F -t ext4 "$scratch/disk"
      run cloud-6.12 256M run=disk-writer
      ;;
    debian-12)
      folder=/root
      cp --sparse=always "$guests/debian-12/disk.img" "$scratch/disk"
      run cloud-6.1 1G 'root=/dev/vda systemd.show_status=0'
      printed 'login: '
      echo root >&3
      printed 'root@debian'
      echo 'i=0; while i=$((i + 1)); do head -c $((1 + (i * 7919) % 300000)) /dev/urandom >file$i; sync; echo "flushed" file$i $(md5sum <file$i); done' >&3
      ;;
    *) echo "no guest $guest" >&2; exit 2 ;;
  esac
  printed 'flushed file1 '
  sleep "$((RANDOM % 3)).$((RANDOM % 1000))"
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  tr -d '\r' <"$scratch/console" | sed -nE 's/^.*flushed (file[0-9]+) ([0-9a-f]{32}) +-$/\1 \2/p' >"$scratch/told"
  status=0
  e2fsck -fp "$scratch/disk" >"$scratch/fsck" 2>&1 || status=$? # 1: the journal was replayed
  [ "$status" -le 1 ] || { cat "$scratch/fsck"; die "e2fsck says $status"; }
  while read -r name sum; do
    found=$(debugfs -R "cat $folder/$name" "$scratch/disk" 2>/dev/null | md5sum | cut -d' ' -f1)
    [ "$found" = "$sum" ] || die "$name is $found, and was $sum when it was flushed"
    files=$((files + 1))
  done <"$scratch/told"
  [ -s "$scratch/told" ] || die 'no file was told'
  echo "round $round: $(wc -l <"$scratch/told") files flushed, all there"
done
echo "$rounds rounds, $files files flushed, none lost"
