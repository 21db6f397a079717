"""The bulk door: many recorded frames at once, with the very result of one by one.

Nearly all frames are plain: the next one of their stream, like the one before. Such runs are told from all headers at
once (`bulk_columns.py`), decoded as one payload a stream, and cut where the clock's updates fall; every other frame
goes through the decoder's own door. So there is one algorithm for whatever is unusual, and two only for what is plain.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .buffer import FrameBatch, RawFrame, RecordedItem
from .bulk_columns import Columns, StreamRows
from .clocks import ClockSegment, DeviceClock
from .events import BridgeEvent, Samples, SensorStatus, UnknownFrame
from .frames import CRC_SIZE, HEADER_SIZE, FrameType
from .loss import TOLERANCE_US, Arrival
from .messages import StatusMessage, TimeMessage
from .sensor import PAUSE_MAX_NS, Sensor
from .streams import SensorStream

if TYPE_CHECKING:  # decoder.py imports this module
    from .decoder import SensorDecoder

# Frames looked at together: 16 k headers are 256 KiB and stay in the cache.
CHUNK = 16384
# Below this a run is not worth its overhead of about 200 µs.
RUN_MIN = 8


def decode_all(decoder: "SensorDecoder", items: Iterable[RecordedItem]) -> list[BridgeEvent]:
    """Decode many recorded items; see `SensorDecoder.decode_all`."""
    events: list[BridgeEvent] = []
    frames: list[RawFrame] = []
    for item in items:
        if isinstance(item, RawFrame):
            frames.append(item)
            continue
        events += [*decoder.decode_batch(FrameBatch.of(frames)), *decoder.decode(item)]
        frames = []
    return [*events, *decoder.decode_batch(FrameBatch.of(frames))]


def decode_batch(decoder: "SensorDecoder", batch: FrameBatch) -> list[BridgeEvent]:
    """Decode many frames; see `SensorDecoder.decode_batch`."""
    events: list[BridgeEvent] = []
    for start in range(0, len(batch.data), CHUNK):
        _decode_chunk(decoder, batch.rows(start, start + CHUNK), events)
    return events


def _decode_chunk(decoder: "SensorDecoder", batch: FrameBatch, events: list[BridgeEvent]) -> None:
    """Decode one chunk: plain runs in bulk, the rest one by one."""
    columns = Columns(batch)
    n_frames = len(batch.data)
    stops: list[int] = [*np.flatnonzero(~columns.plain).tolist(), n_frames]
    position = 0
    for stop in stops:
        while position < stop:
            if stop - position >= RUN_MIN and decoder.sensor is not None:
                position = _decode_run(decoder.sensor, columns, position, stop, events)
            # The frame at which a run had to end: the ordinary door.
            if position < stop:
                events += decoder.decode_oml(batch.frame(position))
                position += 1
        if stop < n_frames:
            events += decoder.decode_oml(batch.frame(stop))
        position = stop + 1


def _decode_run(sensor: Sensor, columns: Columns, start: int, stop: int, events: list[BridgeEvent]) -> int:
    """Decode as much of the plain run as fits the sensor's state; return where it ended."""
    stop = _first_reboot(sensor, columns, start, stop)
    parts: list[_Part] = []
    for rows in columns.streams:
        first, last = rows.between(start, stop)
        stream = sensor.streams.get(rows.number)
        if first == last:
            continue
        if stream is None or not _goes_on(sensor, stream, rows.head[first]):
            stop = int(rows.where[first])
        else:
            part = _Part(stream, columns, rows, first, last)
            stop = min(stop, part.fits_until())
            parts.append(part)
    parts = [part for part in parts if part.cut(stop)]
    for part in parts:
        part.decode(columns)
    while start < stop:
        start = _decode_piece(sensor, columns, parts, start, stop, events)
    for part in parts:
        part.stream.tracker.advance(part.arrival(-1))
    if parts:
        newest = max(parts, key=lambda part: int(part.where[-1]))
        sensor.t_us, sensor.t_host_ns = int(newest.t_us[-1]), int(newest.t_host_ns[-1])
    return stop


