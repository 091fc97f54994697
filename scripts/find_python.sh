#!/bin/sh
# Prints the first Python 3.10 to 3.13 that can really make a virtual environment: $PYTHON if set, else the first on the PATH.
# Being on the PATH is not enough: shims of version managers may point nowhere, and Debian splits ensurepip off.

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' </dev/null >/dev/null 2>&1
}

makes_environments() {
    "$1" -c 'import venv, ensurepip' </dev/null >/dev/null 2>&1
}

if [ -n "$PYTHON" ]; then
    if suits "$PYTHON" && makes_environments "$PYTHON"; then
        command -v "$PYTHON"
        exit 0
    fi
    echo "PYTHON=$PYTHON is no Python 3.10 to 3.13 that runs 'import venv, ensurepip': choose another, or leave PYTHON unset." >&2
    exit 1
fi

lacking=
IFS=:
for name in python3 python3.13 python3.12 python3.11 python3.10 python; do
    for folder in $PATH; do
        candidate=${folder:-.}/$name
        [ -x "$candidate" ] && suits "$candidate" || continue
        if makes_environments "$candidate"; then
            echo "$candidate"
            exit 0
        fi
        lacking=${lacking:-$("$candidate" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')}
    done
done

if command -v apt-get >/dev/null 2>&1; then
    remedy="apt-get install ${lacking:-python3}-venv"
elif command -v dnf >/dev/null 2>&1; then
    remedy="dnf install python3.12"
elif command -v brew >/dev/null 2>&1; then
    remedy="brew install python@3.12"
else
    remedy="your system's package of Python 3.12, with venv and ensurepip"
fi
echo "No Python 3.10 to 3.13 here runs 'import venv, ensurepip'. Install one ($remedy), or set PYTHON to one." >&2
exit 1
