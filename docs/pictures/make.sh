#!/bin/sh
# Makes the pictures of the terminal views anew: docs/pictures/make.sh [NAME ...], all without a name. Needs tmux, chromium and DejaVu Sans Mono
# (Debian: apt-get install tmux chromium fonts-dejavu-core). Look at them before they are kept.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd)
root=$here/../..
work=$(mktemp -d)
wanted=$*
trap 'tmux -S "$work/socket" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

# picture NAME COLUMNS ROWS SIGHT KEYS WORDS...: runs irqscope in a terminal of that size until SIGHT is seen, presses KEYS.
picture() {
    name=$1 columns=$2 rows=$3 sight=$4 keys=$5
    shift 5
    case " $wanted " in
        '  ' | *" $name "*) ;;
        *) return ;;
    esac
    title="irqscope $*"
    command="$root/irqscope $(printf "'%s' " "$@")"
    tmux -u -S "$work/socket" -f /dev/null new-session -d -x "$columns" -y "$rows" \
        "env LC_ALL=C.UTF-8 TERM=screen-256color sh -c \"$command; cat\""
    tries=0
    until tmux -S "$work/socket" capture-pane -p | grep -q "$sight"; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ]; then
            echo "$name: \"$sight\" was not seen" >&2
            exit 1
        fi
        sleep 0.2
    done
    for key in $keys; do
        tmux -S "$work/socket" send-keys "$key"
    done
    sleep 1
    tmux -S "$work/socket" capture-pane -e -p >"$work/$name.ansi"
    tmux -S "$work/socket" kill-server
    java "$here/Ansi.java" "$work/$name.ansi" "$columns" "$title" >"$work/$name.html"
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$work/chromium" --hide-scrollbars \
        --window-size=$((columns * 9 + 40)),$((rows * 18 + 62)) --screenshot="$here/$name.png" \
        "file://$work/$name.html" >"$work/chromium.log" 2>&1 || { cat "$work/chromium.log" >&2; exit 1; }
    echo "docs/pictures/$name.png"
}

picture watch 132 40 ' 0:1[0-9]' '' watch --device igb0 --processors g0:8-23 --load 20000 \
    --fault outside-mask,device=igb0,after=160000,count=12
picture watch-narrow 60 24 ' 0:0[5-9]' '' watch --device edu0 --processors g1:4-7
picture watch-2048 100 54 ' 0:0[5-9]' '' watch --machine 32x64 --device igb0 --processors g17:0-63 --load 20000
picture machine 100 14 'no user mode' '' machine
picture machine-2048 100 52 'no user mode' '' machine --machine 32x64
