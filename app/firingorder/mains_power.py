"""Whether this computer hangs on the mains: what is wired to it then hangs on it, too, and so does the person.

Sources: Linux `power_supply` class (kernel documentation, sysfs-class-power); macOS `pmset -g batt`; Windows
`GetSystemPowerStatus`. What to say follows IEC 60601-1: a part on a person is isolated from the mains.
"""

import ctypes
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from firingorder_session.messages import Message, MessageCode

SUPPLIES = Path("/sys/class/power_supply")


def on_mains(platform: str = sys.platform) -> bool | None:
    """Return whether the computer is connected to the mains; None where that cannot be told."""
    if platform == "linux":
        return _linux()
    if platform == "darwin":
        return _macos()
    return _windows() if platform == "win32" else None


def safety_warning(ports: Sequence[str], mains: bool | None) -> Message | None:
    """Return the warning for wired sensors; None on a battery."""
    if mains is False:
        return None
    return Message(MessageCode.ON_MAINS if mains else MessageCode.MAINS_UNKNOWN, {"ports": tuple(ports)})


def _linux() -> bool | None:
    """Ask the kernel: a computer without a battery is on the mains, and so is one whose adapter is online."""
    try:
        folders = list(SUPPLIES.iterdir())
    except OSError:
        return None
    supplies = [(_word(each / "type"), _word(each / "online"), _word(each / "scope")) for each in folders]
    # A battery of scope "Device" is that of a mouse.
    has_battery = any(kind == "Battery" and scope != "Device" for kind, _, scope in supplies)
    plugged = any(kind in ("Mains", "USB") and online == "1" for kind, online, _ in supplies)
    if not supplies:
        return None  # a virtual machine, or a board without the driver
    return plugged or not has_battery


def _word(path: Path) -> str:
    """Read a file of one word; empty where it is not there."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _macos() -> bool | None:
    """Ask the power manager."""
    try:
        said = subprocess.run(["pmset", "-g", "batt"], capture_output=True, text=True, check=True, timeout=2).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return "AC Power" in said


def _windows() -> bool | None:
    """Ask the system: the first byte of its answer is 1 on the mains, 0 on a battery, 255 unknown."""
    answer = ctypes.create_string_buffer(12)
    kernel = getattr(getattr(ctypes, "windll", None), "kernel32", None)
    if kernel is None or not kernel.GetSystemPowerStatus(answer):
        return None
    return {0: False, 1: True}.get(answer.raw[0])
