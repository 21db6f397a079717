"""When the leg began to move: a causal trigger, then the start traced back from it.

The trigger is a fixed thigh speed, so it is late by what a smooth start needs to reach it (min-jerk 15 deg in 1 s:
3 deg/s after 82 ms). The refined start comes from a curve `a (t - t0)^p - b (t - t0)^(p + 1)` on a drifting baseline,
fitted to the rise by least squares (after Botzer & Karniel 2009, doi 10.3389/neuro.20.002.2009, who fit the onset of
force so). A baseline that may drift is what makes it work on a person who breathes: with a level one the error doubles.
A curve that may bend halves what a start like t or an abrupt one costs. A change point of
mean and variance (AGLR; Staude 2001, doi 10.1109/10.959331) stands beside it; it comes about 40 ms late, because the
first degrees drown in sway, and serves only as a check.

Measured (`benchmarks/motion.py`, 120 lifts a case, min-jerk 10-20 deg in 0.7-1.5 s): quiet 0 +- 6 ms; restless
-5 +- 33; speed growing like t: -19, like t³: +57; the virtual wearable, which tuning did not see: +2 +- 10.
Which power it grows with cannot be told from what is there 70 ms after the trigger: powers from 1 to 3 fitted side by
side and averaged by their likelihood take the bias out of each and scatter as much as they take (40 ms over all of them
before, 31 now, 31-44 so; a straight line through 1-4 or 2-6 deg/s: 90). Waiting 0.4 s for more of the rise makes it 24,
of which starts like t³, hidden in sway for their first tenth of a second, have 35-40.

It refuses to be better than the body allows: muscle bulging under the sensor before the limb moves makes it early by
100-400 ms. Once the lift is over, its middle part, which a bulge hardly touches, tells where a smooth lift would have
begun; a start well before that is marked as doubtful (the wearable with bulge: 83 % of the starts that are wrong by
more than 100 ms; without: 1 % of all). EMG order never depends on it.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray


@dataclass(frozen=True)
class MovementParams:
    """How the start of movement is found.

    Attributes
    ----------
    trigger_deg_s, trigger_hold_s
        Thigh speed and how long it must last. Six times what breathing and sway give (0.5 deg/s); 5 deg/s, the usual
        figure, is crossed 50 ms later and leaves too little of the 300 ms a refined start may take on soft lifts.
    quiet_hold_s, pause_s
        How long below the trigger before a new movement can begin; and before one that did not come back is over: a
        slow lift may be below the trigger for a moment after the shiver it began with.
    back_s, ahead_s
        Stretch around the trigger in which the start is sought. A lift of 10 deg in 1.5 s needs 0.18 s to reach the
        trigger; ahead: the fit wants about 50 ms of rise (Botzer & Karniel: 100 ms windows). Longer stretches back let
        breathing bend the baseline.
    agree_s
        Estimates further apart make the start a doubtful one; they differ by 40 +- 20 ms on quiet lifts (simulation).
    course_agree_s
        A start earlier than where the whole lift says it was by more than this is a doubtful one. Not a later one:
        a lift that sets off fast and slows down early seems to have begun sooner than it did.
    course_slow_s, slow_deg_s, course_most_s
        Later by more than this, in a lift that was never faster than this, and the lift began before what was looked
        at: half way to where the course of its first third points, and at most so far back.
    dip_deg_s
        A speed that falls by more than this on its way to its peak had a beginning of its own before the lift's: the
        muscle's bulge, or a false start. Breathing and sway make 1.5 (simulation).
    quiet_deg_s
        Standard deviation before the start above which it is a doubtful one.
    """

    trigger_deg_s: float = 3.0
    trigger_hold_s: float = 0.03
    quiet_hold_s: float = 0.1
    pause_s: float = 0.5
    back_s: float = 0.5
    ahead_s: float = 0.07
    agree_s: float = 0.15
    course_agree_s: float = 0.1
    course_slow_s: float = 0.25
    slow_deg_s: float = 15.0
    course_most_s: float = 0.35
    dip_deg_s: float = 3.0
    quiet_deg_s: float = 1.0


# Shortest stretch whose variance means anything, in samples.
MIN_SAMPLES = 5
# Start times tried by the fit lie this close: about its own scatter on quiet lifts.
FIT_STEP_S = 0.005
# A min-jerk lift's speed begins like t² and bends down. Just below that power it is fitted without bias (simulation on
# lifts like t, t², t³, ms: 1.6 -13, +7, +71; 1.85 -19, -3, +49; 2.2 -27, -16, +20, but with a third more scatter).
FIT_POWER = 1.85
# Two shapes whose correlation leaves less than this share cannot be told apart.
SINGULAR = 1e-9
# Floor of a variance, (deg/s)²: the noise of a 7 mdps/rtHz gyroscope in 50 Hz is 0.0025.
VARIANCE_FLOOR = 0.0025


@dataclass(frozen=True)
class Course:
    """Two shares of a min-jerk lift's height, and how much before the first it began, in times between the two."""

    shares: tuple[float, float]
    factor: float


# A min-jerk course passes 10, 30 and 70 % of its height at 0.247, 0.390 and 0.610 of its duration (Flash & Hogan 1985).
WHOLE_COURSE = Course((0.3, 0.7), 0.390 / (0.610 - 0.390))
# Of a slow lift the first third alone: an examiner's lifts go at an even speed, which the middle would take for a late
# part of a longer one.
SLOW_COURSE = Course((0.1, 0.3), 0.247 / (0.390 - 0.247))
# The highest row of a lift lies this much above its plateau by sway and breathing.
PLATEAU_SHARE = 0.95


