#!/bin/sh
# The wine bed: a Windows JVM in a prefix of its own, where the driver was installed from its INF.
#
#   run.sh check               exit 0 when all is here, else 77 and one line that says what is not
#   run.sh java FOLDER ARG...  makes FOLDER/prefix when there is none, installs the driver there, runs java ARG...
#   run.sh machine FOLDER ARG...  the same with irqscope-wine-audio.sys, which has every way and a simulated machine in it
#
# Whatever ends it - the JVM's end, Ctrl-C, a caller who is gone - ends every process of Wine that it started. The JVM's
# exit code is its own. A FOLDER serves one run at a time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
built=$root/target/native/windows-x64

missing() {
  echo "$1"
  exit 77
}

check() {
  command -v wine >/dev/null && command -v wineserver >/dev/null || missing "no wine is on the PATH (Debian: wine, wine64)"
  java=$(sh "$here/java.sh" find) || missing "no JVM for Windows is here: test-harness/beds/wine/java.sh fetches one, or set IRQSCOPE_WINDOWS_JAVA"
  for file in irqscope.sys irqscope-wine-audio.sys install.exe control.exe; do
    [ -f "$built/$file" ] || missing "$file was not built (Debian: gcc-mingw-w64-x86-64)"
  done
}

finish() {
  code=$?
  trap - EXIT INT TERM HUP
  [ -z "${jvm:-}" ] || kill "$jvm" 2>/dev/null || true
  wineserver -k >/dev/null 2>&1 || true
  wineserver -w >/dev/null 2>&1 || true
  exit "$code"
}

# Nobody but us uses this prefix; what an earlier run left there is ended first. A server that stays keeps the driver
# loaded between programs.
prepare() {
  export WINEPREFIX="$folder/prefix" WINEDEBUG="${WINEDEBUG:--all}" WINEDLLOVERRIDES="mscoree,mshtml=" WINEARCH=win64
  trap finish EXIT INT TERM HUP
  mkdir -p "$WINEPREFIX"
  wineserver -k >/dev/null 2>&1 || true
  wineserver -w >/dev/null 2>&1 || true
  # An image that Wine has loaded at its start is not overwritten by an install.
  rm -f "$WINEPREFIX"/drive_c/windows/system32/drivers/irqscope*.sys
  wineserver -p
  if [ ! -f "$WINEPREFIX/system.reg" ]; then
    wine wineboot -i >"$folder/boot.log" 2>&1 </dev/null || true
  fi
}

# The driver that the build made last, from its INF. Wine 8.0 leaves the device of a first install unstarted; after a
# restart of Wine the same call starts it. Wine checks no signature, but wants the catalog's file.
install_driver() {
  rm -rf "$folder/driver"
  mkdir -p "$folder/driver"
  if [ "$with" = machine ]; then
    inf=irqscope-wine-audio id='ROOT\IRQSCOPE-MACHINE'
    cp "$here/$inf.inf" "$built/$inf.sys" "$built/control.exe" "$folder/driver"
  else
    inf=irqscope-root id='ROOT\IRQSCOPE'
    cp "$root/inf/irqscope-root.inf" "$built/irqscope.sys" "$folder/driver"
  fi
  cp "$built/install.exe" "$folder/driver"
  : >"$folder/driver/$inf.cat"
  for attempt in 1 2; do
    (cd "$folder/driver" && wine install.exe $inf.inf "$id" >"$folder/install.log" 2>&1 </dev/null) || {
      cat "$folder/install.log"
      echo "run.sh: the driver cannot be installed"
      exit 1
    }
    [ "$attempt" = 2 ] && break
    wineserver -k || true
    wineserver -w || true
    wineserver -p
  done
  [ "$with" = machine ] || return 0
  tries=0
  # Wine starts the devices when it comes to them, root0 last, and tells nobody.
  until (cd "$folder/driver" && wine control.exe state root0 >"$folder/state.log" 2>&1 </dev/null) &&
        grep -q '^started' "$folder/state.log"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      cat "$folder/state.log"
      echo "run.sh: the simulated devices do not start"
      exit 1
    fi
    sleep 0.5
  done
}

case "${1:-}" in
  check)
    check
    ;;
  java | machine)
    with=$1
    folder=$2
    shift 2
    check
    prepare
    install_driver
    wine "$java" "$@" </dev/null &
    jvm=$!
    code=0
    wait "$jvm" || code=$?
    jvm=
    exit "$code"
    ;;
  *)
    echo "usage: run.sh check | java|machine FOLDER ARG..." >&2
    exit 2
    ;;
esac
