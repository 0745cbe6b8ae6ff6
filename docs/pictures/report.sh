#!/bin/sh
# Makes the pictures of the report anew: report.png and report-2048.png, from the simulator with a seed, in headless
# Chromium. Look at them before you keep them. Needs chromium (IRQSCOPE_CHROMIUM names another one) and a built clone.
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "$0")" && pwd)
irqscope=$here/../../irqscope
chromium=${IRQSCOPE_CHROMIUM:-chromium}
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT

# picture PAGE PNG WIDTH HEIGHT [dark]
picture() {
    set -- "$1" "$2" "$3" "$4" "${5:-light}"
    scheme=1
    [ "$5" = dark ] && scheme=0
    sandbox=
    [ "$(id -u)" = 0 ] && sandbox=--no-sandbox
    "$chromium" --headless $sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$lab/profile-$2" \
        --blink-settings=preferredColorScheme=$scheme --window-size="$3,$4" --screenshot="$here/$2" "file://$1" \
        >"$lab/$2.log" 2>&1 || { cat "$lab/$2.log" >&2; exit 1; }
}

# Two devices on some processors each, and a kernel that twelve times sends an interrupt elsewhere.
"$irqscope" policy set --device igb0 --processors g1:0-11 --state "$lab/state" >"$lab/log"
"$irqscope" policy set --device edu0 --processors g2:8-31 --state "$lab/state" >"$lab/log"
"$irqscope" record --state "$lab/state" --device igb0,edu0 --load 4000 --duration 2s \
    --fault outside-mask,device=igb0,after=5000,count=12 -o "$lab/run.irqrec" >"$lab/log" 2>&1
"$irqscope" report "$lab/run.irqrec" -o "$lab/report.html" 2>"$lab/log" || [ $? = 1 ]
picture "$lab/report.html" report.png 1280 1320

# 2,048 processors, in the dark.
"$irqscope" policy set --machine 32x64 --device edu0 --processors g17:0-63 --state "$lab/many" >"$lab/log"
"$irqscope" record --machine 32x64 --state "$lab/many" --device edu0 --load 20000 --duration 1s -o "$lab/many.irqrec" \
    >"$lab/log" 2>&1
"$irqscope" report "$lab/many.irqrec" -o "$lab/many.html" 2>"$lab/log"
picture "$lab/many.html" report-2048.png 1280 900 dark
