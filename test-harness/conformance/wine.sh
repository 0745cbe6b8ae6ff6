#!/bin/sh
# Asks Wine the questions: wine.sh OUTPUT. Makes a prefix, installs the conformance driver from its INF on two
# root-enumerated devices, runs the questions, and leaves nothing behind. With IRQSCOPE_CONFORMANCE_PREFIX the prefix is
# kept in that folder and used again. Exit 0: asked; 77: no Wine or no mingw-w64 here, the reason on standard output.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
built=$root/target/native/windows-x64
output=$1
if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
  echo "no wine is on the PATH (Debian: wine, wine64)"
  exit 77
fi
for file in conformance.sys conformance.exe; do
  if [ ! -f "$built/$file" ]; then
    echo "$file was not built for want of mingw-w64 (Debian: gcc-mingw-w64-x86-64)"
    exit 77
  fi
done
folder=$(mktemp -d)
export WINEPREFIX="${IRQSCOPE_CONFORMANCE_PREFIX:-$folder/prefix}" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY
finish() {
  wineserver -k >/dev/null 2>&1 || true
  wineserver -w >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT INT TERM
cp "$root/test-harness/conformance/conformance.inf" "$built/conformance.sys" "$built/conformance.exe" "$folder"
: >"$folder/conformance.cat" # Wine checks no signature, and wants the file
cd "$folder"
mkdir -p "$WINEPREFIX"
wineserver -p # a server that stays keeps the driver loaded between programs
[ -d "$WINEPREFIX/drive_c" ] || { wine wineboot -i </dev/null >wineboot.log 2>&1 || true; }
# Wine 8 makes the service at the first install and leaves the device unstarted; after its restart the device starts.
wine conformance.exe --install conformance.inf </dev/null >install.log 2>&1 || true
wineserver -k
wineserver -w
wineserver -p
wine conformance.exe --install conformance.inf </dev/null >>install.log 2>&1 || { cat install.log; exit 1; }
wine conformance.exe --all </dev/null >rows.txt 2>rows.err || { tail -n 3 rows.txt; cat rows.err install.log; exit 1; }
tr -d '\r' <rows.txt >"$output"
wine --version </dev/null 2>/dev/null >version.txt
cat version.txt
