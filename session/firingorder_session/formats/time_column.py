"""From a column of printed times to an even grid: the measured rate, the gaps; or why it is no time base.

The rate is measured from the first to the last time, never taken from a name. A step clearly longer than the others is
a gap and becomes lost samples. Times that go back, or that wander off the grid, are refused with their row.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile
from .contract import MAX_STRETCH
from .units import SECONDS, normalise, split_unit

_NAMES = re.compile(r"^(x|t|time|times|timestamps?|zeit|tiempo|temps|tempo|seconds?|secs?|s|ms|millis|milliseconds?)$")

#: Below, nothing a muscle does is seen; above, no EMG converter samples (J). Tells s from ms where just one fits.
PLAUSIBLE_RATE_HZ = (20.0, 20_000.0)
#: A step longer than this many usual ones means that samples are missing between them (halfway to the second).
GAP_STEPS = 1.5
#: How far a time may lie from its place in the grid, in samples, before the column is no grid (J: halfway to the next).
MAX_OFF_GRID = 0.5


#: Steps that differ from the usual one in more than this share come from printing, in fewer from loss (J).
COMMON_SHARE = 0.02


@dataclass(frozen=True)
class TimeGrid:
    """An even grid fitted to printed times.

    Attributes
    ----------
    rows : shape (n_samples,)
        Place of each row of the file in the grid; a jump is a gap.
    unit_assumed
        The header does not say whether the times are s or ms, and only one of them makes a rate of muscles.
    """

    start_s: float
    rate_hz: Fraction
    rows: NDArray[np.intp]
    unit_assumed: bool = False

    @property
    def n_lost(self) -> int:
        """Samples that are missing in the gaps."""
        return int(self.rows[-1]) + 1 - len(self.rows)


def is_time_name(header: str) -> bool:
    """Tell whether a column's header names time.

    Examples
    --------
    >>> is_time_name("Time [s]"), is_time_name("time_ms"), is_time_name("TA")
    (True, True, False)
    """
    name, _ = split_unit(header)
    name = re.sub(r"[\s_/-]+(s|sec|ms)$", "", normalise(name))
    return bool(_NAMES.match(name))


def find_time_unit(header: str) -> float | None:
    """Return how many seconds one of the column's unit is; None where the header does not say.

    Examples
    --------
    >>> find_time_unit("Time (ms)"), find_time_unit("t_s"), find_time_unit("time")
    (0.001, 1.0, None)
    """
    name, unit = split_unit(header)
    if unit:
        return SECONDS.get(normalise(unit))
    return SECONDS.get(re.split(r"[\s_/-]+", normalise(name))[-1])


def fit_grid(path: Path, header: str, times: FloatArray, first_line: int) -> TimeGrid:
    """Fit a grid to the times of a column, shape (n_samples,); `first_line` is the file's line of row 0.

    Raises
    ------
    UnreadableFile
        The times go back, are uneven, or their unit is not to be told.
    """
    if len(times) < 2:
        raise UnreadableFile(path, f"holds {len(times)} sample; expected a recording")
    bad = np.flatnonzero(~np.isfinite(times))
    if bad.size:
        raise UnreadableFile(path, f"line {first_line + int(bad[0])} has no time in column {header!r}")
    steps = np.diff(times)
    back = np.flatnonzero(steps < 0)
    if back.size:
        row = int(back[0])
        text = f"time goes back at line {first_line + row + 1}, from {times[row]:g} to {times[row + 1]:g}"
        raise UnreadableFile(path, f"{text}; expected one recording with times that rise")
    rows, step, coarseness = _place(path, times, steps, first_line)
    seconds = find_time_unit(header)
    unit = split_unit(header)[1]
    if seconds is None and unit:
        raise UnreadableFile(path, f"column {header!r} is in {unit!r}; expected s, ms or us")
    assumed = seconds is None
    seconds = seconds if seconds is not None else _tell_unit(path, header, step)
    return TimeGrid(float(times[0]) * seconds, _round_rate(step * seconds, coarseness), rows, assumed)


def _round_rate(step_s: float, coarseness: float) -> Fraction:
    """Return the rate of a step; the roundest number of Hz where printing alone may have made the difference."""
    rate = Fraction(1 / step_s)
    for unit in (1000, 100, 10, 1):
        whole = unit * round(rate / unit)
        if whole and abs(rate / whole - 1) <= max(1e-6, coarseness):
            return Fraction(whole)
    return rate.limit_denominator(10_000)


def _place(path: Path, times: FloatArray, steps: FloatArray, first_line: int) -> tuple[NDArray[np.intp], float, float]:
    """Return each row's place in the grid, the grid's step in the column's unit, and the step's relative error.

    Times printed too coarsely make uneven steps (1 ms at 800 Hz: 1, 1, 1, 2): common unevenness is printing, rare loss.
    """
    usual = float(np.median(steps))
    slack = 0.0
    if usual == 0 or float(np.mean(np.abs(steps - usual) > 0.25 * usual)) > COMMON_SHARE:
        levels = np.unique(np.round(steps, 9))
        slack = float(np.min(np.diff(levels), initial=np.inf))
        near = steps[steps <= usual + 1.5 * slack]
        usual = float(np.mean(near)) if near.size else 0.0
    if not 0 < usual < np.inf:
        raise UnreadableFile(path, f"time stands still at {times[0]:g}; expected times that rise")
    jumps = np.where(steps > GAP_STEPS * usual + slack, np.maximum(np.rint(steps / usual), 2), 1)
    if float(np.sum(jumps)) > MAX_STRETCH * len(times):
        row = int(np.argmax(jumps))
        text = f"time jumps at line {first_line + row + 1}, from {times[row]:g} to {times[row + 1]:g}"
        raise UnreadableFile(path, f"{text}; cut out one recording")
    rows = np.concatenate([np.zeros(1, np.intp), np.cumsum(jumps.astype(np.intp))])
    span = float(times[-1] - times[0])
    step = span / float(rows[-1])
    off = np.abs((times - times[0]) / step - rows) - slack / step
    worst = int(np.argmax(off))
    if off[worst] > MAX_OFF_GRID:
        text = f"time is uneven: row {worst + 1} is {off[worst]:.1f} samples off an even grid of {step:g}"
        raise UnreadableFile(path, f"{text}; arrival times are no time base, export the device's own sample times")
    return rows, step, slack / span


def _tell_unit(path: Path, header: str, step: float) -> float:
    """Return the only unit of time with which the rate is one of a muscle recording, or stop with the question."""
    low, high = PLAUSIBLE_RATE_HZ
    fitting = [seconds for seconds in (1.0, 1e-3) if low <= 1 / (step * seconds) <= high]
    if len(fitting) == 1:
        return fitting[0]
    text = f"column {header!r} rises by {step:g} a row and does not say whether that is s or ms"
    raise UnreadableFile(path, f"{text}; write the unit into the header, such as 'time [s]'")
