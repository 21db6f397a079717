"""The bulk door: many recorded frames at once, with the very result of one by one.

Between two updates of the clock nearly all frames are plain: the next one of their stream, like the one before. Such
runs are told from all headers at once and decoded as one payload a stream; every other frame goes through the
decoder's own door. So there is one algorithm for whatever is unusual, and two only for what is plain.
"""

from binascii import crc_hqx
from collections.abc import Iterable, Sequence
from itertools import islice, repeat
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .buffer import RawFrame, RecordedItem
from .events import BridgeEvent, SensorStatus, UnknownFrame
from .frames import CRC_SIZE, HEADER_SIZE, MAX_FRAME_CABLE, MIN_FRAME, VERSION, Flag, FrameType
from .loss import TOLERANCE_US, Arrival
from .messages import StatusMessage, TimeMessage
from .sensor import PAUSE_MAX_NS, Sensor
from .streams import SensorStream

if TYPE_CHECKING:  # decoder.py imports this module
    from .decoder import SensorDecoder

HEADER_DTYPE = np.dtype(
    [
        ("first", "u1"),
        ("stream", "u1"),
        ("seq", "<u2"),
        ("index", "<u4"),
        ("t_us", "<u4"),
        ("n", "u1"),
        ("flags", "u1"),
        ("desc_id", "u1"),
        ("aux", "u1"),
    ]
)
# Frames looked at together: 16 k headers are 256 KiB and stay in the cache.
CHUNK = 16384
# Below this a run is not worth its overhead of about 100 µs.
RUN_MIN = 6
_DATA = VERSION << 4 | FrameType.DATA
# The checksum over a frame, its own two bytes included: told from those two bytes alone, and so compared for all frames
# at once without cutting any of them.
_OVER_ITSELF = np.array([crc_hqx(each.to_bytes(2, "little"), each) for each in range(65536)])
_NOT_PLAIN = int(Flag.DROPPED_BEFORE | Flag.CLOCK_RESTARTED)


def decode_all(decoder: "SensorDecoder", items: Iterable[RecordedItem]) -> list[BridgeEvent]:
    """Decode many recorded items; see `SensorDecoder.decode_all`."""
    events: list[BridgeEvent] = []
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        _decode_chunk(decoder, chunk, events)
    return events


def _decode_chunk(decoder: "SensorDecoder", items: Sequence[RecordedItem], events: list[BridgeEvent]) -> None:
    """Decode one chunk: plain runs in bulk, the rest one by one."""
    run = _Chunk(items)
    stops = np.flatnonzero(~run.plain)
    position, n_items = 0, len(items)
    while position < n_items:
        stop = int(stops[np.searchsorted(stops, position)]) if stops.size and stops[-1] >= position else n_items
        if stop - position >= RUN_MIN and decoder.sensor is not None:
            position = run.decode(decoder.sensor, position, stop, events)
        # The frame at which a run ends, or that did not fit the state: the ordinary door.
        if position < n_items:
            events += decoder.decode(items[position])
            position += 1


