"""The demo's sensors: `firingorder sensor` in a process of its own, started, watched and ended in order."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: How long the virtual wearable may take to open its ports: Python and numpy start in 1 s on a slow machine.
START_S = 30.0
#: The sensors end by themselves after this long, so that a demo that was killed leaves nothing behind for ever.
LONGEST_S = 3600.0
#: Sensors on a leg.
N_SENSORS = 2
#: Lifts that may be refused before the patient tires of it: as many as are wanted.
PATIENCE = 2


@dataclass(frozen=True)
class WearableProcess:
    """A running virtual wearable.

    Attributes
    ----------
    said
        The file into which it writes what happens, one JSON object a line.
    problems
        The file of its stderr.
    """

    child: "subprocess.Popen[bytes]"
    said: Path
    problems: Path
    n_sensors: int = N_SENSORS

    @property
    def ports(self) -> list[str]:
        """The ports that it has announced."""
        return [str(event["port"]) for event in self._events() if event["event"] == "ready"]

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.child.poll() is None

    @property
    def has_ended_set(self) -> bool:
        """Whether the last lift of its set is over."""
        return any(event["event"] == "set_ended" for event in self._events())

    def tell(self, line: str) -> None:
        """Say something to the patient; one who is gone does not hear it."""
        if self.child.stdin is not None and self.is_running:
            with suppress(OSError):
                os.write(self.child.stdin.fileno(), f"{line}\n".encode())

    @property
    def problem(self) -> str:
        """The last thing that it complained about, one line."""
        lines = self.problems.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].removeprefix("firingorder sensor: ") if lines else "it said nothing"

    def wait_for_ports(self) -> None:
        """Return when all ports are there; raise FiringOrderError when it ends before, or stays silent."""
        from firingorder_signal.errors import FiringOrderError

        deadline = time.monotonic() + START_S
        while len(self.ports) < self.n_sensors:
            if not self.is_running or time.monotonic() > deadline:
                raise FiringOrderError(f"the virtual wearable did not start: {self.problem}")
            time.sleep(0.05)

    def _events(self) -> list[dict[str, Any]]:
        """Read all whole lines."""
        lines = self.said.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


@contextmanager
def virtual_wearable(arguments: argparse.Namespace) -> Generator[WearableProcess]:
    """Run `firingorder sensor` as a child until its ports are there; end it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="firingorder-") as folder:
        said, problems = Path(folder) / "said", Path(folder) / "problems"
        # A session of its own, so that Ctrl-C reaches the test alone, which then stops the sensors in order.
        with said.open("wb") as out, problems.open("wb") as errors:
            child = subprocess.Popen(
                write_words(arguments),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
        try:
            wearable = WearableProcess(child, said, problems, N_SENSORS * (2 if arguments.side == "both" else 1))
            wearable.wait_for_ports()
            yield wearable
        finally:
            child.terminate()
            child.wait(timeout=START_S)
            if child.stdin is not None:
                child.stdin.close()


def write_words(arguments: argparse.Namespace) -> Sequence[str]:
    """Write the child's command line."""
    words = [sys.executable, "-m", "firingorder", "sensor", "--json", "--duration", str(LONGEST_S)]
    words += ["--seed", str(arguments.seed), "--lifts", str(PATIENCE * arguments.lifts), "--side", arguments.side]
    words += ["--asked"]
    if arguments.lag_ms is not None:
        words += ["--lag-ms", str(arguments.lag_ms)]
    if arguments.swap is not None:
        words += ["--fault", f"swap:{arguments.swap}"]
    return words
