"""Many frames as columns: checksums, headers and counters of a chunk at once, and which of its frames are plain.

A frame is plain when it is a sound DATA frame that follows the frame before it of the same stream, which was a DATA
frame of the same descriptor and flags. STATUS and TIME frames are quiet: they do not end a run.
"""

from binascii import crc_hqx
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from .buffer import FrameBatch
from .frames import CRC_SIZE, HEADER_SIZE, MAX_FRAME_CABLE, MIN_FRAME, VERSION, Flag, FrameType
from .sensor import PAUSE_MAX_NS

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
_DATA = VERSION << 4 | FrameType.DATA
_NOT_PLAIN = int(Flag.DROPPED_BEFORE | Flag.CLOCK_RESTARTED)
# The checksum over a frame, its own two bytes included: told from those two bytes alone, and so compared for all frames
# at once without cutting any of them.
_OVER_ITSELF = np.array([crc_hqx(each.to_bytes(2, "little"), each) for each in range(65536)])


class StreamRows:
    """The DATA frames of one stream number in a chunk, as columns of one row a frame.

    Attributes
    ----------
    where
        Position of the frame in the chunk.
    room
        Bytes of its payload.
    t_step_us, n_before
        Difference to the time of the row before, signed, and the samples of that row; 0 for the first.
    t_grown_us
        Sum of the steps.
    """

    def __init__(
        self, number: int, where: NDArray[np.int64], head: NDArray[np.void], length: NDArray[np.int64]
    ) -> None:
        self.number = number
        self.where = where
        self.head = head
        self.room = length - MIN_FRAME
        self.n_samples = head["n"].astype(np.int64)
        self.t_us = head["t_us"]
        self.t_step_us = np.diff(self.t_us, prepend=self.t_us[:1]).astype(np.int32).astype(np.int64)
        self.t_grown_us = np.cumsum(self.t_step_us)
        self.n_before = np.concatenate([[0], self.n_samples[:-1]])

    def between(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of rows whose position is in `start:stop`."""
        first, last = np.searchsorted(self.where, (start, stop)).tolist()
        return first, last


class Columns:
    """Headers of a chunk of frames, and which of the frames are plain or quiet.

    Attributes
    ----------
    data
        The frames' bytes.
    head
        Their headers; all zero where a frame is not sound.
    plain
        Whether a frame may be part of a run.
    streams
        The DATA frames of each stream number.
    """

    def __init__(self, batch: FrameBatch) -> None:
        self.data = batch.data
        self.t_host_ns = batch.t_host_ns
        n_frames = len(batch.data)
        self.head = np.zeros(n_frames, HEADER_DTYPE)
        self._length = np.fromiter(map(len, batch.data), np.int64, n_frames)
        self._length[batch.damaged] = 0
        self._length[(self._length < MIN_FRAME) | (self._length > MAX_FRAME_CABLE)] = 0
        self._matrices: dict[int, NDArray[np.uint8]] = {}
        self._place = np.zeros(n_frames, np.int64)
        self._read_frames()
        self._quiet = {code: self._quiet_rows(code) for code in (FrameType.TIME, FrameType.STATUS)}
        self.plain = np.zeros(n_frames, dtype=np.bool_)
        self.streams = [self._read_stream(int(number)) for number in np.unique(self.head["stream"][self._is_data()])]
        for quiet in self._quiet.values():
            self.plain[quiet] = True
        silence_ns = np.abs(np.diff(self.t_host_ns, prepend=self.t_host_ns[:1]))
        self.plain &= silence_ns <= PAUSE_MAX_NS

    def messages(self, code: FrameType, start: int, stop: int) -> list[int]:
        """Return where in `start:stop` the quiet frames of a type are."""
        rows = self._quiet[code]
        first, last = np.searchsorted(rows, (start, stop)).tolist()
        found: list[int] = rows[first:last].tolist()
        return found

    def payload(self, where: NDArray[np.int64], counts: NDArray[np.int64], bytes_per_sample: int) -> bytes:
        """Return the samples of frames, one after the other; `counts` of them in each."""
        length, n_bytes = int(self._length[where[0]]), int(counts[0]) * bytes_per_sample
        first, last = int(self._place[where[0]]), int(self._place[where[-1]])
        alike = last - first + 1 == where.size and (counts == counts[0]).all()
        if alike and (self._length[where] == length).all():
            return self._matrices[length][first : last + 1, HEADER_SIZE : HEADER_SIZE + n_bytes].tobytes()
        ends: list[int] = (HEADER_SIZE + counts * bytes_per_sample).tolist()
        rows: list[int] = where.tolist()
        return b"".join([self.data[row][HEADER_SIZE:end] for row, end in zip(rows, ends, strict=True)])

    def _read_frames(self) -> None:
        """Read headers, equally long frames together; set the length of what has a wrong checksum to 0."""
        for length in np.unique(self._length[self._length > 0]).tolist():
            where = np.flatnonzero(self._length == length)
            chosen: list[bytes] = [self.data[row] for row in where.tolist()]
            matrix = np.frombuffer(b"".join(chosen), np.uint8).reshape(-1, length)
            ends = np.ascontiguousarray(matrix[:, -CRC_SIZE:]).view("<u2")[:, 0]
            passed = np.array(list(map(crc_hqx, chosen, repeat(0xFFFF))))
            sound = passed == _OVER_ITSELF[ends]
            self._length[where[~sound]] = 0
            self._matrices[length] = matrix
            self._place[where] = np.arange(where.size)
            heads = np.ascontiguousarray(matrix[:, :HEADER_SIZE]).view(HEADER_DTYPE)[:, 0]
            self.head[where[sound]] = heads[sound]

    def _is_data(self) -> NDArray[np.bool_]:
        """Return which frames are sound DATA frames."""
        is_data: NDArray[np.bool_] = (self.head["first"] == _DATA) & (self._length > 0)
        return is_data

    def _quiet_rows(self, code: FrameType) -> NDArray[np.int64]:
        """Return where the frames of a type are that do not end a run; a flagged one tells a restart."""
        flagged = self.head["flags"] & Flag.CLOCK_RESTARTED
        return np.flatnonzero((self.head["first"] == (VERSION << 4 | code)) & (flagged == 0))

    def _read_stream(self, number: int) -> StreamRows:
        """Read the columns of one stream, and mark its plain frames."""
        rows = np.flatnonzero((self.head["stream"] == number) & (self._length > 0))
        head = self.head[rows]
        is_data = head["first"] == _DATA
        now, before = head[1:], head[:-1]
        plain = is_data[1:] & is_data[:-1]
        plain &= now["seq"] == before["seq"] + np.uint16(1)
        plain &= now["index"] == before["index"] + before["n"].astype(np.uint32)
        plain &= (now["desc_id"] == before["desc_id"]) & (now["flags"] == before["flags"])
        plain &= (now["flags"] & _NOT_PLAIN == 0) & (now["n"] > 0)
        self.plain[rows[1:]] = plain
        return StreamRows(number, rows[is_data], head[is_data], self._length[rows[is_data]])
