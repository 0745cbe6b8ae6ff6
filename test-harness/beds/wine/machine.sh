#!/bin/sh
# The driver with the interrupt machine, target/native/windows-x64/irqscope-wine.sys, in Wine: installs its INF, sees every
# simulated device start, connects and triggers through kernel32, and goes through the PnP words.
# Exit 0: all of it; 77: no Wine here; 1: something was not so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
built=$here/../../../target/native/windows-x64
if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
  echo "wine: skipped, no wine is on the PATH (Debian: wine, wine64)"
  exit 77
fi
for file in irqscope-wine.sys probe.exe install.exe control.exe; do
  if [ ! -f "$built/$file" ]; then
    echo "wine: skipped, $built/$file was not built (Debian: gcc-mingw-w64-x86-64)"
    exit 77
  fi
done
folder=$(mktemp -d)
export WINEPREFIX="$folder/prefix" WINEDEBUG="${WINEDEBUG:--all}" WINEDLLOVERRIDES="mscoree,mshtml="
finish() {
  wineserver -k >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT INT TERM
cp "$here/irqscope-wine.inf" "$built/irqscope-wine.sys" "$built/probe.exe" "$built/install.exe" "$built/control.exe" "$folder"
: >"$folder/irqscope-wine.cat" # Wine checks no signature, and wants the file
cd "$folder"
mkdir prefix
wineserver -p # a server that stays keeps the driver loaded between programs
wine wineboot -i >boot.log 2>&1 || true
# Wine 8 makes the service at the first install and leaves the device unstarted; after its restart the device starts.
wine install.exe irqscope-wine.inf 'ROOT\IRQSCOPE-MACHINE' >install.log 2>&1 || true
wineserver -k
wineserver -w
wineserver -p
wine install.exe irqscope-wine.inf 'ROOT\IRQSCOPE-MACHINE' >>install.log 2>&1 || { cat install.log; exit 1; }

say() {
  timeout 30 wine control.exe "$@" >said.log 2>&1
}
tries=0
until say state root0 && grep -q '^started' said.log; do # the last one that Wine comes to
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "wine: the devices do not start:"
    cat said.log install.log
    exit 1
  fi
  sleep 0.5 # Wine starts the devices when it comes to them, and tells nobody
done
must() {
  "$@" || { echo "wine: $*: failed"; cat said.log; exit 1; }
}
for device in edu0 edu1 e1000e0 e1000e1 igb0 uart0 root0; do
  must say state "$device"
  must grep -q '^started' said.log
done
# Devices as the probe counts them; ways: 3 fully specified with a group, 5 by message.
for run in '0 3 100' '4 5 50'; do
  # shellcheck disable=SC2086
  timeout 30 wine probe.exe $run >said.log 2>&1 || { echo "wine: probe $run:"; cat said.log; exit 1; }
done
for words in 'restart edu0' 'rebalance edu0 group=1' 'surprise igb0' 'replug igb0' 'power edu0 3' 'power edu0 0' \
             'machine machine=2x64 profile=win10 seed=7' 'restart edu0' 'rest'; do
  # shellcheck disable=SC2086
  must say $words
done
wine --version 2>/dev/null | sed 's/^/wine: irqscope-wine.sys ran on /'
