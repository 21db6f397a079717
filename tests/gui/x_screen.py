"""An X server with a window manager, for as long as a test needs one, and the marks of the tests that do."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager

import pytest

#: Programs of Debian that start a screen, press keys and look at it.
TOOLS = ("Xvfb", "openbox", "xdotool", "import")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
#: One X server, one window at a time: keys go to whichever window is active.
X_MARKS = [
    pytest.mark.xwindow,
    pytest.mark.xdist_group("x"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


@contextmanager
def x_screen(width: int, height: int) -> Generator[str]:
    """Run Xvfb and openbox, and give the display's name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL)
    try:
        yield name
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=60)
