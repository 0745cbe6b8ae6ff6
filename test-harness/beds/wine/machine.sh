#!/bin/sh
# The driver with the interrupt machine, irqscope-wine.sys, or with `audio` the flavour that has the port class, too, in
# Wine: installs its INF, sees every simulated device start, connects in every way and triggers, goes through the PnP
# words, kills a client in the middle, pulls a device under one, makes other machines, unloads the driver and loads it again.
# Exit 0: all of it; 77: no Wine here; 1: something was not so, which is said.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
built=$here/../../../target/native/windows-x64
driver=irqscope-wine
[ "${1:-}" != audio ] || driver=irqscope-wine-audio
if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
  echo "wine: skipped, no wine is on the PATH (Debian: wine, wine64)"
  exit 77
fi
for file in $driver.sys probe.exe install.exe control.exe hold.exe; do
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
for file in "$here/$driver.inf" "$built/$driver.sys" "$built/probe.exe" "$built/install.exe" "$built/control.exe" \
            "$built/hold.exe"; do
  cp "$file" "$folder"
done
: >"$folder/$driver.cat" # Wine checks no signature, and wants the file
cd "$folder"
mkdir prefix

# Each program's output goes to a file: a process of Wine's that stays would keep a pipe open.
run() {
  timeout 60 wine "$@" >said.log 2>&1 </dev/null
}
must() {
  run "$@" || { echo "wine: $*: failed"; cat said.log; exit 1; }
}
must_not() {
  ! run "$@" || { echo "wine: $*: was not refused"; cat said.log; exit 1; }
}
says() {
  grep -q "$1" said.log || { echo "wine: expected \"$1\", got:"; cat said.log; exit 1; }
}
say() {
  must control.exe "$@"
}
until_so() { # tries, what is awaited, command...
  tries=$1 what=$2
  shift 2
  until "$@"; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      echo "wine: $what"
      cat said.log
      exit 1
    fi
    sleep 0.5 # Wine does it when it comes to it, and tells nobody
  done
}
last_started() {
  run control.exe state root0 && grep -q '^started' said.log
}
all_started() {
  until_so 60 'the devices do not start' last_started
  for device in edu0 edu1 e1000e0 e1000e1 igb0 uart0 root0; do
    say state "$device"
    says '^started'
  done
}

wineserver -p # a server that stays keeps the driver loaded between programs
wine wineboot -i >boot.log 2>&1 </dev/null || true
# Wine 8 makes the service at the first install and leaves the device unstarted; the second starts it, in a new prefix
# after a restart of Wine.
install() {
  must install.exe $driver.inf 'ROOT\IRQSCOPE-MACHINE'
  [ "${1:-}" != new ] || { wineserver -k; wineserver -w; wineserver -p; }
  must install.exe $driver.inf 'ROOT\IRQSCOPE-MACHINE'
  all_started
}
install new

# Devices as the probe counts them, in the registry's order; each way with a resource that it is for.
# 1 IoConnectInterrupt, 2 fully specified, 3 with a group, 4 line based, 5 message based, 6 port class
line=0 message=4
must probe.exe
must probe.exe "$message" 5 50
must probe.exe "$line" 1 20
for way in 2 3 4; do
  must probe.exe "$line" $way 20
done
if [ $driver = irqscope-wine-audio ]; then
  must probe.exe "$line" 6 20
else
  must_not probe.exe "$line" 6 1
fi
say rest

for words in 'restart edu0' 'rebalance edu0 group=1' 'rebalance edu0' 'surprise igb0' 'replug igb0' 'power edu0 3' \
             'power edu0 0' 'query-remove edu0' 'query-stop edu0' 'start edu0' rest; do
  # shellcheck disable=SC2086
  say $words
done

hold() { # a client that stays, in the background
  wine hold.exe "$@" >hold.log 2>&1 </dev/null &
  client=$!
  until_so 60 'the client does not come to its reads' grep -qs '^holding' hold.log
}
no_handles() {
  run control.exe state edu0 && grep -q 'handles=0' said.log
}

# A client killed in the middle: what it had connected goes, its reads end, the device is free for the next one.
hold 'ven_1234' 5 8
must_not control.exe restart edu0
says '^vetoed'
kill -9 "$client"
wait "$client" 2>/dev/null || true
until_so 60 'the killed client leaves its handle' no_handles
say rest
say restart edu0

# The device is pulled under a client: each of its reads is answered, and it comes back.
hold 'ven_1234' 5 8
say surprise edu0
wait "$client" || { echo "wine: the client of a pulled device ended with $?"; cat hold.log; exit 1; }
[ "$(grep -c '^read: 0xC' hold.log)" = 8 ] || { echo "wine: not every read of a pulled device failed:"; cat hold.log; exit 1; }
say state edu0
says '^gone'
say replug edu0
say state edu0
says '^started'
say rest

# Other machines: each profile is another kernel, where the driver finds other routines when it starts.
for words in 'machine machine=2x64 profile=win10 seed=7' 'machine machine=4x2 profile=server2022 mode=documented' \
             'machine machine=1x8 profile=nt52'; do
  # shellcheck disable=SC2086
  say $words
  all_started
  say restart edu0
  must probe.exe "$line" 1 20
  say rest
done
# On the last, nt52, there is no IoConnectInterruptEx and no message.
must_not probe.exe "$line" 5 1
must_not control.exe machine machine=2x64 profile=nt52

# What is driven without devices, and comes back with the next machine; a client's handle vetoes either.
say machine machine=64/16/64 profile=server2022
all_started
hold 'ven_1234' 5 8
must_not control.exe end
says '^vetoed'
must_not control.exe rest
says '8 requests are pending'
kill -9 "$client"
wait "$client" 2>/dev/null || true
until_so 60 'the killed client leaves its handle' no_handles
say end
says '^ok'
say state edu0
says '^enumerated'
must_not probe.exe "$line" 3 1
say machine machine=64/16/64
all_started
must probe.exe "$line" 3 20

# Unloaded, and loaded again in the same Wine.
must install.exe remove 'ROOT\IRQSCOPE-MACHINE'
must_not control.exe rest
install
must probe.exe "$line" 3 20
say rest
wine --version 2>/dev/null </dev/null | sed "s/^/wine: $driver.sys ran on /"