def _goes_on(sensor: Sensor, stream: SensorStream, head: np.void) -> bool:
    """Return whether a row is the one that the stream waits for."""
    last = stream.tracker.last
    if last is None or stream.next_index is None or stream.epoch != sensor.epoch or sensor.t_us is None:
        return False
    if abs(last.t_us - sensor.t_us) * 1000 > PAUSE_MAX_NS or stream.desc_id != int(head["desc_id"]):
        return False
    arrival = Arrival(int(head["seq"]), int(head["index"]), int(head["n"]), int(head["flags"]), 0)
    return stream.has_flags(arrival.flags) and stream.tracker.follows(arrival)


def _decode_piece(
    sensor: Sensor, columns: Columns, parts: Sequence["_Part"], start: int, stop: int, events: list[BridgeEvent]
) -> int:
    """Decode what lies between two updates of the clock, and update it; return where the next piece starts."""
    updating = min(parts, key=lambda part: part.due(sensor.clock), default=None)
    due = stop if updating is None else min(updating.due(sensor.clock), stop)
    _observe(sensor.clock, [piece for part in parts if (piece := part.show(due)) is not None])
    segment = sensor.clock.segment
    if segment is not None:
        events += [block for part in parts if (block := part.emit(due, segment)) is not None]
    _report(sensor, columns, start, due, events)
    if updating is not None and due < stop:
        sensor.clock.observe(*updating.show_next())
        events.append(sensor.clock_update())
    return due


class _Part:
    """The plain rows of one stream within a run, and how far they have been shown to the clock and decoded."""

    def __init__(self, stream: SensorStream, columns: Columns, rows: StreamRows, first: int, last: int) -> None:
        before = stream.tracker.last
        if before is None:
            raise ValueError("a plain run follows a frame of the same stream")
        self.stream = stream
        self.where = rows.where[first:last]
        self.head = rows.head[first:last]
        self.counts = rows.n_samples[first:last]
        self.t_host_ns = columns.t_host_ns[self.where]
        step_us = _signed(int(rows.t_us[first]) - before.t_us)
        self.t_us = rows.t_grown_us[first:last] + (before.t_us + step_us - int(rows.t_grown_us[first]))
        period = stream.layout.period_ns
        self.sent_ns = self.t_us * 1000 + (self.counts - 1) * period.numerator // period.denominator
        self.unfit = rows.room[first:last] < self.counts * stream.layout.bytes_per_sample
        apart_us = rows.t_step_us[first:last] - rows.n_before[first:last] * float(stream.tracker.period_us)
        apart_us[0] = step_us - before.n_samples * float(stream.tracker.period_us)
        self.unfit |= np.abs(apart_us) > TOLERANCE_US / 2
        # Stamps that go back within the tolerance: which frame updates the clock is then not told by a sorted search.
        self.unfit[1:] |= self.sent_ns[1:] < self.sent_ns[:-1]
        self._shown = self._emitted = 0

    def fits_until(self) -> int:
        """Return the first row of the chunk that is unusual in length or time, or one far behind."""
        where = np.flatnonzero(self.unfit)
        return int(self.where[where[0]]) if where.size else 2 * CHUNK

    def cut(self, stop: int) -> bool:
        """Leave out the rows from `stop` on; return whether any are left."""
        n_rows = self._rows_before(stop)
        self.where, self.head, self.counts = self.where[:n_rows], self.head[:n_rows], self.counts[:n_rows]
        self.t_host_ns, self.t_us, self.sent_ns = self.t_host_ns[:n_rows], self.t_us[:n_rows], self.sent_ns[:n_rows]
        return n_rows > 0

    def decode(self, columns: Columns) -> None:
        """Decode all rows at once; the clock decides later how they are cut into blocks."""
        layout = self.stream.layout
        self._values = layout.decode(columns.payload(self.where, self.counts, layout.bytes_per_sample))
        self._starts = np.concatenate([[0], np.cumsum(self.counts)])

    def due(self, clock: DeviceClock) -> int:
        """Return the first row of the chunk that updates the clock, or one far behind."""
        row = self._shown + int(np.searchsorted(self.sent_ns[self._shown :], clock.next_update_ns))
        return int(self.where[row]) if row < self.where.size else 2 * CHUNK

    def show(self, stop: int) -> "_Shown | None":
        """Return when the rows before `stop` that the clock has not seen were sent and arrived."""
        rows = slice(self._shown, self._rows_before(stop))
        self._shown = max(rows.stop, self._shown)
        if rows.start >= rows.stop:
            return None
        return _Shown(self.where[rows], self.sent_ns[rows], self.t_host_ns[rows])

    def show_next(self) -> tuple[int, int]:
        """Return when the next row was sent and arrived, ns."""
        row, self._shown = self._shown, self._shown + 1
        return int(self.sent_ns[row]), int(self.t_host_ns[row])

    def emit(self, stop: int, segment: ClockSegment) -> Samples | None:
        """Return the rows before `stop` as one block."""
        first, last = self._emitted, self._rows_before(stop)
        if first >= last:
            return None
        self._emitted = last
        starts = self._starts[first : last + 1]
        return self.stream.emit_run(
            self._values[starts[0] : starts[-1]], starts[:-1] - starts[0], self.t_us[first:last] * 1000, segment
        )

    def arrival(self, row: int) -> Arrival:
        """Return the numbers of a row."""
        head = self.head[row]
        return Arrival(int(head["seq"]), int(head["index"]), int(head["n"]), int(head["flags"]), int(self.t_us[row]))

    def _rows_before(self, stop: int) -> int:
        """Return how many rows lie before a position of the chunk."""
        return int(np.searchsorted(self.where, stop))


