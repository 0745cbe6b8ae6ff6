#!/bin/sh
# Loads the driver as it was cross-built, target/driver/x64/irqscope.sys, in Wine, a kernel that we did not write: its INF
# is installed, Wine's PnP manager starts it for a root-enumerated device, and the console probe asks for its version.
# Nothing more is asked: Wine has no interrupts. Exit 0: it answered; 77: there is no Wine here; 1: it did not.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
built=$root/target/native/windows-x64
if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
  echo "wine: skipped, no wine is on the PATH (Debian: wine, wine64)"
  exit 77
fi
for file in irqscope.sys probe.exe install.exe; do
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
cp "$root/inf/irqscope-root.inf" "$built/irqscope.sys" "$built/probe.exe" "$built/install.exe" "$folder"
: >"$folder/irqscope-root.cat" # Wine checks no signature, and wants the file
cd "$folder"
mkdir prefix
wineserver -p # a server that stays keeps the driver loaded between programs
wine wineboot -i >/dev/null 2>&1 || true
# Wine 8 makes the service at the first install and leaves the device unstarted; after its restart the device starts.
wine install.exe irqscope-root.inf >install.log 2>&1 || true
wineserver -k
wineserver -w
wineserver -p
wine install.exe irqscope-root.inf >>install.log 2>&1 || { cat install.log; exit 1; }
tries=0
until wine probe.exe >probe.log 2>probe.err; do
  tries=$((tries + 1))
  if [ "$tries" -ge 10 ]; then
    echo "wine: the driver did not answer; the probe said:"
    cat probe.log probe.err install.log
    exit 1
  fi
  sleep 0.5 # Wine starts the device when it comes to it, and tells nobody
done
cat probe.log
wine --version 2>/dev/null | sed 's/^/wine: irqscope.sys answers on /'
