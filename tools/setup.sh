#!/bin/sh
# Make the virtual environment with what `runtime` or `test` needs, and see to the system libraries of Qt.
# usage: tools/setup.sh .venv runtime|test
set -eu
venv=$1
what=$2
python=${PYTHON:-python3}

fail() { echo "setup: $1" >&2; exit 1; }

command -v "$python" >/dev/null || fail "expected Python 3.11 or newer as '$python', found none. Install it, or name it: make PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "expected Python 3.11 or newer, found $("$python" --version 2>&1). Name another: make PYTHON=python3.12"

# Debian and Ubuntu ship venv's ensurepip apart from python3.
if [ ! -x "$venv/bin/python" ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    line="apt-get install -y --no-install-recommends $("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "setup: Python's venv is missing; $line"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line >/dev/null || fail "could not install it. Type: $line"
    else
        fail "Python's venv module is missing. Type: sudo $line"
    fi
fi

[ -x "$venv/bin/python" ] || { echo "setup: making $venv"; "$python" -m venv "$venv"; }
case $what in runtime) extra= ;; test) extra='[test]' ;; *) fail "unknown set '$what'" ;; esac

# pip shows its own progress bars on a terminal.
quiet=; [ -t 1 ] || quiet=--quiet
echo "setup: installing what Python needs ($what); the first time takes a minute or two"
"$venv/bin/python" -m pip install $quiet --disable-pip-version-check --editable ".$extra" ||
    fail "pip could not install the packages; see above. Is the package index reachable?"
"$venv/bin/python" tools/system_packages.py "$what" || exit 1
touch "$venv/.$what"