class _Chunk:
    """Headers of a chunk of items as arrays, and which of the items are plain.

    An item is plain when it is a sound DATA frame that follows the frame before it of the same stream, which was a DATA
    frame of the same descriptor and flags; or a STATUS or TIME frame, provided that TIME brings no new boot id.
    """

    def __init__(self, items: Sequence[RecordedItem]) -> None:
        # A mark of the link has no bytes; as a damaged item it is left to the ordinary door.
        rows = [item if isinstance(item, RawFrame) else RawFrame(item.t_host_ns, b"", True) for item in items]
        times, data, damaged = zip(*rows, strict=True)
        self.data: Sequence[bytes] = data
        self.t_host_ns = np.array(times, dtype=np.int64)
        self.length = np.array(list(map(len, data)), dtype=np.int64)
        self.length[np.array(damaged, dtype=np.bool_)] = 0
        self.length[(self.length < MIN_FRAME) | (self.length > MAX_FRAME_CABLE)] = 0
        self.head = self._read_heads()
        self.is_data = (self.head["first"] == _DATA) & (self.length > 0)
        self.plain = np.zeros(len(items), dtype=np.bool_)
        for number in np.unique(self.head["stream"][self.length > 0]):
            self._mark_stream(np.flatnonzero((self.head["stream"] == number) & (self.length > 0)))
        apart = np.abs(np.diff(self.t_host_ns, prepend=self.t_host_ns[:1])) <= PAUSE_MAX_NS
        self.plain &= apart
        for code in (FrameType.STATUS, FrameType.TIME):
            quiet = (self.head["first"] == (VERSION << 4 | code)) & (self.length > 0)
            self.plain |= quiet & apart & (self.head["flags"] & Flag.CLOCK_RESTARTED == 0)

    def _read_heads(self) -> NDArray[np.void]:
        """Return the headers, and set the length of whatever has a wrong checksum to 0."""
        padding = bytes(MIN_FRAME)
        sound: list[bytes] = [each if n else padding for each, n in zip(self.data, self.length.tolist(), strict=True)]
        ends = np.frombuffer(b"".join([each[-CRC_SIZE:] for each in sound]), "<u2")
        passed = np.array(list(map(crc_hqx, sound, repeat(0xFFFF))))
        self.length[passed != _OVER_ITSELF[ends]] = 0
        return np.frombuffer(b"".join([each[:HEADER_SIZE] for each in sound]), HEADER_DTYPE)

    def _mark_stream(self, rows: NDArray[np.int64]) -> None:
        """Mark the plain frames among those of one stream number."""
        head = self.head[rows]
        now, before = head[1:], head[:-1]
        plain = self.is_data[rows[1:]] & self.is_data[rows[:-1]]
        plain &= now["seq"] == before["seq"] + np.uint16(1)
        plain &= now["index"] == before["index"] + before["n"].astype(np.uint32)
        plain &= (now["desc_id"] == before["desc_id"]) & (now["flags"] == before["flags"])
        plain &= (now["flags"] & _NOT_PLAIN == 0) & (now["n"] > 0)
        self.plain[rows[1:]] = plain

    def decode(self, sensor: Sensor, start: int, stop: int, events: list[BridgeEvent]) -> int:
        """Decode as much of the plain run as fits the sensor's state; return where it ended."""
        rows = np.arange(start, stop)
        data_rows = rows[self.is_data[start:stop]]
        stop = min(stop, self._first_unfit(sensor, data_rows, stop), self._first_reboot(sensor, start, stop))
        data_rows = data_rows[data_rows < stop]
        if data_rows.size:
            stop = self._decode_data(sensor, data_rows, stop, events)
        self._decode_status(start, stop, events)
        if not np.all(self.is_data[start:stop]):
            sensor.saw_control()
        return stop

    def _first_unfit(self, sensor: Sensor, rows: NDArray[np.int64], stop: int) -> int:
        """Return the first row whose stream is not where the row goes on, or whose length or time is unusual."""
        for number in np.unique(self.head["stream"][rows]):
            own = rows[self.head["stream"][rows] == number]
            stop = min(stop, self._first_unfit_of(sensor, sensor.streams.get(int(number)), own, stop))
        return stop

    def _first_unfit_of(self, sensor: Sensor, stream: SensorStream | None, rows: NDArray[np.int64], stop: int) -> int:
        """Return the first unfit row of one stream, or `stop`."""
        first = self.head[rows[0]]
        if stream is None or stream.next_index is None or stream.tracker.last is None:
            return int(rows[0])
        arrival = Arrival(int(first["seq"]), int(first["index"]), int(first["n"]), int(first["flags"]), 0)
        same = stream.desc_id == int(first["desc_id"]) and stream.epoch == sensor.epoch
        if not same or not stream.has_flags(arrival.flags) or not stream.tracker.follows(arrival):
            return int(rows[0])
        n_bytes = self.head["n"][rows].astype(np.int64) * stream.layout.bytes_per_sample
        unfit = self.length[rows] < n_bytes + HEADER_SIZE + CRC_SIZE
        before = np.append(np.int64(stream.tracker.last.n_samples), self.head["n"][rows[:-1]].astype(np.int64))
        t_us = np.append(np.uint32(stream.tracker.last.t_us & 0xFFFFFFFF), self.head["t_us"][rows])
        step_us = np.diff(t_us).astype(np.int32).astype(np.float64)
        unfit |= np.abs(step_us - before * float(stream.tracker.period_us)) > TOLERANCE_US / 2
        where = np.flatnonzero(unfit)
        return int(rows[where[0]]) if where.size else stop

    def _first_reboot(self, sensor: Sensor, start: int, stop: int) -> int:
        """Return the first row of a TIME frame that tells anything new, or `stop`."""
        times = np.flatnonzero(self.head["first"][start:stop] == (VERSION << 4 | FrameType.TIME)) + start
        for row in times.tolist():
            message = TimeMessage.decode(self.data[row][HEADER_SIZE:-CRC_SIZE])
            if message is None or message.boot_id != sensor.boot_id:
                return int(row)
        return stop

    def _decode_data(self, sensor: Sensor, rows: NDArray[np.int64], stop: int, events: list[BridgeEvent]) -> int:
        """Decode the DATA rows up to the one that updates the clock; return where to go on."""
        t_us = self._unwrapped(sensor, rows)
        sent_ns = t_us * 1000
        numbers = self.head["stream"][rows]
        for number in np.unique(numbers):
            own = numbers == number
            period = sensor.streams[int(number)].layout.period_ns
            sent_ns[own] += (self.head["n"][rows[own]].astype(np.int64) - 1) * period.numerator // period.denominator
        due = np.flatnonzero(sent_ns >= sensor.clock.next_update_ns)
        if due.size:
            n_before = int(due[0])
            stop = int(rows[n_before])
            rows, t_us, sent_ns, numbers = rows[:n_before], t_us[:n_before], sent_ns[:n_before], numbers[:n_before]
        if rows.size == 0:
            return stop
        sensor.clock.observe_many(sent_ns, self.t_host_ns[rows])
        sensor.t_us, sensor.t_host_ns = int(t_us[-1]), int(self.t_host_ns[rows[-1]])
        for number in np.unique(numbers):
            own = numbers == number
            self._emit(sensor, sensor.streams[int(number)], rows[own], t_us[own], events)
        return stop

    def _unwrapped(self, sensor: Sensor, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the device time of rows, µs, unwrapped; neighbours are much less than 35 min apart."""
        stamps = self.head["t_us"][rows]
        first = sensor.unwrap(int(stamps[0]), int(self.t_host_ns[rows[0]]))
        steps = np.diff(stamps, prepend=stamps[:1]).astype(np.int32).astype(np.int64)
        return first + np.cumsum(steps)

    def _emit(
        self,
        sensor: Sensor,
        stream: SensorStream,
        rows: NDArray[np.int64],
        t_us: NDArray[np.int64],
        events: list[BridgeEvent],
    ) -> None:
        """Decode the rows of one stream as one block."""
        counts = self.head["n"][rows].astype(np.int64)
        ends = (HEADER_SIZE + counts * stream.layout.bytes_per_sample).tolist()
        data: list[bytes] = [self.data[row] for row in rows.tolist()]
        payload = b"".join([each[HEADER_SIZE:end] for each, end in zip(data, ends, strict=True)])
        last = self.head[rows[-1]]
        arrival = Arrival(int(last["seq"]), int(last["index"]), int(last["n"]), int(last["flags"]), int(t_us[-1]))
        segment = sensor.clock.segment
        if segment is None or stream.next_index is None:
            raise ValueError("a plain run follows frames that have made a clock and an index")
        stream.renew_if_due(stream.next_index, int(t_us[0]) * 1000, segment, contiguous=True)
        indices = stream.next_index + np.cumsum(counts) - counts
        events.append(stream.emit_run(payload, indices, t_us * 1000, arrival))

    def _decode_status(self, start: int, stop: int, events: list[BridgeEvent]) -> None:
        """Report the STATUS frames of a run."""
        rows = np.flatnonzero(self.head["first"][start:stop] == (VERSION << 4 | FrameType.STATUS)) + start
        for row in rows.tolist():
            status = StatusMessage.decode(self.data[row][HEADER_SIZE:-CRC_SIZE])
            events.append(
                UnknownFrame(FrameType.STATUS, int(self.head["stream"][row]))
                if status is None
                else SensorStatus(status)
            )
