"""Samples that bring a package number each: which packages were lost, also where the number's range is not known.

Boards differ in how far the number counts (Cyton 0 to 255), how much it grows (2 where two packages are joined to one)
and how many samples share one. What is not known beforehand is learnt from the first second, in which nothing counts
as lost (from the first 16 samples where the range is known); a range, from the first time that the number starts over.
No I/O.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

#: How long stride and samples a package are learnt, and until when several silent rounds of the number are judged.
LEARN_S = 1.0
#: Samples that tell stride and samples a package where the range is known: enough for four packages of four samples.
KNOWN_SAMPLES = 16
#: A silence this long may hide whole rounds of the number, unless what comes then makes up for it (as `bitalino.py`).
SILENCE_S = 0.25


@dataclass
class PackageCounter:
    """Follow one board's package numbers.

    Parameters
    ----------
    rate_hz
        Samples a second.
    modulus
        Where the number starts over; None = to be learnt.
    """

    rate_hz: float
    modulus: int | None = None
    stride: int = 1
    repeats: int = 1
    _is_known: bool = False
    _last: int | None = None
    _last_s: float = 0.0
    _n_same: int = 0
    _seen: list[NDArray[np.int64]] = field(default_factory=list[NDArray[np.int64]])
    _n_seen: int = 0

    def __post_init__(self) -> None:
        """Take note of whether the range is known: then the stride alone is to be learnt, and from a few samples."""
        self._is_known = self.modulus is not None

    @property
    def _learning(self) -> bool:
        return self._n_seen < (KNOWN_SAMPLES if self._is_known else LEARN_S * self.rate_hz)

    def find_lost(self, numbers: NDArray[np.int64], stamps: FloatArray) -> dict[int, int]:
        """Return how many samples are lost before which of these; `stamps` are their arrival, s."""
        if numbers.size == 0:
            return {}
        if self._learning:
            self._learn(numbers, float(stamps[-1]))
            return {}
        lost: dict[int, int] = {}
        for row, (number, stamp_s) in enumerate(zip(numbers.tolist(), stamps.tolist(), strict=True)):
            n_lost = self._step(number, stamp_s, numbers.size - row)
            if n_lost:
                lost[row] = n_lost
        return lost

    def _learn(self, numbers: NDArray[np.int64], last_s: float) -> None:
        """Look at the first second."""
        self._seen.append(numbers)
        self._n_seen += numbers.size
        self._last, self._last_s = int(numbers[-1]), last_s
        if self._learning:
            return
        seen = np.concatenate(self._seen)
        self._seen = []
        steps = np.diff(seen)
        changes = np.flatnonzero(steps)
        forward = steps[steps > 0]
        if forward.size:
            self.stride = int(np.median(forward))
            self.repeats = max(int(np.median(np.diff(changes))) if changes.size > 1 else 1, 1)
        back = np.flatnonzero(steps < 0)
        if self.modulus is None and back.size:
            self.modulus = int(max(-steps[back])) + self.stride
        self._n_same = int(seen.size - 1 - changes[-1]) if changes.size else int(seen.size)

    def _step(self, number: int, stamp_s: float, n_following: int) -> int:
        """Return how many samples are lost before the next one."""
        before, silence_s = self._last, stamp_s - self._last_s
        self._last, self._last_s = number, stamp_s
        if before is None:
            return 0
        if number == before and self._n_same < self.repeats:
            self._n_same += 1
            return 0
        n_missing_of_last = max(self.repeats - self._n_same, 0)
        self._n_same = 1
        step = number - before
        if step <= 0:
            # A round that seems longer than all before is the first one without a loss at its end.
            self.modulus = max(self.modulus or 0, self.stride - step) if number != before else self.modulus
            step += self.modulus or 0
        n_lost = max(step // self.stride - 1, 0) * self.repeats + n_missing_of_last
        return n_lost + self._lost_rounds(silence_s, n_lost, n_following)

    def _lost_rounds(self, silence_s: float, n_lost: int, n_following: int) -> int:
        """Return the samples of whole rounds of the number that passed in a silence."""
        if self.modulus is None or silence_s < SILENCE_S:
            return 0
        missing = silence_s * self.rate_hz - n_lost
        if n_following > missing / 2:
            return 0
        a_round = self.modulus // self.stride * self.repeats
        return round(missing / a_round) * a_round
