"""The bulk door: many recorded frames at once, with the very result of one by one.

Between two updates of the clock nearly all frames are plain: the next one of their stream, like the one before. Such
runs are told from all headers at once (`bulk_columns.py`) and decoded as one payload a stream; every other frame goes
through the decoder's own door. So there is one algorithm for whatever is unusual, and two only for what is plain.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from .buffer import RecordedItem
from .bulk_columns import Columns, StreamRows
from .events import BridgeEvent, SensorStatus, UnknownFrame
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
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        _decode_chunk(decoder, chunk, events)
    return events


def _decode_chunk(decoder: "SensorDecoder", items: Sequence[RecordedItem], events: list[BridgeEvent]) -> None:
    """Decode one chunk: plain runs in bulk, the rest one by one."""
    columns = Columns(items)
    stops: list[int] = [*np.flatnonzero(~columns.plain).tolist(), len(items)]
    position = 0
    for stop in stops:
        while position < stop:
            if stop - position >= RUN_MIN and decoder.sensor is not None:
                position = _decode_run(decoder.sensor, columns, position, stop, events)
            # The frame at which a run had to end: the ordinary door.
            if position < stop:
                events += decoder.decode(items[position])
                position += 1
        if stop < len(items):
            events += decoder.decode(items[stop])
        position = stop + 1


def _decode_run(sensor: Sensor, columns: Columns, start: int, stop: int, events: list[BridgeEvent]) -> int:
    """Decode as much of the plain run as fits the sensor's state; return where it ended."""
    stop = _first_reboot(sensor, columns, start, stop)
    parts: list[_Part] = []
    for rows in columns.streams:
        first, last = rows.between(start, stop)
        if first < last:
            part = _Part(sensor, sensor.streams.get(rows.number), rows, first, last)
            stop = min(stop, part.fits_until())
            parts.append(part)
    parts = [part for part in parts if part.cut(stop)]
    stop = min([stop, *(part.due_row(sensor) for part in parts)])
    parts = [part for part in parts if part.cut(stop)]
    if parts:
        _observe(sensor, columns, parts)
    events += [part.emit(sensor, columns) for part in parts]
    _report(sensor, columns, start, stop, events)
    return stop


class _Part:
    """The plain rows of one stream within a run."""

    def __init__(self, sensor: Sensor, stream: SensorStream | None, rows: StreamRows, first: int, last: int) -> None:
        self.rows, self.first, self.last = rows, first, last
        self.stream = stream if stream is not None and self._goes_on(sensor, stream) else None
        if self.stream is None or self.stream.tracker.last is None:
            return
        before = self.stream.tracker.last
        self.step_us = _signed(int(rows.t_us[first]) - before.t_us)
        shift_us = before.t_us + self.step_us - int(rows.t_grown_us[first])
        self.t_us = rows.t_grown_us[first:last] + shift_us
        period = self.stream.layout.period_ns
        spans_ns = (rows.n_samples[first:last] - 1) * period.numerator // period.denominator
        self.sent_ns = self.t_us * 1000 + spans_ns

    def _goes_on(self, sensor: Sensor, stream: SensorStream) -> bool:
        """Return whether the first row is the one that the stream waits for."""
        head, last = self.rows.head[self.first], stream.tracker.last
        if last is None or stream.next_index is None or stream.epoch != sensor.epoch or sensor.t_us is None:
            return False
        if abs(last.t_us - sensor.t_us) * 1000 > PAUSE_MAX_NS or stream.desc_id != int(head["desc_id"]):
            return False
        arrival = Arrival(int(head["seq"]), int(head["index"]), int(head["n"]), int(head["flags"]), 0)
        return stream.has_flags(arrival.flags) and stream.tracker.follows(arrival)

    def fits_until(self) -> int:
        """Return the first row of the chunk that is unusual in length or time, or one behind the last."""
        rows, first, last = self.rows, self.first, self.last
        if self.stream is None or self.stream.tracker.last is None:
            return int(rows.where[first])
        bytes_per_sample = self.stream.layout.bytes_per_sample
        unfit = rows.room[first:last] < rows.n_samples[first:last] * bytes_per_sample
        period_us = float(self.stream.tracker.period_us)
        apart_us = rows.t_step_us[first:last] - rows.n_before[first:last] * period_us
        apart_us[0] = self.step_us - self.stream.tracker.last.n_samples * period_us
        unfit |= np.abs(apart_us) > TOLERANCE_US / 2
        where = np.flatnonzero(unfit)
        return int(rows.where[first + where[0]]) if where.size else int(rows.where[last - 1]) + len(rows.where)

    def cut(self, stop: int) -> bool:
        """Leave out the rows from `stop` on; return whether any are left."""
        if self.stream is None:
            return False
        self.last = self.first + int(np.searchsorted(self.rows.where[self.first : self.last], stop))
        return self.last > self.first

    def due_row(self, sensor: Sensor) -> int:
        """Return the first row of the chunk that updates the clock, or one far behind."""
        due = int(np.searchsorted(self.sent_ns[: self.last - self.first], sensor.clock.next_update_ns))
        return int(self.rows.where[self.first + due]) if self.first + due < self.last else 2 * CHUNK

    def emit(self, sensor: Sensor, columns: Columns) -> BridgeEvent:
        """Decode the rows as one block."""
        stream, segment = self.stream, sensor.clock.segment
        if stream is None or segment is None or stream.next_index is None:
            raise ValueError("a plain run follows frames that have made a clock and an index")
        counts = self.rows.n_samples[self.first : self.last]
        t_dev_ns = self.t_us[: counts.size] * 1000
        stream.renew_if_due(stream.next_index, int(t_dev_ns[0]), segment, contiguous=True)
        indices = stream.next_index + np.cumsum(counts) - counts
        head = self.rows.head[self.last - 1]
        t_us = int(self.t_us[counts.size - 1])
        arrival = Arrival(int(head["seq"]), int(head["index"]), int(head["n"]), int(head["flags"]), t_us)
        payload = columns.payload(self.rows.where[self.first : self.last], counts, stream.layout.bytes_per_sample)
        return stream.emit_run(payload, indices, t_dev_ns, arrival)


def _observe(sensor: Sensor, columns: Columns, parts: Sequence[_Part]) -> None:
    """Show a run's frames to the clock."""
    newest = max(parts, key=lambda part: int(part.rows.where[part.last - 1]))
    sensor.t_us = int(newest.t_us[newest.last - newest.first - 1])
    sensor.t_host_ns = int(columns.t_host_ns[newest.rows.where[newest.last - 1]])
    sent = [part.sent_ns[: part.last - part.first] for part in parts]
    where = [part.rows.where[part.first : part.last] for part in parts]
    for sent_ns, rows in zip(sent, where, strict=True):
        sensor.clock.observe_many(sent_ns, columns.t_host_ns[rows])
    if sensor.clock.params.slotted:
        order = np.argsort(np.concatenate(where))
        sensor.clock.remember_slots(np.concatenate(sent)[order], columns.t_host_ns[np.concatenate(where)[order]])


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
