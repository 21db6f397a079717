"""Processes of the virtual radio: their output goes into files, and each is ended by its own id."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: A loaded machine may need this long to start Python.
PATIENCE_S = 30.0


class Child:
    """A process that prints a line when it is ready."""

    def __init__(
        self, module: str, words: Sequence[str], folder: Path, environment: dict[str, str] | None = None
    ) -> None:
        handle, name = tempfile.mkstemp(prefix=module.rsplit(".", 1)[-1], suffix=".txt", dir=folder)
        self.said_path = Path(name)
        with open(handle, "w") as out:
            command = [sys.executable, "-m", module, *words]
            self.process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment)

    @property
    def said(self) -> str:
        """What it has printed."""
        return self.said_path.read_text(encoding="utf-8")

    def wait_ready(self) -> str:
        """Wait for the first line, and return it; raise RuntimeError where it is an error instead."""
        wait_until(lambda: "\n" in self.said or self.process.poll() is not None)
        if self.said.startswith("Traceback") or self.process.poll() is not None:
            self.process.wait()
            raise RuntimeError(self.said)
        return self.said.splitlines()[0]

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()


def wait_until(what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait for something that another process or thread does."""
    deadline = time.monotonic() + patience_s
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen")
        time.sleep(0.01)


@contextmanager
def child(
    module: str, words: Sequence[str], folder: Path, environment: dict[str, str] | None = None
) -> Generator[Child]:
    """Run a process until it is ready, and kill it in the end."""
    running = Child(module, words, folder, environment)
    try:
        running.wait_ready()
        yield running
    finally:
        running.kill()


@contextmanager
def air(folder: Path, n_controllers: int) -> Generator[list[int]]:
    """Run virtual controllers that hear each other; give their ports."""
    with child("tests.radio.air", [str(n_controllers)], folder) as running:
        yield [int(port) for port in json.loads(running.said.splitlines()[0])]


@contextmanager
def peripheral(folder: Path, ports: Sequence[int], names: str, *words: str) -> Generator[Child]:
    """Run sensors of these names, one on each controller."""
    with child("tests.radio.peripheral", [*map(str, ports), "--names", names, *words], folder) as running:
        yield running


_BUS = """<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


@contextmanager
def message_bus(folder: Path) -> Generator[str]:
    """Run a message bus of one's own; give its address."""
    path, settings = folder / "bus", folder / "bus.conf"
    settings.write_text(_BUS.format(path=path), encoding="utf-8")
    with (folder / "bus.txt").open("w") as out:
        command = ["dbus-daemon", f"--config-file={settings}", "--nofork"]
        daemon = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        wait_until(path.exists)
        yield f"unix:path={path}"
    finally:
        daemon.kill()
        daemon.wait()
