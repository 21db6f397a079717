"""Neutral and axes: from two or more oriented sensors to the angles of `angle_rows.py`, without effort from anybody.

Neutral is the first second in which pelvis and thigh lie still, and again whenever the pelvis has come to lie still
after it was turned over or got up. Rows wait for the first neutral, for at most `hold_s`. The error of a sagittal angle
grows with 1 - cos of how far the left axis is from horizontal, so the angles hold lying, sitting and standing but not
lying on the side.
Accuracy in simulation: 0.4 deg RMSE without soft-tissue motion, which on a person is the larger error.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from .angle_rows import (
    PRONE_STRAIGHT_Z,
    STRAIGHT_Z,
    Angle,
    BodyAxes,
    Motion,
    Posture,
    compute_angles,
    dot,
    name_posture,
)
from .blocks import FloatArray
from .segments import CASE_LEFT, TURNED_DEG, SegmentAxes, angle_deg, axes_from_rest, lift_axis, turn_deg
from .stage import Stage
from .supine import BENT_DEG, bent_deg, bent_left, flexion_left


@dataclass(frozen=True)
class AngleParams:
    """How neutral and the thigh's left axis are found.

    Attributes
    ----------
    grid_hz
        Rows a second.
    still_deg_s
        Root mean square turn rate below which a quarter second is still: breathing (0.3 deg at 0.25 Hz) gives 0.5, a
        restless person 2; a lift reaches 3 within its first tenth of a second.
    restless_deg_s, sway_deg
        Slower than the first and within the second of their mean for `posture_s`, somebody restless rests, too: a first
        neutral that waited for more stillness was taken from a leg held up (simulation; a restless thigh lying down:
        5 deg/s, within 1.4 degrees; the slowest lift leaves that in half a second).
    neutral_s, posture_s
        Stillness wanted for the first neutral, and for a new one in another posture (judgement: longer, since lifts
        and held bridges must not become neutral).
    posture_deg
        Change of the pelvis's up that makes it another posture: twice the tilt of any lift (Oh 2007: about 10 deg).
    axis_deg, flexed_deg
        Thigh movement at which the lift's axis is taken: inclination good to 0.2 deg makes it good to 2 deg, and a
        fidget (up to 4.5 deg at the hip) does not get there. On the back it is the second: a relaxed leg rolls
        outwards, and flexion and legs drawn up go far beyond.
    roll_share
        On the back a pelvis that rolls by more than this share of the thigh's turn belongs to a body turning over.
    hold_s
        Rows wait this long for the first neutral.
    """

    grid_hz: float = 100.0
    still_deg_s: float = 3.0
    restless_deg_s: float = 8.0
    sway_deg: float = 1.5
    neutral_s: float = 1.0
    posture_s: float = 2.0
    posture_deg: float = 30.0
    axis_deg: float = 7.0
    flexed_deg: float = 15.0
    roll_share: float = 0.35
    hold_s: float = 10.0


DEFAULT_PARAMS = AngleParams()
# Quarter seconds on absolute row numbers are the unit of stillness.
GROUP_S = 0.25
# Sway and breathing stay within 1 degree; two seconds of turning at the limit of stillness make 6.
SAME_REST_DEG = 4.0
# A leg is held up for two seconds (protocol) and its slow ends: a longer rest is one on the table.
SURE_REST_S = 2.75
# From here on a turn says that what went up went down.
ROUND_DEG = 90.0
# The sign of the lift's axis comes from gravity only when somebody lies on the front or the back.
PRONE_Z, SUPINE_Z = 0.7, -0.7
# A case turned by less may be one that sits crookedly on a leg that leans (mounting 8 degrees an axis, 15 at most).
MENTIONED_DEG = 45.0
PELVIS, THIGH, OTHER, SHANK = (
    slice(start, start + 3) for start in (Motion.PELVIS_UP, Motion.THIGH_UP, Motion.OTHER_UP, Motion.SHANK_UP)
)


class AngleStage(Stage[[int, FloatArray], tuple[int, FloatArray]]):
    """Turn grid rows of two oriented sensors into angles; see the module docstring."""

    def __init__(self, params: AngleParams = DEFAULT_PARAMS) -> None:
        self._params = params
        self._group = round(GROUP_S * params.grid_hz)
        self.reset()

    @property
    def delay_s(self) -> float:
        """None once neutral is known."""
        return 0.0

    @property
    def next_row(self) -> int | None:
        """Row that will come out next; None before any has come in."""
        return self._row

    @property
    def axes(self) -> BodyAxes | None:
        """Axes in use; None before neutral."""
        return self._axes

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._row: int | None = None
        self._waiting = np.empty((0, Motion.WIDTH))
        self._open = np.empty((0, Motion.WIDTH))
        self._axes: BodyAxes | None = None
        self._thigh_left = np.array(CASE_LEFT)
        self._axis_known = False
        self._other_left: FloatArray | None = None
        self._away = False
        self._prone_thigh: FloatArray | None = None
        self._thigh_rest: FloatArray | None = None
        self._sure = False
        self._still: list[FloatArray] = []
        self._lain: list[FloatArray] = []
        return self

    def update(self, first_row: int, rows: FloatArray) -> tuple[int, FloatArray]:
        """Take rows (n, 24) of consecutive grid instants; return the number of the first row out, and rows (m, 15)."""
        if self._row is None:
            self._row = first_row
            skipped = -first_row % self._group
            self._open = np.full((self._group - skipped if skipped else 0, Motion.WIDTH), np.nan)
        out_row, self._out, self._due = self._row, list[FloatArray](), list[FloatArray]()
        self._waiting = np.concatenate([self._waiting, rows])
        grouped = np.concatenate([self._open, rows])
        n_groups = len(grouped) // self._group
        self._open = grouped[n_groups * self._group :].copy()
        group_end = first_row + len(rows) - len(self._open) - n_groups * self._group
        means, speed = self._judge_groups(grouped[: n_groups * self._group])
        for mean, speed_deg_s in zip(means, speed.tolist(), strict=True):
            group_end += self._group
            self._away = self._away or self._is_away(mean)
            self._end_group(group_end, mean, speed_deg_s)
        if self._axes is not None:
            self._emit(first_row + len(rows))
        self._compute()
        return out_row, np.concatenate([np.empty((0, Angle.WIDTH)), *self._out])

    def process(self, first_row: int, rows: FloatArray) -> tuple[int, FloatArray]:
        """Take a whole recording; return the number of the first row, and every row."""
        first, angles = self.reset().update(first_row, rows)
        return first, np.concatenate([angles, self.finish()[1]])

    def finish(self) -> tuple[int, FloatArray]:
        """End of the data: hand over the rows still waiting for a neutral, without angles."""
        self._out, self._due = list[FloatArray](), list[FloatArray]()
        row = self._row or 0
        self._emit(row + len(self._waiting))
        self._compute()
        return row, np.concatenate([np.empty((0, Angle.WIDTH)), *self._out])

    def _judge_groups(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the mean row of each group and the root mean square turn rate of the faster sensor, degrees a second.

        The latter is NaN where a sample is lost.
        """
        groups = np.ascontiguousarray(rows.reshape(-1, self._group, Motion.WIDTH).transpose(0, 2, 1))
        power = (groups * groups).mean(axis=2)
        pelvis, thigh = (
            power[:, start] + power[:, start + 1] + power[:, start + 2]
            for start in (int(Motion.PELVIS_RATE), int(Motion.THIGH_RATE))
        )
        return groups.mean(axis=2), np.rad2deg(np.sqrt(np.maximum(pelvis, thigh)))

    def _end_group(self, end_row: int, mean: FloatArray, speed_deg_s: float) -> None:
        """Take one group into account: neutral, another posture, or a rest from which a lift may show its axis."""
        self._still = self._rested(self._still, mean, speed_deg_s < self._params.still_deg_s)
        self._lain = self._rested(self._lain, mean, speed_deg_s < self._params.restless_deg_s)
        rest = self._rest_mean(self._params.neutral_s)
        if self._axes is None:
            if rest is not None:
                self._set_neutral(rest)
            elif self._row is not None:
                self._emit(end_row - round(self._params.hold_s * self._params.grid_hz))
        elif rest is not None:
            self._rest(end_row, rest, self._axes)

    def _rested(self, rest: list[FloatArray], mean: FloatArray, is_calm: bool) -> list[FloatArray]:
        """Add a group to the rest it belongs to, or begin another."""
        if not is_calm:
            return []
        if rest and not _lie_as([mean], rest[0], SAME_REST_DEG):
            return [mean]
        return [*rest, mean][-self._n_groups(SURE_REST_S) :]

    def _rest_mean(self, duration_s: float) -> FloatArray | None:
        """Mean of the last second of a rest that has lasted for this long, or of two restless ones."""
        n_neutral, n_posture = (self._n_groups(length) for length in (self._params.neutral_s, self._params.posture_s))
        if len(self._still) >= self._n_groups(duration_s):
            return np.asarray(np.mean(np.array(self._still[-n_neutral:]), axis=0))
        lain = self._lain[-n_posture:]
        mean = np.asarray(np.mean(np.array(lain), axis=0)) if len(lain) == n_posture else None
        return mean if mean is not None and _lie_as(lain, mean, self._params.sway_deg) else None

    def _rest(self, end_row: int, rest: FloatArray, axes: BodyAxes) -> None:
        """Use stillness after the first neutral."""
        # Rows up to here first: what they show must not depend on how many have come since.
        self._emit(end_row)
        if self._away:
            long = self._rest_mean(self._params.posture_s)
            if long is not None:
                self._set_neutral(long)
            return
        near = dot(rest[THIGH], axes.thigh.z) > np.cos(np.deg2rad(self._params.axis_deg / 2))
        # Where neutral was taken with the leg bent, no straight one is near it.
        if (near or bent_deg(np.array(axes.thigh.z)) > BENT_DEG) and self._may_show_axis(rest):
            self._thigh_rest, self._sure = rest, len(self._lain) >= self._n_groups(SURE_REST_S)

    def _is_away(self, mean: FloatArray) -> bool:
        """Whether the pelvis has left the neutral in use."""
        limit = np.cos(np.deg2rad(self._params.posture_deg))
        return self._axes is not None and bool(dot(mean[PELVIS], self._axes.pelvis.z) < limit)

    def _set_neutral(self, rest: FloatArray) -> None:
        """Take gravity in a rest as z of both segments; keep waiting when left would be vertical."""
        posture = name_posture(rest[PELVIS], rest[THIGH])
        if posture is Posture.SUPINE and bent_deg(rest[THIGH]) > BENT_DEG:
            self._take_bent(bent_left(rest[THIGH]))
        pelvis = axes_from_rest(rest[PELVIS], np.array(CASE_LEFT))
        thigh = axes_from_rest(rest[THIGH], self._thigh_left)
        if pelvis is None or thigh is None:
            return
        straight = (
            (pelvis, thigh) if self._lies_straight(rest, posture) else self._axes.straight if self._axes else None
        )
        others = (_axes_if_worn(rest[OTHER]), _axes_if_worn(rest[SHANK]))
        self._away = False
        self._compute()
        self._axes = BodyAxes(pelvis, thigh, *others, straight, posture)
        self._thigh_rest = rest if self._may_show_axis(rest) else None
        self._sure = len(self._lain) >= self._n_groups(SURE_REST_S)

    def _lies_straight(self, rest: FloatArray, posture: Posture) -> bool:
        """Whether somebody lies on a straight leg; how the sensor sits on one is known once they have lain prone."""
        thigh = rest[THIGH] / float(np.sqrt(dot(rest[THIGH], rest[THIGH])))
        if posture is Posture.PRONE and abs(float(thigh[2])) > PRONE_STRAIGHT_Z:
            self._prone_thigh = thigh
            return True
        if posture is not Posture.SUPINE:
            return False
        return -float(thigh[2] if self._prone_thigh is None else dot(thigh, self._prone_thigh)) > STRAIGHT_Z

    def _take_bent(self, left: FloatArray) -> None:
        """Take the axis that a bent leg shows at rest, where it differs by more than a crooked case lets it."""
        if not self._axis_known and angle_deg(self._thigh_left, left) > MENTIONED_DEG:
            self._thigh_left = left

    def _may_show_axis(self, rest: FloatArray) -> bool:
        """Whether the next lift from this rest may show that the thigh sensor is turned: prone or straight supine."""
        z = float(rest[PELVIS][2])
        return z > PRONE_Z or (z < SUPINE_Z and bent_deg(rest[THIGH]) < BENT_DEG)

    def _emit(self, stop_row: int) -> None:
        """Let the waiting rows before `stop_row` be computed."""
        if self._row is None or stop_row <= self._row:
            return
        n = stop_row - self._row
        rows, self._waiting = self._waiting[:n], self._waiting[n:]
        self._row = stop_row
        at = self._find_axis(rows)
        if at:
            self._due.append(rows[:at])
            rows = rows[at:]
        if at is not None and self._axes is not None:
            self._compute()
            straight = self._axes.straight
            self._axes = replace(
                self._axes,
                thigh=self._with_left(self._axes.thigh),
                straight=(straight[0], self._with_left(straight[1])) if straight else None,
            )
        self._due.append(rows)

    def _compute(self) -> None:
        """Compute what is due by the axes in use; at rest it comes in quarter seconds, and each would cost as much."""
        if self._due:
            self._out.append(compute_angles(np.concatenate(self._due), self._axes))
            self._due = []

    def _with_left(self, thigh: SegmentAxes) -> SegmentAxes:
        return axes_from_rest(np.array(thigh.z), self._thigh_left) or thigh

    def _find_axis(self, rows: FloatArray) -> int | None:
        """Find the row at which the first lift shows that the thigh sensor is turned, and take its axis."""
        if self._thigh_rest is None or self._axes is None:
            return None
        rest, axis_deg = self._thigh_rest, self._params.axis_deg
        pelvis_deg, thigh_deg = (
            np.rad2deg(np.arccos(np.clip(dot(rows[:, part], rest[part]), -1.0, 1.0))) for part in (PELVIS, THIGH)
        )
        if float(rest[PELVIS][2]) < 0.0:
            rolled_deg = np.rad2deg(np.arcsin(np.clip(rows[:, PELVIS][:, 1], -1.0, 1.0)) - np.arcsin(rest[PELVIS][1]))
            rolls = np.abs(rolled_deg) > self._params.roll_share * thigh_deg
            shows, too_far = (thigh_deg > self._params.flexed_deg) & ~rolls, pelvis_deg > self._params.posture_deg
        else:
            # The pelvis may lead; once the thigh has gone twice as far, the lift decides about the axis, not it.
            shows = (thigh_deg > axis_deg) & (pelvis_deg < 0.5 * thigh_deg)
            too_far = thigh_deg > self._params.posture_deg
        over = np.flatnonzero(shows | too_far)
        if len(over) == 0:
            return None
        at, self._thigh_rest = int(over[0]), None
        if too_far[at]:
            return None
        find = flexion_left if float(rest[PELVIS][2]) < 0.0 else lift_axis
        return at if self._adopt(find(rest[THIGH], rows[at, THIGH]), self._axes.thigh) else None

    def _adopt(self, left: FloatArray, thigh: SegmentAxes) -> bool:
        """Take a lift's axis for the thigh's where it differs: at once until a lift has borne the present one out.

        After that two in a row must agree on another: a leg that rolls aside once is no lift. So must they before the
        axis is turned round, away from the arrow on the case, after a rest short enough to have been a leg held up.
        """
        if turn_deg(thigh, left) <= TURNED_DEG:
            self._axis_known, self._other_left = True, None
            return False
        agrees = self._other_left is not None and angle_deg(self._other_left, left) <= TURNED_DEG
        is_round = angle_deg(np.array(CASE_LEFT), left) > ROUND_DEG
        if (self._axis_known or (is_round and not self._sure)) and not agrees:
            self._other_left = left
            return False
        self._axis_known, self._other_left = agrees, None
        self._thigh_left = left
        return True

    def _n_groups(self, duration_s: float) -> int:
        return round(duration_s / GROUP_S)


def _lie_as(means: list[FloatArray], other: FloatArray, limit_deg: float) -> bool:
    """Whether both sensors point the way they do in another rest, all the time."""
    limit = np.cos(np.deg2rad(limit_deg))
    return all(
        dot(mean[part], other[part]) > limit * np.sqrt(dot(other[part], other[part]))
        for mean in means
        for part in (PELVIS, THIGH)
    )


def _axes_if_worn(up: FloatArray) -> SegmentAxes | None:
    """Axes of a sensor that need not be there; it must sit as the arrow says."""
    return None if bool(np.isnan(up).any()) else axes_from_rest(up, np.array(CASE_LEFT))