def find_movement_start(rate_deg_s: FloatArray, rate_hz: float) -> tuple[float, float] | None:
    """Trace a rise in turn rate back to its start.

    Parameters
    ----------
    rate_deg_s : shape (n_samples,), degrees a second
        Turn rate about the axis of the movement, positive in its direction, ending shortly after the trigger.
    rate_hz
        Samples a second.

    Returns
    -------
    tuple or None
        The start and, as a check, the change point, seconds from the first sample; None for fewer than 20 samples or
        any NaN.
    """
    if len(rate_deg_s) < 4 * MIN_SAMPLES or bool(np.isnan(rate_deg_s).any()):
        return None
    return _rise_start(rate_deg_s, rate_hz), _change_point(rate_deg_s) / rate_hz


def find_course_start(height_deg: FloatArray, rate_hz: float, course: Course = WHOLE_COURSE) -> float | None:
    """Tell from a part of a lift, its middle by default, where it began, if it was a smooth one.

    Parameters
    ----------
    height_deg : shape (n_samples,), degrees
        Angle above rest, from before the start to the peak; NaN = lost.
    rate_hz
        Samples a second.

    Returns
    -------
    float or None
        Start, seconds from the first sample (it may be negative); None when the course does not rise.
    """
    plateau = PLATEAU_SHARE * float(np.fmax.reduce(height_deg, initial=0.0))
    if plateau <= 0:
        return None
    early, late = (int(np.argmax(height_deg > share * plateau)) for share in course.shares)
    return (early - course.factor * (late - early)) / rate_hz


def largest_dip(speed_deg_s: FloatArray) -> float:
    """Return by how much a speed falls, at most, between a peak and a larger one after it, degrees a second.

    Examples
    --------
    >>> largest_dip(np.array([0.0, 4.0, 1.0, 9.0, 2.0]))
    3.0
    """
    speed = np.nan_to_num(speed_deg_s)
    speed = speed[: int(np.argmax(speed)) + 1] if len(speed) else speed
    return float(np.max(np.maximum.accumulate(speed) - speed, initial=0.0))


def project_on_movement(rate_deg_s: FloatArray, n_last: int) -> FloatArray:
    """Reduce turn rates (n, 3) to the one about the axis of their last samples, positive there: (n,)."""
    axis = np.sum(rate_deg_s[-n_last:], axis=0)
    length = float(np.sqrt(np.sum(axis * axis)))
    axis = axis / (length or 1.0)
    along: FloatArray = rate_deg_s[:, 0] * axis[0] + rate_deg_s[:, 1] * axis[1] + rate_deg_s[:, 2] * axis[2]
    return along


def _change_point(rate: FloatArray) -> int:
    """Find the sample that best divides two normal stretches of different mean and variance."""
    n = len(rate)
    before = np.arange(MIN_SAMPLES, n - MIN_SAMPLES + 1)
    sums, squares = np.cumsum(rate), np.cumsum(rate * rate)
    mean_1, mean_2 = sums[before - 1] / before, (sums[-1] - sums[before - 1]) / (n - before)
    var_1 = squares[before - 1] / before - mean_1 * mean_1
    var_2 = (squares[-1] - squares[before - 1]) / (n - before) - mean_2 * mean_2
    cost = before * np.log(np.maximum(var_1, VARIANCE_FLOOR)) + (n - before) * np.log(np.maximum(var_2, VARIANCE_FLOOR))
    return int(before[np.argmin(cost)])


def _rise_start(rate: FloatArray, rate_hz: float) -> float:
    """Fit `a (t - t0)^p - b (t - t0)^(p + 1)` after t0 on a straight baseline by least squares; return t0, seconds."""
    n = len(rate)
    starts_s = np.arange(MIN_SAMPLES / rate_hz, (n - MIN_SAMPLES) / rate_hz, FIT_STEP_S)
    since_s = np.maximum(np.arange(n) / rate_hz - starts_s[:, None], 0.0)
    rise, bend, flat = (_without_line(rows) for rows in (since_s**FIT_POWER, since_s ** (FIT_POWER + 1), rate[None, :]))
    rise_2, bend_2, both = (rise * rise).sum(axis=1), (bend * bend).sum(axis=1), (rise * bend).sum(axis=1)
    risen, bent = (rise * flat).sum(axis=1), (bend * flat).sum(axis=1)
    singular = rise_2 * bend_2 - both * both
    slope, curve = bend_2 * risen - both * bent, rise_2 * bent - both * risen
    # A falling "rise" is none, and one that grows steeper is not bent: the sign keeps them from winning.
    straight = risen * np.abs(risen) / rise_2
    bends = (slope > 0) & (curve < 0) & (singular > SINGULAR * rise_2 * bend_2)
    bent_too = (slope * risen + curve * bent) / np.where(bends, singular, 1.0)
    explained = np.asarray(np.where(bends, bent_too, straight), dtype=np.float64)
    return float(starts_s[np.argmax(explained)])


def _without_line(rows: FloatArray) -> FloatArray:
    """Take the best straight line out of each row."""
    n = int(rows.shape[1])
    ramp = np.arange(n, dtype=np.float64) - 0.5 * (n - 1)
    level: FloatArray = rows.mean(axis=1, keepdims=True)
    slope: FloatArray = (rows * ramp).sum(axis=1, keepdims=True) / float((ramp * ramp).sum())
    return np.asarray(rows - level - slope * ramp, dtype=np.float64)
