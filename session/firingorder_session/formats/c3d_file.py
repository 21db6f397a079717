"""C3D files of motion laboratories: the analog channels, with the laboratory's labels, units and rate.

Source: "The C3D File Format, A Technical User Manual", Motion Lab Systems 2008; read by ezc3d in a process of its own.
Markers and force plates are left alone. Time zero is the first frame of the file, as in every program that reads one.
"""

import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile
from .c3d_structure import KEY, check_length, check_structure
from .contract import Imported, ImportHints, SignalGroup

FORMAT = "C3D"
#: An hour of 64 channels takes some 20 s; a damaged file that keeps ezc3d busy for ever is given up (J).
TIMEOUT_S = 300.0
#: Labels that say only which socket: the description, where there is one, then names the muscle.
_BARE = ("emg", "ch", "channel", "analog", "a")


def matches(head: bytes) -> bool:
    """Tell whether a file begins as C3D does: a small block number and the key."""
    return len(head) > 1 and head[1] == KEY and 2 <= head[0] < 128 and b"\0" in head


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is damaged or holds no analog channels."""
    data = path.read_bytes()
    check_structure(path, data)
    facts, values = _read_apart(path)
    analog = facts["analog"]
    labels = [str(label).strip() for label in analog.get("LABELS", ())]
    if not labels or not values.size:
        raise UnreadableFile(path, "holds no analog channels; expected EMG among them. Export it with the analog data")
    n_words = facts["n_frames"] * 4 * facts["n_points"] + values.size
    check_length(path, data, n_words, 4 if float(facts["point"].get("SCALE", [-1.0])[0]) < 0 else 2)
    rate_hz = float(next(iter(analog.get("RATE", ())), 0.0)) or float(facts["frame_rate_hz"])
    if not 0.0 < rate_hz < float("inf"):
        raise UnreadableFile(path, f"states an analog rate of {rate_hz:g} Hz; expected one above 0. Export it again")
    n_channels = min(len(labels), values.shape[1])
    names = _name(labels[:n_channels], [str(text).strip() for text in analog.get("DESCRIPTIONS", ())])
    units = ([str(unit).strip() for unit in analog.get("UNITS", ())] + [""] * n_channels)[:n_channels]
    exact = Fraction(rate_hz).limit_denominator(10_000)
    if exact <= 0:
        raise UnreadableFile(path, f"states an analog rate of {rate_hz:g} Hz; expected one of EMG. Export it again")
    group = SignalGroup(tuple(names), tuple(units), values[:, :n_channels], exact)
    n_events = int(next(iter(facts["event"].get("USED", ())), 0))
    notes = [f"{n_events} events of the file are not used"] if n_events else []
    return Imported(FORMAT, (group,), tuple(notes))


def _read_apart(path: Path) -> tuple[dict[str, Any], FloatArray]:
    """Let another process read the file, which may end it."""
    words = [sys.executable, "-m", f"{__package__}.c3d_child", str(path)]
    try:
        child = subprocess.run(words, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(path, "is a damaged C3D file (reading it never ends); export or copy it again") from None
    line, _, samples = child.stdout.partition(b"\n")
    if child.returncode or not samples:
        why = child.stderr.decode("utf-8", "replace").strip().splitlines() if child.returncode == 1 else []
        text = why[-1] if why else "its numbers do not fit each other"
        raise UnreadableFile(path, f"is a damaged C3D file ({text}); export or copy it again")
    return json.loads(line), np.lib.format.read_array(io.BytesIO(samples))


def _name(labels: list[str], descriptions: list[str]) -> list[str]:
    """Name each channel by its label, by its description where that says more; no two alike."""
    descriptions = (descriptions + [""] * len(labels))[: len(labels)]
    names = [
        described if described and (_is_bare(label) or _is_code(label, described)) else label or f"channel {number}"
        for number, (label, described) in enumerate(zip(labels, descriptions, strict=True), start=1)
    ]
    return [name if names.count(name) == 1 else f"{name} {number}" for number, name in enumerate(names, start=1)]


def _is_bare(label: str) -> bool:
    """Tell whether a label is only a word for a socket and its number."""
    return not label or label.rstrip("0123456789 ._").lower() in _BARE


def _is_code(label: str, described: str) -> bool:
    """Tell whether a label abbreviates what its description writes out (`RTHA`: `Rt hamstring`)."""
    words = described.split()
    return len(label) <= 5 and len(words) == 2 and label.lower() == (words[0][:2] + words[1][:2]).lower()