class _Shown(NamedTuple):
    """Rows shown to the clock: their places in the chunk, and when they were sent and arrived."""

    where: NDArray[np.int64]
    sent_ns: NDArray[np.int64]
    t_host_ns: NDArray[np.int64]


def _observe(clock: DeviceClock, pieces: Sequence[_Shown]) -> None:
    """Show the frames between two updates to the clock."""
    for piece in pieces:
        clock.observe_many(piece.sent_ns, piece.t_host_ns)
    if clock.params.slotted and pieces:
        order = np.argsort(np.concatenate([piece.where for piece in pieces]))
        sent_ns = np.concatenate([piece.sent_ns for piece in pieces])
        t_host_ns = np.concatenate([piece.t_host_ns for piece in pieces])
        clock.remember_slots(sent_ns[order], t_host_ns[order])


def _first_reboot(sensor: Sensor, columns: Columns, start: int, stop: int) -> int:
    """Return the first row of a TIME frame that tells anything new, or `stop`."""
    for row in columns.messages(FrameType.TIME, start, stop):
        message = TimeMessage.decode(columns.data[row][HEADER_SIZE:-CRC_SIZE])
        if message is None or message.boot_id != sensor.boot_id:
            return row
    return stop


def _report(sensor: Sensor, columns: Columns, start: int, stop: int, events: list[BridgeEvent]) -> None:
    """Report the STATUS frames of a run."""
    rows = columns.messages(FrameType.STATUS, start, stop)
    for row in rows:
        status = StatusMessage.decode(columns.data[row][HEADER_SIZE:-CRC_SIZE])
        stream = int(columns.head["stream"][row])
        events.append(UnknownFrame(FrameType.STATUS, stream) if status is None else SensorStatus(status))
    if rows or columns.messages(FrameType.TIME, start, stop):
        sensor.saw_control()


def _signed(difference: int) -> int:
    """Return a difference of 32-bit times as the nearest signed one."""
    return (difference + 0x80000000) % 0x100000000 - 0x80000000
