"""Nothing leaves the machine by itself: no import opens a socket, and no analysis, check or export does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FIXTURE = ROOT / "fixtures" / "corpus" / "native-device.fo"

#: Refuses every socket that Python makes, and finds those that a library made by itself.
GUARD = """
import os, sys
def guard(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"a socket: {event} {arguments!r}")
sys.addaudithook(guard)
def count():
    folder = "/proc/self/fd"
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            try:
                target = os.readlink(f"{folder}/{name}")
            except OSError:
                continue
            if int(name) > 2 and target.startswith("socket:"):
                raise SystemExit(f"a socket is open: {target}")
"""
#: All our modules. `__main__` runs the command line when imported; scripts of migrations run inside alembic alone.
IMPORT_ALL = """
import importlib, pkgutil
names = []
for package in ("firingorder_signal", "firingorder_bridge", "firingorder_session", "firingorder_gui", "firingorder"):
    found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    names += [package, *(each.name for each in found)]
for name in names:
    if name.rpartition(".")[2] != "__main__" and ".migrations." not in name:
        importlib.import_module(name)
count()
print(len(names))
"""
#: A visit from its recording to what is handed over.
WORK = """
from firingorder.cli import main
path, out = sys.argv[1:]
runs = [
    ["verify", path],
    ["analyze", path, "--json"],
    ["anonymise", path, f"{out}/K1.fo"],
    ["encrypt", f"{out}/K1.fo"],
    ["analyze", f"{out}/K1.fo.enc"],
    ["names", "new", "Somebody"],
    ["audit"],
    ["history", "add", "K7Q2M4"],
    ["analyze", path, "--history", "--subject", "K7Q2M4", "--report", f"{out}/report.pdf"],
    ["history", "rate", "K7Q2M4", "--feels", "6"],
    ["history", "K7Q2M4"],
    ["convert", path, f"{out}/visit.csv"],
    ["history", "remove", "K7Q2M4", "--yes"],
]
for run in runs:
    code = main(run)
    if code != 0:
        raise SystemExit(f"{run}: {code}")
    count()
print("done")
"""


def run_guarded(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own where no socket may be opened."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
    command = [sys.executable, "-W", "ignore", "-c", GUARD + code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_no_import_of_any_module_opens_a_socket() -> None:
    done = run_guarded(IMPORT_ALL)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) > 200


def test_a_whole_visit_opens_none(tmp_path: Path) -> None:
    # A copy: whoever deletes a subject deletes what lies beside a recording, too.
    visit = shutil.copyfile(FIXTURE, tmp_path / "visit.fo")
    done = run_guarded(
        WORK, str(visit), str(tmp_path), FIRINGORDER_PASSPHRASE="correct horse", HOME=str(tmp_path),
        FIRINGORDER_AUDIT=str(tmp_path / "audit.jsonl"), FIRINGORDER_NAMES=str(tmp_path / "names.enc"),
        FIRINGORDER_DATABASE=f"sqlite:///{tmp_path / 'history.sqlite'}", XDG_DATA_HOME=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.endswith("done\n")


@pytest.mark.parametrize("act", ["socket.socket()", "socket.create_connection(('127.0.0.1', 9))"])
def test_the_guard_can_fail(act: str) -> None:
    done = run_guarded(f"import socket\n{act}\n")
    assert done.returncode != 0
    assert "a socket: socket." in done.stderr
