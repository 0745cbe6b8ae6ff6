#!/bin/sh
# How long a start takes, in runs of `java -version` on the same machine at the same time: medians of interleaved runs.
#
#   test-harness/benchmarks/startup.sh [RUNS]     (20 unless said; needs ./mvnw package)
#
# It uses the distribution's zip, unpacked into a folder of its own. Times are told, never judged.
set -eu
runs=${1:-20}
root=$(CDPATH='' cd -P -- "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
zip=$(ls "$root"/target/irqscope-*.zip)
python3 -m zipfile -e "$zip" "$folder"
home=$(ls -d "$folder"/irqscope-*)
chmod +x "$home/irqscope"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$home/irqscope" --version >"$folder/version" 2>/dev/null

python3 - "$runs" "$java" "$home/irqscope" <<'PYTHON'
import statistics, subprocess, sys, time
runs, java, irqscope = int(sys.argv[1]), sys.argv[2], sys.argv[3]
commands = {
    "java -version": [java, "-version"],
    "irqscope --version": [irqscope, "--version"],
    "irqscope --help": [irqscope, "--help"],
    "first request to the simulator": [irqscope, "devices", "--bed", "sim", "--machine", "1x4"],
}
seconds = {name: [] for name in commands}
for run in range(runs + 1):
    for name, command in commands.items():
        start = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if run > 0:  # the first round only warms the caches
            seconds[name].append(time.perf_counter() - start)
base = statistics.median(seconds["java -version"])
print(f"start-up, medians of {runs} interleaved runs:")
for name, times in seconds.items():
    print(f"  {name:<32} {statistics.median(times) * 1000:7.1f} ms  {statistics.median(times) / base:5.2f} x java -version")
PYTHON
