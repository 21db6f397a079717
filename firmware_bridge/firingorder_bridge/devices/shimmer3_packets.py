"""Where a Shimmer3's packets begin: a zero, a time stamp, the channels, perhaps a checksum, and no delimiter.

With checksums a packet proves itself. Without, a zero at the right distance says little; four of them, with stamps that
step by the period, are no chance (1 in 2^90 of random bytes). So out of step, and where stamps jump, four packets in a
row are waited for. A device without checksums that loses more than every fourth packet is damage.
"""

import numpy as np
from numpy.typing import NDArray

from .shimmer3_answers import CHECKSUM_BYTES, Code, checksum, measure_done, measure_unasked
from .shimmer3_channels import Layout

STEP_PACKETS = 4
#: Stamps are of the timer that triggers the samples: exact in the vendor's logs. An eighth of a period is generous (J).
TOLERANCE_SHARE, TOLERANCE_TICKS = 8, 2


class PacketCutter:
    """Finds runs of whole packets at the beginning of bytes that come while a Shimmer3 streams."""

    def __init__(self, layout: Layout, *, checked: bool) -> None:
        self.layout, self.checked = layout, checked
        self.n_bytes = packet_bytes(layout, checked=checked)
        self._in_step = False
        self._stamp: int | None = None

    def next(self, data: bytes) -> tuple[int, bool] | None:
        """Return how long the next piece is and whether it is damaged; None where more must come first."""
        if self._in_step:
            n = self._trust(data, self._count(data, 0))
            if n:
                return self._take(data, n)
            if len(data) < self.n_bytes and data[0] == Code.DATA:
                return None
            said = self._measure_said(data)
            if said is not None:
                return (said, False) if said else None
            self._in_step = False
        return self._search(data)

    def _trust(self, data: bytes, n: int) -> int:
        """Take the last of `n` packets back where nothing follows so: it lost a byte and took the next's zero."""
        after = data[n * self.n_bytes :]
        if self.checked or not n or not after or after[0] == Code.DATA or self._measure_said(after) is not None:
            return n
        return n - 1

    def _measure_said(self, data: bytes) -> int | None:
        """Return how long something between packets that is none is."""
        unasked = measure_unasked(data, 0, checked=self.checked)
        return measure_done(data, 0, checked=self.checked) if unasked is None else unasked

    def _take(self, data: bytes, n: int) -> tuple[int, bool]:
        """Go on behind `n` packets."""
        rows = _rows(data, (n - 1) * self.n_bytes, 1, self.n_bytes)
        self._stamp = int(self.layout.stamps(rows, 1)[0])
        return n * self.n_bytes, False

    def _search(self, data: bytes) -> tuple[int, bool] | None:
        """Look for packets in step; what lies before them is damage."""
        self._stamp = None
        needed = 1 if self.checked else STEP_PACKETS
        last = len(data) - needed * self.n_bytes
        start = data.find(0, 0, max(last + 1, 0))
        while start >= 0:
            n = self._count(data[: start + needed * self.n_bytes], start)
            if n == needed:
                self._in_step = True
                return (start, True) if start else self._take(data, self._count(data, 0))
            start = data.find(0, start + 1, last + 1)
        # A packet's length at a time, so that a recording has not a frame for each byte of noise.
        return (last + 1, True) if last + 1 > self.n_bytes else None

    def _count(self, data: bytes, start: int) -> int:
        """Count good packets from `start` on."""
        n = (len(data) - start) // self.n_bytes
        if n <= 0:
            return 0
        rows = _rows(data, start, n, self.n_bytes)
        good = rows[:, 0] == Code.DATA
        if self.checked:
            for row in np.flatnonzero(good).tolist():
                at = start + row * self.n_bytes
                end = at + self.n_bytes - CHECKSUM_BYTES
                good[row] = checksum(data[at:end]) == data[end : end + CHECKSUM_BYTES]
        else:
            good &= self._steps_by_the_period(rows)
        return n if good.all() else int(np.argmin(good))

    def _steps_by_the_period(self, rows: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Tell for each packet whether its stamp follows the one before it."""
        stamps = self.layout.stamps(rows, 1)
        period = self.layout.divider
        before = stamps[0] - period if self._stamp is None else self._stamp
        steps = np.diff(stamps, prepend=before) % self.layout.stamp_range
        tolerance = max(period // TOLERANCE_SHARE, min(TOLERANCE_TICKS, period - 1))
        return np.asarray(np.abs(steps - period) <= tolerance)


def packet_bytes(layout: Layout, *, checked: bool) -> int:
    """Return the length of a packet."""
    return 1 + layout.n_bytes + CHECKSUM_BYTES * checked


def read_rows(data: bytes, layout: Layout, *, checked: bool) -> NDArray[np.uint8]:
    """Return a run of packets as rows of bytes."""
    size = packet_bytes(layout, checked=checked)
    return _rows(data, 0, len(data) // size, size)


def _rows(data: bytes, start: int, n: int, size: int) -> NDArray[np.uint8]:
    """Return `n` packets from `start` on as rows of bytes."""
    return np.frombuffer(data, np.uint8, n * size, start).reshape(n, size)
