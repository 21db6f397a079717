"""XDF files of LabRecorder: every numeric stream with an even rate, its clock mapped as pyxdf does it.

The rate is measured: from the first to the last time stamp after clock correction, not the nominal one. A stretch in
which no sample came for longer than `BREAK_S` becomes lost samples; shorter waits are the network's and lose nothing.
Source: github.com/sccn/xdf (specification 1.0); read by pyxdf.
"""

import logging
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray, SyncClass

from ..errors import UnreadableFile
from .contract import MAX_STRETCH, Imported, ImportHints, SignalGroup

FORMAT = "XDF"
#: A pause longer than this, and than so many samples, is a break in a stream (pyxdf's own defaults hide up to 1 s).
BREAK_S, BREAK_SAMPLES = 0.25, 25
#: The measured rate may differ from the nominal one by this share before it is mentioned (crystals: 1e-4; lost: more).
RATE_SHARE = 0.005


def matches(head: bytes) -> bool:
    """Tell whether a file begins as XDF does."""
    return head.startswith(b"XDF:")


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is damaged or holds no stream of samples."""
    pyxdf: Any = import_module("pyxdf")  # it has no types
    logging.getLogger("pyxdf").setLevel(logging.CRITICAL)  # what it would say is told below, or refused
    try:
        streams, header = pyxdf.load_xdf(
            str(path),
            dejitter_timestamps=True,
            jitter_break_threshold_seconds=BREAK_S,
            jitter_break_threshold_samples=BREAK_SAMPLES,
        )
    except Exception as error:  # whatever a damaged file makes of pyxdf's parser
        text = f"is a damaged XDF file ({type(error).__name__}: {str(error)[:60]})"
        raise UnreadableFile(path, f"{text}; copy it again") from error
    groups, notes = list[SignalGroup](), list[str]()
    even = [stream for stream in streams if _is_even(stream)]
    zero_s = min((float(stream["time_stamps"][0]) for stream in even), default=0.0)
    for number, stream in enumerate(even):
        group, said = _read_stream(path, stream, number, zero_s, many=len(even) > 1)
        groups.append(group)
        notes += said
    # LabRecorder writes each stream's footer when it stops; without one the file was cut off, or the recorder died.
    endless = [_text(stream, "name") for stream in even if not stream.get("footer")]
    if endless:
        notes.append(f"the end of {', '.join(endless)} is missing: the file was cut off; what is there was read")
    left = [_text(stream, "name") for stream in streams if not _is_even(stream)]
    if left:
        notes.append(f"streams without samples or an even rate are not used: {', '.join(left)}")
    if not groups:
        raise UnreadableFile(path, "holds no stream of samples; expected EMG. Record it with its outlet running")
    info: Any = header.get("info") or {}
    when = (info.get("datetime") or [""])[0]
    return Imported(FORMAT, tuple(groups), tuple(notes), str(when))


def _is_even(stream: Any) -> bool:
    """Tell whether a stream is numbers at a rate."""
    numbers = isinstance(stream["time_series"], np.ndarray) and len(stream["time_series"]) > 1
    return numbers and float(_text(stream, "nominal_srate") or 0) > 0


def _read_stream(path: Path, stream: Any, number: int, zero_s: float, *, many: bool) -> tuple[SignalGroup, list[str]]:
    """Return a stream on an even grid, breaks as lost samples, and what is to be said of it."""
    times: FloatArray = np.asarray(stream["time_stamps"], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        values: FloatArray = np.asarray(stream["time_series"], dtype=np.float64)
    name, nominal_hz = _text(stream, "name"), float(_text(stream, "nominal_srate"))
    pieces = [(int(first), int(last)) for first, last in stream["info"].get("segments", [(0, len(times) - 1)])]
    ends = [row for piece in pieces for row in piece]
    if not np.isfinite(times).all() or bool(np.any(np.diff(times[ends]) < 0)):
        raise UnreadableFile(path, f"has times in {name!r} that go back or are none; record it again, or copy it again")
    steps = sum(last - first for first, last in pieces)
    span_s = sum(float(times[last] - times[first]) for first, last in pieces)
    rate_hz = steps / span_s if span_s > 0 else nominal_hz
    notes = list[str]()
    if abs(rate_hz / nominal_hz - 1) > RATE_SHARE:
        notes.append(f"{name} came at {rate_hz:.2f} Hz and says {nominal_hz:g} Hz; the measured rate is used")
    else:
        nearly = Fraction(nominal_hz).limit_denominator(1000)
        rate_hz = float(nearly) if abs(rate_hz / nominal_hz - 1) < 1e-7 else rate_hz
    starts = [round((float(times[first]) - float(times[0])) * rate_hz) for first, _ in pieces]
    n_rows = starts[-1] + pieces[-1][1] - pieces[-1][0] + 1
    if n_rows > MAX_STRETCH * len(values):
        text = f"has breaks in {name!r} that are {n_rows / len(values):.0f} times as long as its samples"
        raise UnreadableFile(path, f"{text}; cut out one recording")
    if len(pieces) > 1:
        spread = np.full((n_rows, values.shape[1]), np.nan)
        for start, (first, last) in zip(starts, pieces, strict=True):
            rows = np.clip(np.arange(start, start + last - first + 1), 0, n_rows - 1)
            spread[rows] = values[first : last + 1]
        notes.append(f"{name} has {len(pieces) - 1} break(s), {n_rows - len(values)} samples in all")
        values = spread
    labels, units = _channels(stream, values.shape[1])
    names = tuple(f"{name}: {label}" if many else label for label in labels)
    clock = _text(stream, "hostname") + "/" + (_text(stream, "source_id") or str(number))
    exact = Fraction(rate_hz).limit_denominator(10_000)
    return SignalGroup(names, units, values, exact, float(times[0]) - zero_s, clock, SyncClass.UNVERIFIED), notes


def _channels(stream: Any, n_channels: int) -> tuple[list[str], tuple[str, ...]]:
    """Return labels and units of the description, numbers where it is silent."""
    described: Any = (stream["info"].get("desc") or [None])[0] or {}
    listed: Any = (described.get("channels") or [None])[0] or {}
    channels: list[Any] = listed.get("channel", []) if hasattr(listed, "get") else []
    labels = [str((each.get("label") or [""])[0] or "") for each in channels][:n_channels]
    units = [str((each.get("unit") or [""])[0] or "") for each in channels][:n_channels]
    labels += [""] * (n_channels - len(labels))
    units += [""] * (n_channels - len(units))
    return [label or f"channel {number}" for number, label in enumerate(labels, start=1)], tuple(units)


def _text(stream: Any, name: str) -> str:
    """Return a word of a stream's header."""
    return str((stream["info"].get(name) or [""])[0] or "")
