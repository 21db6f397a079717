"""`firingorder` on a real X server: keys and the pointer go to its window, and the root window is what is looked at."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

#: How long a step may take on a busy machine, and how often a key is pressed before it counts as unheard.
STEP_S, PRESSES = 20.0, 4
#: How long a program may take to show its window there.
WINDOW_S = 60.0


class XProgram:
    """A running command with a window.

    Parameters
    ----------
    display
        From `x_screen`.
    folder
        Where it runs, and where pictures of the screen go.

    Attributes
    ----------
    said
        The file that it prints into.
    """

    def __init__(self, display: str, folder: Path, *words: str) -> None:
        """Start it, and wait for its window."""
        self.folder = folder
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-m", "firingorder", *words]
        self.said = folder / "said.txt"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, env=self.environment, cwd=folder, stdout=said)
        self.window()

    def tool(self, *words: str) -> str:
        """Run xdotool."""
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def window(self, name: str = "FiringOrder") -> str:
        """Wait for the window whose title holds these words, and give it the keys."""
        found: list[str] = []

        def look() -> bool:
            found[:] = self.tool("search", "--onlyvisible", "--name", name).splitlines()
            return bool(found)

        if not self.wait(look, WINDOW_S):
            pytest.fail(f"no window {name!r}; the program's exit code is {self.process.poll()}")
        self.tool("windowactivate", "--sync", found[-1])
        return found[-1]

    def place(self) -> tuple[int, int, int, int]:
        """Say where the window's inside lies on the screen: left, top, width, height."""
        words = self.tool("getwindowgeometry", "--shell", self.window()).splitlines()
        known = dict(line.split("=", 1) for line in words)
        return int(known["X"]), int(known["Y"]), int(known["WIDTH"]), int(known["HEIGHT"])

    def key(self, *keys: str) -> None:
        """Press keys in the window."""
        self.window()
        self.tool("key", "--delay", "60", *keys)

    def write(self, text: str) -> None:
        """Write letters."""
        self.tool("type", "--delay", "60", text)

    def drag(self, start: tuple[int, int], stop: tuple[int, int]) -> None:
        """Press the pointer's button at a place of the screen, move in steps as a hand does, and let go."""
        self.tool("mousemove", *map(str, start), "mousedown", "1")
        for step in range(1, 6):
            x, y = (round(a + (b - a) * step / 5) for a, b in zip(start, stop, strict=True))
            self.tool("mousemove", str(x), str(y))
        self.tool("mouseup", "1")

    def wait(self, came: Callable[[], bool], seconds: float = STEP_S) -> bool:
        """Wait for something to come; say whether it has."""
        deadline = time.monotonic() + seconds
        while not came():
            if time.monotonic() > deadline or self.process.poll() is not None:
                return came()
            time.sleep(0.1)
        return True

    def until(self, came: Callable[[], bool], *keys: str) -> None:
        """Press keys, again where they were not heard, until something has come of it."""
        for _ in range(PRESSES):
            self.key(*keys)
            if self.wait(came):
                return
        pytest.fail(f"{keys}, and nothing came of it")

    def picture(self, name: str) -> Path:
        """Save what the X server shows."""
        path = self.folder / name
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, timeout=60, check=True)
        return path

    def close(self) -> int:
        """Close the window as its frame's button does, again where that was not heard; return the exit code."""
        for _ in range(PRESSES):
            self.tool("key", "alt+F4")
            if self.wait(lambda: self.process.poll() is not None, STEP_S / PRESSES):
                return self.process.wait()
        pytest.fail("the window does not close")

    def stop(self) -> int:
        """End it in order; return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
