"""A test taken up as a person does it: a real X window, the offer, the space bar, sensors, and what the file says."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from tests.gui.pictures import image_pixels
from tests.gui.x_screen import X_MARKS
from tests.sim.test_live_chain import virtual_sensors, wait_until
from tests.unfinished_recording import IN_LIFT_3, break_off, rows_of

from firingorder_gui.qt import QtGui

pytestmark = X_MARKS


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """Run an X server with a window manager; give the environment of its programs."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    environment = {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    yield environment
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=60)


def name_links(path: Path, ports: list[str]) -> None:
    """Let a recording be of these ports."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for link, port in enumerate(ports, start=1):
            connection.execute("UPDATE links SET name = ? WHERE link = ?", (port, link))


def find_window(environment: dict[str, str], name: str) -> str:
    """Wait for a window of that name."""
    words = ["xdotool", "search", "--sync", "--onlyvisible", "--name", name]
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=90, check=True
    ).stdout.split()[-1]


@pytest.mark.timeout(240)
def test_the_space_bar_goes_on_with_the_test(tmp_path: Path, environment: dict[str, str]) -> None:
    """Takes 20 s of real time."""
    sensors, visits = tmp_path / "sensors", tmp_path / "visits"
    sensors.mkdir()
    visits.mkdir()
    path = break_off(visits / "visit.fo", IN_LIFT_3)
    log, picture = tmp_path / "live.log", tmp_path / "offer.png"
    with virtual_sensors(sensors) as ports, log.open("wb") as output:
        name_links(path, ports)
        before = rows_of(path)
        words = ["live", *ports, "--out", str(visits / "new.fo")]
        live = subprocess.Popen(
            [sys.executable, "-m", "firingorder", *words], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            offer = find_window(environment, "Unfinished test")
            subprocess.run(["xdotool", "windowactivate", "--sync", offer], env=environment, timeout=60, check=False)
            subprocess.run(["import", "-window", "root", str(picture)], env=environment, timeout=60, check=True)
            subprocess.run(["xdotool", "key", "space"], env=environment, timeout=60, check=True)
            wait_until(lambda: len(rows_of(path)) > len(before) + 500, log)
            find_window(environment, "Prone hip extension")
            live.send_signal(signal.SIGINT)
            assert live.wait(60) == 0, log.read_text(encoding="utf-8")
        finally:
            if live.poll() is None:
                live.kill()
            live.wait()
    assert rows_of(path)[: len(before)] == before
    assert not (visits / "new.fo").exists()
    said = log.read_text(encoding="utf-8")
    assert f"recorded: {path}" in said
    assert "Traceback" not in said
    # The card stands in the middle, with the first key filled bright.
    pixels = image_pixels(QtGui.QImage(str(picture)))
    middle = pixels[300:800, 400:1500, :3].astype(int)
    assert np.count_nonzero(middle.min(axis=2) > 200) > 10_000
