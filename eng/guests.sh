#!/bin/bash
# Makes guests from Debian's arm64 packages: guests.sh NAME... DIR
#   cloud-6.1 generic-6.1 cloud-6.12 generic-6.12   DIR/NAME/vmlinuz, and DIR/NAME/modules.cpio.gz: its modules for virtio, ext4 and a power button,
#               to be appended to busybox's archive, which loads them
#   busybox     DIR/busybox/initramfs.cpio.gz: prints INIT-REACHED, obeys run=off or run=PROGRAM on the kernel's command line,
#               else gives a shell; PROGRAM disk-check reads and writes /dev/vda, PROGRAM disk-writer writes files to an ext4 on
#               it without end and says which of them it has flushed; with root=DEVICE the rest of the boot is that disk's
#   debian-12   DIR/debian-12/disk.img: Debian 12 with systemd, gcc, openssl and python3 on an ext4, and root without a password; made
#               without mounting and without running a program of it. Packages are unpacked, as debootstrap's first stage does; what their
#               scripts would have set up for a boot is set up here. Boot it with cloud-6.1, busybox and root=/dev/vda
#   libraries   DIR/libraries: shared libraries that .NET's programs need, for qemu-aarch64 -L
# Needs Debian's apt and cpio, debian-12 also e2fsprogs, and root or fakeroot. The host's packages are left alone: the apt used here has a
# state of its own below DIR.
set -euo pipefail

die() { echo "guests.sh: $*" >&2; exit 1; }
[ $# -ge 2 ] || { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "${*: -1}"
out=$(cd "${*: -1}" && pwd)
set -- "${@:1:$#-1}"

# arm64 COMMAND ARGUMENT...: apt for arm64 packages of a suite, with this host's sources and keys.
suite=
use_suite() {
  suite=$1
  local state=$out/apt/$suite codename file
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:?}")
  mkdir -p "$state"/{lists/partial,archives/partial,sources}
  : >"$state/status"
  : >"$state/sources.list"
  rm -f "$state"/sources/*
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v RS= -v ORS='\n\n' '/URIs:[^\n]*debian/ && !/backports/' "$file" | sed "s/\b$codename\b/$suite/g" >"$state/sources/${file##*/}"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$file" ] || continue
    { grep -hE "^deb .*debian.* $codename" "$file" || true; } | sed "s/\b$codename\b/$suite/g" >>"$state/sources.list"
  done
  cat >"$state/apt.conf" <<EOF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State::Lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "$state/sources";
EOF
  arm64 apt-get -qq update || die "apt-get update failed for $suite"
}
arm64() { APT_CONFIG=$out/apt/$suite/apt.conf "$@"; }

# unpack PACKAGE FOLDER
unpack() {
  local debs
  debs=$(mktemp -d -p "$out")
  (cd "$debs" && arm64 apt-get -qq download "$1") || die "no package $1 in $suite"
  rm -rf "$2"
  mkdir -p "$2"
  dpkg-deb -x "$debs"/*.deb "$2"
  rm -rf "$debs"
}

# modules PACKAGE-FOLDER FOLDER: those that the guests need and what they depend on, in the order in which they are loaded.
modules() {
  local root=$2/root done=' ' name
  mkdir -p "$root/lib/modules"
  : >"$root/lib/modules/order"
  load() {
    local file depends name=${1//-/_}
    case $done in *" $name "*) return ;; esac
    done="$done$name "
    file=$(find "$modules_of" -name "${name//_/[-_]}.ko*" | head -1)
    [ -n "$file" ] || return 0 # in the kernel itself
    case $file in
      *.xz) xz -dc "$file" ;;
      *) cat "$file" ;;
    esac >"$root/lib/modules/$name.ko"
    depends=$(tr '\0' '\n' <"$root/lib/modules/$name.ko" | sed -n 's/^depends=//p' | tr ',' ' ')
    for depends in $depends; do load "$depends"; done
    echo "$name" >>"$root/lib/modules/order"
  }
  modules_of=$1
  # The checksum is what ext4 asks for by name alone.
  for name in virtio_mmio virtio_blk virtio_console virtio_rng crc32c_generic ext4 gpio_keys evdev; do load "$name"; done
  (cd "$root" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0 | gzip -n) >"$2/modules.cpio.gz"
  rm -rf "$root"
}

# kernel NAME SUITE PACKAGE
kernel() {
  local image
  use_suite "$2"
  image=$(arm64 apt-cache depends "$3" | awk '/Depends: linux-image-/ { print $2; exit }')
  [ -n "$image" ] || die "no $3 in $2"
  unpack "$image" "$out/$1/package"
  cp "$out/$1"/package/boot/vmlinuz-* "$out/$1/vmlinuz"
  modules "$out/$1/package" "$out/$1"
  rm -rf "$out/$1/package"
}

busybox() {
  local root=$out/busybox/root
  command -v cpio >/dev/null || die 'cpio not found: install the package cpio'
  use_suite bookworm
  unpack busybox-static "$out/busybox/package"
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,proc,sys,tmp}
  cp "$(find "$out/busybox/package" -path '*bin/busybox' -type f | head -1)" "$root/bin/busybox"
  cat >"$root/init" <<'EOF'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
if [ -e /lib/modules/order ]; then for module in $(cat /lib/modules/order); do insmod /lib/modules/$module.ko; done; fi
echo INIT-REACHED
run=$(sed -n 's/.*\brun=\([^ ]*\).*/\1/p' /proc/cmdline)
root=$(sed -n 's/.*\broot=\([^ ]*\).*/\1/p' /proc/cmdline)
if [ -n "$root" ]; then
  mkdir /new
  mount -t ext4 "$root" /new && mount -o move /dev /new/dev && umount /sys /proc && exec switch_root /new /sbin/init
fi
case $run in
  '') setsid cttyhack sh ;;
  off) ;;
  *) $run ;;
