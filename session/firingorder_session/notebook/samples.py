"""The samples of a recording as columns: a row is a sample of one sensor, at its own time; nothing is interpolated."""

from collections.abc import Sequence

import numpy as np

from firingorder_signal.blocks import UNKNOWN_PART, FloatArray, SampleBlock, StreamInfo, StreamKind

from ..recordings.recording import Recording
from .columns import Columns, Names, UnknownTable

Span = tuple[float, float]
#: Columns of a motion sensor, in the order of its channels.
IMU_COLUMNS = ("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2", "gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s")
#: Tables of a recording.
TABLES = tuple(kind.value for kind in StreamKind)
_VALUE = {StreamKind.EMG: "emg_uv", StreamKind.ANALOG: "value"}


class NoSuchSamples(UnknownTable):
    """The recording has no samples of that kind there."""


def recording_columns(recording: Recording, what: str, between_s: Span | None) -> Columns:
    """Return a table of a recording.

    Raises
    ------
    NoSuchSamples
        It has none of that kind, or none at that time.
    """
    kind = StreamKind(what)
    blocks = [block for block in recording.blocks() if block.stream.kind is kind]
    pieces = [piece for block in blocks if (piece := cut(block, between_s)) is not None]
    if not pieces:
        held = ", ".join(sorted({stream.kind.value for stream in recording.streams})) or "nothing"
        where = f" between {between_s[0]:g} and {between_s[1]:g} s" if between_s and blocks else ""
        raise NoSuchSamples(f"{recording.info.name}: no {what} samples{where}; the recording holds {held}")
    return _imu_columns(pieces) if kind is StreamKind.IMU else _channel_columns(pieces, _VALUE[kind])


def cut(block: SampleBlock, between_s: Span | None) -> SampleBlock | None:
    """Return what of a block lies in a span; None where nothing does."""
    if between_s is None:
        return block if block.n_samples else None
    rows = [int(np.ceil(block.timebase.index_of(time_s))) - block.first_index for time_s in between_s]
    start, stop = (min(max(row, 0), block.n_samples) for row in rows)
    return block.rows(start, stop) if start < stop else None


def times_of(block: SampleBlock) -> FloatArray:
    """Return when each row was taken, seconds."""
    base = block.timebase
    indices = block.first_index - base.index + np.arange(block.n_samples, dtype=np.float64)
    return base.time_s + indices * base.period_s


def channel_names(stream: StreamInfo) -> tuple[str, ...]:
    """Name the channels: by site; by what the sensor calls them where nobody said which muscle it is."""
    labels = [*stream.labels, *("" for _ in stream.sites)]
    return tuple(
        (label or f"channel {number}") if site.part == UNKNOWN_PART else str(site)
        for number, (site, label) in enumerate(zip(stream.sites, labels, strict=False), start=1)
    )


def _channel_columns(pieces: Sequence[SampleBlock], value: str) -> Columns:
    """Return a row a sample of a channel: the channels one after the other, each in the order of time."""
    streams = sorted({piece.stream.stream_id: piece.stream for piece in pieces}.values(), key=lambda each: each.sites)
    wanted = [(stream, number) for stream in streams for number in range(stream.n_channels)]
    per_stream = {stream.stream_id: [p for p in pieces if p.stream.stream_id == stream.stream_id] for stream in streams}
    columns = [(per_stream[stream.stream_id], number) for stream, number in wanted]
    return {
        "time_s": _join([times_of(piece) for own, _ in columns for piece in own]),
        "stream": _repeat([s.stream_id for s, _ in wanted], columns),
        "site": _repeat([channel_names(stream)[number] for stream, number in wanted], columns),
        value: _join([piece.values[:, number] for own, number in columns for piece in own]),
    }


def _repeat(names: Sequence[str], columns: Sequence[tuple[Sequence[SampleBlock], int]]) -> Names:
    """Say each channel's name as often as it has samples."""
    known = tuple(dict.fromkeys(names))
    counts = [sum(piece.n_samples for piece in own) for own, _ in columns]
    return Names(np.repeat(np.array([known.index(name) for name in names], np.uint32), counts), known)


def _imu_columns(pieces: Sequence[SampleBlock]) -> Columns:
    """Return a row a sample of a motion sensor: the sensors one after the other."""
    ordered = sorted(pieces, key=lambda piece: (piece.stream.sites, piece.stream.stream_id, piece.first_index))
    columns = [([piece], 0) for piece in ordered]
    values = np.concatenate([piece.values for piece in ordered])
    return {
        "time_s": _join([times_of(piece) for piece in ordered]),
        "stream": _repeat([piece.stream.stream_id for piece in ordered], columns),
        "site": _repeat([str(piece.stream.sites[0]) for piece in ordered], columns),
        **{name: np.ascontiguousarray(values[:, number]) for number, name in enumerate(IMU_COLUMNS)},
    }


def _join(parts: Sequence[FloatArray]) -> FloatArray:
    """Put pieces of one column together."""
    return np.concatenate(parts)
