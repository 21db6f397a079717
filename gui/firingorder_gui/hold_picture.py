"""A hold as the lens shows it: each muscle's effort over it, and how its median frequency went. No Qt.

Before there is one, the picture is empty but for what is known: how long the hold is, and the band to stay in; the lens
draws into it what will be there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from firingorder_session.events.effort_events import HoldSummary, MuscleHold
from firingorder_session.judging.hold_sets import muscles_of
from firingorder_session.protocols.protocol_plan import HoldPlan
from firingorder_signal.blocks import FloatArray, Site
from firingorder_signal.effort import TREND_BARS
from firingorder_signal.reasons import describe

from . import figures
from .effort import AXIS_PERCENT, AXIS_STEP, hold_title, write_slope
from .texts import Texts


@dataclass(frozen=True)
class HoldLane:
    """One muscle over a hold; times in seconds from the tone.

    Attributes
    ----------
    levels : shape (n, 2)
        Time and effort, percent; of its own largest where there is no reference.
    medians : shape (n, 2)
        Time and median frequency, Hz.
    line_hz
        Median frequency at the tone and at the end, by the line; None where no slope is told, and `note` says why.
    figure, frequency, amplitude
        Mean effort, start and slope of the frequency, slope of the amplitude, in words.
    """

    site: Site
    levels: FloatArray
    medians: FloatArray
    line_hz: tuple[float, float] | None = None
    figure: str = ""
    frequency: str = ""
    amplitude: str = ""
    note: str = ""

    @property
    def range_hz(self) -> tuple[float, float]:
        """What the frequency's axis spans: a quarter below and a sixth above the start, or what there is."""
        values = [*self.medians[:, 1], *(self.line_hz or ())]
        start = self.line_hz[0] if self.line_hz else float(np.median(values))
        return min(0.75 * start, *values), max(1.17 * start, *values)


@dataclass(frozen=True)
class HoldPicture:
    """A hold in the lens; without lanes the one that is to come."""

    title: str
    length_s: float
    axis_percent: float = AXIS_PERCENT
    target: tuple[float, float] | None = None
    lanes: dict[Site, HoldLane] = field(default_factory=dict[Site, HoldLane])
    of: HoldSummary | None = None


def hold_picture(
    summary: HoldSummary | None, plan: HoldPlan | None, texts: Texts, *, has_reference: bool = False
) -> HoldPicture:
    """Draw up a hold, or the one that is to come: with its band where there is a reference that it is of."""
    target = plan.target_percent if plan and has_reference else None
    if summary is None:
        return HoldPicture(texts.effort.lens_next, plan.work_s if plan else 0.0, target=target)
    hold = summary.hold
    length_s = hold.time_s - hold.start_s
    lanes = {muscle.site: _lane(muscle, length_s, texts) for muscle in muscles_of(summary)}
    largest = max((float(np.max(lane.levels[:, 1])) for lane in lanes.values() if len(lane.levels)), default=0.0)
    axis = AXIS_PERCENT + AXIS_STEP * max(ceil((largest - AXIS_PERCENT) / AXIS_STEP), 0)
    measured = all(muscle.reference is not None and muscle.reference.is_measured for muscle in summary.muscles)
    title = hold_title(summary, texts).upper()
    return HoldPicture(title, length_s, axis, summary.target_percent if measured else None, lanes, summary)


def _lane(muscle: MuscleHold, length_s: float, texts: Texts) -> HoldLane:
    """Draw up one muscle."""
    words = texts.effort
    levels = smooth(muscle.course.levels_uv)
    largest = float(np.max(levels[:, 1])) if len(levels) else 1.0
    levels[:, 1] *= 100.0 / (muscle.reference.rms_uv if muscle.reference else largest or 1.0)
    medians = _rows(muscle.course.medians_hz)
    figure = "" if muscle.percent is None else words.percent.format(value=figures.integer(muscle.percent))
    fatigue = muscle.fatigue
    if fatigue.frequency is None or fatigue.amplitude is None:
        note = describe(fatigue.reason, texts.words.reasons)[0] if fatigue.reason else ""
        return HoldLane(muscle.site, levels, medians, figure=figure, note=note[:1].upper() + note[1:])
    start_hz, slope = fatigue.frequency.at_start, fatigue.frequency.percent_s
    line_hz = start_hz, start_hz * (1.0 + slope / 100.0 * length_s)
    (frequency, half_frequency), (amplitude, half_amplitude) = (
        write_slope(each, texts) for each in (fatigue.frequency, fatigue.amplitude)
    )
    return HoldLane(
        muscle.site,
        levels,
        medians,
        line_hz,
        figure,
        words.lens_slope.format(slope=frequency, half=half_frequency),
        words.lens_amplitude.format(slope=amplitude, half=half_amplitude),
    )


def smooth(levels_uv: Sequence[tuple[float, float]]) -> FloatArray:
    """Return the RMS over half a second around each level: 100 ms of EMG vary by some 13 % by themselves."""
    rows = _rows(levels_uv)
    reach = TREND_BARS // 2
    power = rows[:, 1] ** 2
    for i in range(len(rows)):
        rows[i, 1] = np.sqrt(np.mean(power[max(i - reach, 0) : i + reach + 1]))
    return rows


def _rows(pairs: Sequence[tuple[float, float]]) -> FloatArray:
    """Return pairs as an array, shape (n, 2)."""
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)
