#!/bin/sh
# Make the environment of the benchmarks' peers: other people's packages, pinned, apart from the product's own.
# usage: tools/setup_peers.sh .venv-peers
set -eu
venv=$1
python=${PYTHON:-python3}
list=benchmarks/peers/requirements.txt

fail() { echo "setup: $1" >&2; exit 1; }

[ -x "$venv/bin/python" ] || { echo "setup: making $venv"; "$python" -m venv "$venv"; } || fail "could not make $venv"
quiet=; [ -t 1 ] || quiet=--quiet
echo "setup: installing the peers (BioSPPy, NeuroKit2, detecta, ruptures, MYOnset, MNE-LSL); the first time takes two minutes"
"$venv/bin/python" -m pip install $quiet --disable-pip-version-check --requirement "$list" ||
    fail "pip could not install the peers; see above. Without them: .venv/bin/python -m benchmarks onset"
touch "$venv/.peers"