esac
poweroff -f
EOF
  # Its first half to its second, and what it is before and after.
  cat >"$root/bin/disk-check" <<'EOF'
#!/bin/sh
sectors=$(cat /sys/block/vda/size)
echo "disk $(cat /sys/block/vda/serial) $(md5sum </dev/vda)"
dd if=/dev/vda of=/dev/vda bs=512 count=$((sectors / 2)) seek=$((sectors / 2)) conv=fsync 2>/dev/null
echo 3 >/proc/sys/vm/drop_caches
echo "disk $(cat /sys/block/vda/serial) $(md5sum </dev/vda)"
EOF
  cat >"$root/bin/disk-writer" <<'EOF'
#!/bin/sh
mkdir -p /mnt
mount -t ext4 /dev/vda /mnt || exit
i=0
while true; do
  i=$((i + 1))
  head -c $((1 + (i * 7919) % 300000)) /dev/urandom >/mnt/file$i
  sync
  echo "flushed file$i $(md5sum </mnt/file$i)"
done
EOF
  chmod 755 "$root/init" "$root/bin/busybox" "$root/bin"/disk-*
  (cd "$root" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0 | gzip -n) >"$out/busybox/initramfs.cpio.gz"
  rm -rf "$root" "$out/busybox/package"
}

libraries() {
  local package
  use_suite bookworm
  rm -rf "$out/libraries"
  for package in libc6 libgcc-s1 libstdc++6 libssl3 zlib1g; do
    unpack "$package" "$out/libraries.part"
    mkdir -p "$out/libraries"
    cp -a "$out/libraries.part"/. "$out/libraries"
  done
  rm -rf "$out/libraries.part"
}

