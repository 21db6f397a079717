"""The reference firmware on an emulated Cortex-M3 board; its serial line is a pseudo-terminal of this machine."""

import json
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

BARE_METAL = Path(__file__).parents[2] / "firmware_bridge" / "reference" / "bare_metal"
QEMU = "qemu-system-arm"
TOOLS = ("make", "arm-none-eabi-gcc", QEMU)
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
#: The emulator needs 0.1 s until it names its terminal; a loaded machine may need this long.
PATIENCE_S = 20.0


def build_firmware(folder: Path, emg_hz: int = 2000) -> Path:
    """Compile the firmware and return its image."""
    command = ["make", "-s", "-C", str(BARE_METAL), f"BUILD={folder}", f"EMG_HZ={emg_hz}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "sensor.elf"


class EmulatedBoard:
    """A board that runs; use as a context manager.

    Parameters
    ----------
    image
        What it runs.
    folder
        Where the emulator's words and its control socket go.

    Attributes
    ----------
    path
        The terminal that its serial line is: a link, gone with the board, since the terminal's number is given to
        whoever asks next.
    """

    def __init__(self, image: Path, folder: Path) -> None:
        self._line = folder / "line"
        self.path = str(self._line)
        self._image = image
        self._words = folder / "qemu.log"
        self._control = folder / "qmp"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Switch on, and wait for the terminal's name."""
        machine = ["-M", "mps2-an385", "-display", "none", "-monitor", "none", "-serial", "pty"]
        control = ["-qmp", f"unix:{self._control},server=on,wait=off"]
        # A child that inherits a pipe can hold up whoever reads it; so its words go to a file.
        with self._words.open("wb") as words:
            self._process = subprocess.Popen(
                [QEMU, *machine, *control, "-kernel", str(self._image)],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
            )
        try:
            self._line.symlink_to(self._find_terminal())
        except AssertionError:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Switch off."""
        self.kill()

    def kill(self) -> None:
        """End the emulator, as if the board lost its power and its cable at once."""
        if self._process is not None:
            self._line.unlink(missing_ok=True)
            self._process.kill()
            self._process.wait()

    def reset(self) -> None:
        """Press the reset button."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(PATIENCE_S)
            control.connect(str(self._control))
            for command in ("qmp_capabilities", "system_reset"):
                control.sendall(json.dumps({"execute": command}).encode())
                self._await_answer(control)

    @property
    def cpu_s(self) -> float:
        """Processor time that the emulator has used; Linux only."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100  # in ticks of 1/100 s on every Linux (proc(5))

    @staticmethod
    def _await_answer(control: socket.socket) -> None:
        """Read until a command has been carried out; events come between."""
        heard = b""
        while b'"return"' not in heard:
            data = control.recv(4096)
            assert data, "the emulator hung up"
            heard += data

    def _find_terminal(self) -> str:
        """Return the name that the emulator says."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = re.search(r"redirected to (/dev/\S+)", self._words.read_text())
            if found:
                return found[1]
            time.sleep(0.01)
        raise AssertionError(f"the emulator names no terminal: {self._words.read_text()}")
