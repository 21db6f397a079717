"""Measure the constants between the sensors of a recording in which they were tapped or shaken together."""

from dataclasses import dataclass
from math import hypot
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import Alignment, SampleBlock, StreamInfo, StreamKind
from firingorder_signal.results import Reason
from firingorder_signal.tap import Acceleration, Apart, find_offset

from ..errors import UnreadableFile
from ..recordings.file_recording import FileRecording
from ..recordings.recording import ReportProgress


@dataclass(frozen=True)
class Felt:
    """What one sensor's motion stream recorded; `clock_s` is how sure its clock was, seconds."""

    stream: StreamInfo
    acceleration: Acceleration
    clock_s: float


@dataclass(frozen=True)
class Measured:
    """One sensor against the first: its id, what was found or why not, and what to keep of it."""

    uid: str
    found: Apart | Reason
    alignment: Alignment | None


def align(path: Path, report_progress: ReportProgress | None = None) -> list[Measured]:
    """Measure every sensor against the first, by its id; the first is among them, with no offset to itself.

    The clocks are those of a second pass, without any alignment that was measured before.

    Parameters
    ----------
    report_progress
        Told how far the reading is.

    Raises
    ------
    UnreadableFile
        It is no recording of ours, or fewer than two sensors measured motion.
    """
    recording = FileRecording(path, refine_clocks=True, aligned=False, report_progress=report_progress)
    felt = gather(recording)
    if len(felt) < 2:
        text = f"holds motion of {len(felt)} sensors; record two or more with motion sensors, tapped together"
        raise UnreadableFile(path, text)
    first, *others = felt
    group = f"{recording.head.recording_id}/{first.stream.clock_id}"
    measured = [Measured(first.stream.clock_id, Apart(0.0, 0.0, 0, False), _keep(first, group, 0.0, 0.0))]
    for other in others:
        found = find_offset(first.acceleration, other.acceleration)
        if isinstance(found, Reason):
            measured.append(Measured(other.stream.clock_id, found, None))
            continue
        # What the clocks were off by while it was measured stays in the figure for good.
        uncertainty_s = hypot(found.uncertainty_s, first.clock_s, other.clock_s)
        kept = _keep(other, group, found.offset_s, uncertainty_s)
        measured.append(Measured(other.stream.clock_id, found, kept))
    return measured


def _keep(felt: Felt, group: str, offset_s: float, uncertainty_s: float) -> Alignment:
    """Write what is to be kept of a sensor."""
    return Alignment(group, offset_s, uncertainty_s, felt.stream.product)


def gather(recording: FileRecording) -> list[Felt]:
    """Collect one motion stream a sensor, in the order of their ids."""
    chosen: dict[str, str] = {}
    for stream in sorted(recording.streams, key=lambda each: each.stream_id):
        if stream.kind is StreamKind.IMU:
            chosen.setdefault(stream.clock_id, stream.stream_id)
    blocks: dict[str, list[SampleBlock]] = {stream_id: [] for stream_id in chosen.values()}
    for block in recording.blocks():
        if block.stream.stream_id in blocks:
            blocks[block.stream.stream_id].append(block)
    return [join(own) for own in blocks.values() if own]


def join(blocks: list[SampleBlock]) -> Felt:
    """Put a stream's blocks together."""
    times = [block.start_s + np.arange(block.n_samples) * block.timebase.period_s for block in blocks]
    time_s = np.asarray(np.concatenate(times), dtype=np.float64)
    acceleration = Acceleration(time_s, np.concatenate([block.values[:, :3] for block in blocks]))
    # The middle of the recording is where the taps are; its beginning is less certain.
    clock_s = float(np.median([block.timebase.uncertainty_s for block in blocks]))
    return Felt(blocks[0].stream, acceleration, clock_s)
