#!/bin/sh
# What one event costs the ISR, in instructions: record-path.sh PROGRAM, where PROGRAM is record-path.c at -O2.
# Counts two runs of different length, so that what is not per event cancels out. Exit code 1 above the limit, 77
# (skipped) without valgrind.
set -eu

limit=60
few=1000
many=2000

if [ $# -ne 1 ]; then
    echo "usage: record-path.sh PROGRAM" >&2
    exit 2
fi
if ! command -v valgrind >/dev/null 2>&1; then
    echo "record path: not counted, valgrind is not installed"
    exit 77
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The instructions inside IsrRecordPath alone, whatever the compiler inlined into it, over a run of $1 events.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file="$scratch/out.$1" --toggle-collect=IsrRecordPath "$program" "$1" \
        >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 2; }
    sed -n 's/^\(summary\|totals\): *\([0-9][0-9]*\).*/\2/p' "$scratch/out.$1" | head -n 1
}

program=$1
first=$(instructions $few)
second=$(instructions $many)
if [ -z "$first" ] || [ -z "$second" ] || [ "$first" -lt "$few" ] || [ "$second" -le "$first" ]; then
    echo "record path: callgrind counted nothing inside IsrRecordPath ($first, $second)" >&2
    exit 2
fi
each=$(((second - first + many - few - 1) / (many - few)))
echo "record path: $each instructions an event (limit $limit)"
[ "$each" -le "$limit" ]