# debian NAME SUITE
debian() {
  local root=$out/$1/root debs=$out/$1/debs deb package info
  command -v mke2fs >/dev/null || PATH=$PATH:/usr/sbin
  command -v mke2fs >/dev/null || die 'mke2fs not found: install the package e2fsprogs'
  use_suite "$2"
  rm -rf "$root" "$debs"
  mkdir -p "$root"/usr/{bin,sbin,lib} "$debs"
  ln -s usr/bin usr/sbin usr/lib "$root"
  arm64 apt-get install -qq --no-install-recommends --print-uris '?essential' '?priority(required)' systemd-sysv udev dbus login e2fsprogs \
    procps openssl python3 gcc libc6-dev | sed -E "s/^'[^']*' ([^_]*)_([^_]*)_.*/\1=\2/; s/%3a/:/g" >"$debs/list"
  (cd "$debs" && arm64 xargs -a list apt-get -qq download) || die "cannot get the packages of $1"
  info=$root/var/lib/dpkg/info
  mkdir -p "$info" "$root/var/lib/dpkg/updates"
  for deb in "$debs"/*.deb; do
    dpkg-deb -x "$deb" "$root"
    package=$(dpkg-deb -f "$deb" Package)
    [ "$(dpkg-deb -f "$deb" Multi-Arch)" != same ] || package=$package:arm64
    dpkg-deb -e "$deb" "$debs/control"
    (cd "$debs/control" && for file in *; do [ "$file" = control ] || mv "$file" "$info/$package.$file"; done)
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's,^\.,,; s,/$,,; s,^$,/.,' >"$info/$package.list"
    { dpkg-deb -f "$deb" | sed '1aStatus: install ok unpacked' && echo; } >>"$root/var/lib/dpkg/status"
    rm -rf "$debs/control"
  done
  settings "$root"
  truncate -s 2G "$out/$1/disk.part"
  mke2fs -q -F -t ext4 -L debian -U random -E root_owner=0:0 -d "$root" "$out/$1/disk.part"
  mv "$out/$1/disk.part" "$out/$1/disk.img"
  rm -rf "$root" "$debs"
}

# settings ROOT: what the packages' scripts would have made of a system that is to boot.
settings() {
  local etc=$1/etc share=$1/usr/share name
  sed 's/^\([^:]*\):\*:/\1:x:/' "$share/base-passwd/passwd.master" >"$etc/passwd"
  cp "$share/base-passwd/group.master" "$etc/group"
  # sysusers.d(5), where an identifier that does not matter counts down from 999.
  cat "$1"/usr/lib/sysusers.d/*.conf | awk -v passwd="$etc/passwd" -v group="$etc/group" '
    function known(file, name,   line) {
      while ((getline line <file) > 0) if (index(line, name ":") == 1) { close(file); return 1 }
      close(file); return 0
    }
    BEGIN { free = 999 }
    /^[ug]!? / {
      match($0, /"[^"]*"/); gecos = RSTART ? substr($0, RSTART + 1, RLENGTH - 2) : ""; sub(/"[^"]*"/, "-")
      id = $3 ~ /^[0-9]+$/ ? $3 : free--
      if (!known(group, $2)) { print $2 ":x:" id ":" >>group; close(group) }
      if ($1 ~ /^u/ && !known(passwd, $2)) {
        print $2 ":x:" id ":" id ":" gecos ":" ($5 ~ /^\// ? $5 : "/") ":" ($6 ~ /^\// ? $6 : "/usr/sbin/nologin") >>passwd; close(passwd)
      }
    }'
  awk -F: '{ print $1 ":" ($1 == "root" ? "" : "*") ":19500:0:99999:7:::" }' "$etc/passwd" >"$etc/shadow"
  chmod 640 "$etc/shadow"
  cp "$share/libc-bin/nsswitch.conf" "$share/base-files/profile" "$etc"
  cp "$share/base-files/dot.profile" "$1/root/.profile"
  cp "$share/base-files/dot.bashrc" "$1/root/.bashrc"
  echo 'auth required pam_unix.so nullok' >"$etc/pam.d/common-auth"
  echo 'account required pam_unix.so' >"$etc/pam.d/common-account"
  echo 'password required pam_unix.so nullok yescrypt' >"$etc/pam.d/common-password"
  for name in session session-noninteractive; do echo 'session required pam_unix.so' >"$etc/pam.d/common-$name"; done
  echo debian >"$etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n' >"$etc/hosts"
  printf '/dev/vda\t/\text4\tdefaults\t0\t1\n' >"$etc/fstab"
  : >"$etc/machine-id"
  ln -s mawk "$1/usr/bin/awk"
  # Nothing is left for a first boot: the accounts are there, and the hardware that the database is of is not.
  ln -s /dev/null "$etc/systemd/system/systemd-hwdb-update.service"
  touch "$etc/.updated" "$1/var/.updated"
}

for name; do
  case $name in
    cloud-6.1) kernel "$name" bookworm linux-image-cloud-arm64 ;;
    generic-6.1) kernel "$name" bookworm linux-image-arm64 ;;
    cloud-6.12) kernel "$name" trixie linux-image-cloud-arm64 ;;
    generic-6.12) kernel "$name" trixie linux-image-arm64 ;;
    busybox) busybox ;;
    debian-12)
      if [ "$(id -u)" != 0 ] && [ -z "${FAKEROOTKEY-}" ]; then
        command -v fakeroot >/dev/null || die 'debian-12 needs root or the package fakeroot'
        fakeroot "$0" "$name" "$out" >/dev/null
      else
        debian "$name" bookworm
      fi
      ;;
    libraries) libraries ;;
    *) die "no guest $name" ;;
  esac
  echo "$out/$name"
done
