"""What the named onset rules share: rows come in blocks, each channel's first onset after a rest comes out.

A rule looks at one channel at a time, at consecutive rows, and learns what it needs from the rows of a given rest.
Sample numbers are those of the stream; a jump ahead is a loss, and lost rows are NaN to every rule. Nothing is said of
a channel after its first onset, nor of rows outside of the search.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np

from .blocks import FloatArray, Rows
from .filters import check_rate
from .stage import Stage

#: Share of a rest that must be known: a quantity that looks around itself has values at the edges of a gap (J).
REST_KNOWN = 0.1


@dataclass(frozen=True)
class OnsetFound:
    """A channel's onset.

    Attributes
    ----------
    index
        The sample at which the onset is placed.
    known_index
        The sample with which this became known; behind the end of the data where the rule would have waited for more.
    """

    channel: int
    index: int
    known_index: int


class FoundRow(NamedTuple):
    """An onset's row, and the row with which it became known; rows are counted from the first a rule was given."""

    row: int
    known_row: int


class ChannelRule(Protocol):
    """An onset rule at work on one channel."""

    def update(self, x: FloatArray) -> FoundRow | None:
        """Take the next rows, shape (n_samples,), NaN = lost; return the onset once it is known."""
        ...

    def finish(self) -> FoundRow | None:
        """End of the data: decide what was waiting for more."""
        ...


class OnsetStage(Stage[[FloatArray, int], list[OnsetFound]]):
    """Report each channel's first onset in `search`, by one rule.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    n_channels
        Columns of every block.
    rest, search
        Sample numbers `(start, stop)` of a quiet stretch, and of where the onset is sought.

    Raises
    ------
    ValueError
        The rate cannot be meant (`filters.RATE_LIMITS_HZ`), or a range is empty.
    """

    def __init__(self, rate_hz: float, n_channels: int, rest: Rows, search: Rows) -> None:
        check_rate(rate_hz)
        for name, (start, stop) in (("rest", rest), ("search", search)):
            if not 0 <= start < stop:
                raise ValueError(f"{name} must be sample numbers start < stop, 0 or more; got ({start}, {stop})")
        self.rate_hz, self.n_channels = rate_hz, n_channels
        self.rest, self.search = rest, search
        self.reset()

    @abstractmethod
    def make_rule(self) -> ChannelRule:
        """Build the rule for one channel; its row 0 is the first of rest or search, whichever begins earlier."""

    @property
    def first_index(self) -> int:
        """Sample number of the rules' row 0: nothing before it is needed."""
        return min(self.rest[0], self.search[0])

    def own_rows(self, samples: Rows) -> Rows:
        """Turn sample numbers into the rules' rows."""
        return samples[0] - self.first_index, samples[1] - self.first_index

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._next_index = self.first_index
        self._open: dict[int, ChannelRule] = {channel: self.make_rule() for channel in range(self.n_channels)}
        return self

    def update(self, filtered_uv: FloatArray, first_index: int) -> list[OnsetFound]:
        """Take the next rows, shape (n_samples, n_channels), band-passed µV; return what onsets are now known."""
        stop = min(first_index + len(filtered_uv), max(self.rest[1], self.search[1]) + self.n_ahead)
        if stop <= self._next_index or not self._open:
            return []
        skip, n_lost = max(self._next_index - first_index, 0), max(first_index - self._next_index, 0)
        rows = filtered_uv[skip : stop - first_index]
        if n_lost:
            rows = np.concatenate([np.full((n_lost, self.n_channels), np.nan), rows])
        self._next_index = stop
        return self._report({c: rule.update(np.ascontiguousarray(rows[:, c])) for c, rule in self._open.items()})

    @property
    def n_ahead(self) -> int:
        """Rows after the search that the rule looks at."""
        return 0

    def finish(self) -> list[OnsetFound]:
        """End of the data: report what was waiting for more."""
        return self._report({channel: rule.finish() for channel, rule in self._open.items()})

    def process(self, filtered_uv: FloatArray, first_index: int) -> list[OnsetFound]:
        """Take a whole recording; return every channel's first onset."""
        return self.reset().update(filtered_uv, first_index) + self.finish()

    def _report(self, rows: dict[int, FoundRow | None]) -> list[OnsetFound]:
        """Close the channels that have their onset; report in the order in which they became known."""
        first = self.first_index
        found = [OnsetFound(c, first + row[0], first + row[1]) for c, row in rows.items() if row is not None]
        for onset in found:
            del self._open[onset.channel]
        return sorted(found, key=lambda onset: (onset.known_index, onset.channel))


class DoubleThreshold:
    """A quantity's first row above a threshold from which on enough of the rows that follow are above it, too.

    Parameters
    ----------
    rest, search
        Rows `(start, stop)`; those looked at from a candidate on must lie in the search as well.
    n_sd
        The threshold is mean + `n_sd` standard deviations of the very same quantity in the rows of the rest.
    n_rows, n_above
        Of `n_rows` rows beginning with the candidate, at least `n_above` must be above.
    n_behind
        The quantity's row comes this many rows after the signal's.

    Notes
    -----
    Rows of which nothing is known (NaN) are not above, and do not count for the rest. A rest of which less than
    `REST_KNOWN` is known gives no threshold, and there is no onset.
    """

    def __init__(self, rest: Rows, search: Rows, n_sd: float, n_rows: int, n_above: int, n_behind: int) -> None:
        self._rest, self._search = rest, search
        self._n_sd, self._n_rows, self._n_above, self._n_behind = n_sd, n_rows, n_above, n_behind
        self._row = 0
        self._quiet: FloatArray = np.empty(0)
        self._waiting: FloatArray = np.empty(
            0
        )  # rows of the search that are still undecided; the last one is the newest
        self.threshold: float | None = None

    def update(self, quantity: FloatArray) -> FoundRow | None:
        """Take the next rows, shape (n_rows,); return the row found, or None as yet."""
        if self.threshold is None:
            self._quiet = np.concatenate([self._quiet, self._cut(quantity, self._rest)])
        self._waiting = np.concatenate([self._waiting, self._cut(quantity, self._search)])
        self._row += len(quantity)
        if self.threshold is None and self._row >= self._rest[1]:
            self.threshold = find_threshold(self._quiet, self._n_sd)
        return None if self.threshold is None else self._scan(self.threshold)

    def _cut(self, quantity: FloatArray, rows: Rows) -> FloatArray:
        """Take those of the new rows that lie in a range."""
        return quantity[max(rows[0] - self._row, 0) : max(rows[1] - self._row, 0)]

    def _scan(self, threshold: float) -> FoundRow | None:
        """Decide every row whose followers are known; keep the others waiting."""
        n_decided = len(self._waiting) - self._n_rows + 1
        if n_decided <= 0:
            return None
        above = self._waiting > threshold
        count = np.concatenate([[0], np.cumsum(above)])
        held = above[:n_decided] & (count[self._n_rows :] - count[: -self._n_rows] >= self._n_above)
        first = min(self._row, self._search[1]) - len(self._waiting)
        self._waiting = self._waiting[n_decided:].copy()
        if not held.any():
            return None
        row = first + int(np.argmax(held))
        return FoundRow(row, max(row + self._n_rows, self._rest[1]) - 1 + self._n_behind)


def find_threshold(quiet: FloatArray, n_sd: float) -> float:
    """Mean + `n_sd` standard deviations of what is known of a quantity at rest; infinite where that is too little."""
    known = quiet[~np.isnan(quiet)]
    if len(known) < max(2.0, REST_KNOWN * len(quiet)):
        return np.inf
    return float(known.mean() + n_sd * known.std(ddof=1))
