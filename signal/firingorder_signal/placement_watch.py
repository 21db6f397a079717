"""The eye on the sensors' places while lifts are made: each from a rest lying is judged once it is over.

Only what looks like a lift is judged: somebody lay still, one of the sensors turned by enough and not by too much, and
both came back to where they had been. Getting up, rolling over and fidgets do not. Found is what two of the last three
lifts agree on, so that a single odd one raises no alarm; a fix clears it in the same way.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from .angle_rows import Motion
from .blocks import FloatArray
from .motion_events import PlacementChanged
from .placement import CuedLift, is_aside, judge_placement
from .results import Reason, ReasonCode
from .stage import Stage
from .supine import is_crook, is_supine


@dataclass(frozen=True)
class WatchParams:
    """What looks like a lift.

    Attributes
    ----------
    still_deg_s, still_s
        Both sensors slower than this (root mean square of a quarter second) for so long: a rest, as for neutral.
    rise_s
        A lift is judged by this long before the sensor that turned further is up (10 degrees in 1-2 s).
    back_s
        It must be over within this; held longer, it is not judged.
    back_deg
        Both sensors lie again as before, to within this.
    base_deg
        A rest with the leg straight lies as the first one since the person lay down so, to within this.
    least_deg, most_deg
        A movement that turned neither sensor by the first was a fidget (up to 4.5 degrees at the hip).
        Where one that must stay put turned further, it was part of getting up or rolling over: prone pelvis and thigh,
        on the back whichever of the two turned less.
    flat_z
        Sine of the smallest inclination at which a sensor counts as lying: 45 degrees.
    """

    grid_hz: float = 100.0
    still_deg_s: float = 3.0
    still_s: float = 1.0
    rise_s: float = 1.5
    back_s: float = 15.0
    back_deg: float = 3.0
    base_deg: float = 5.0
    least_deg: float = 7.0
    most_deg: float = 45.0
    flat_z: float = 0.7


# Quarter seconds on absolute row numbers, as for neutral.
GROUP_S = 0.25
# So many of so many lifts must agree, and where a case is turned, on by how much, to within so many degrees.
N_AGREE, N_LAST, AGREE_DEG = 2, 3, 30.0
# Movements followed at a time: the leg drawn up, a bridge, and lowering it from a hold.
N_BEGUN = 3
# Up is a sensor at this share of its largest turn.
UP_SHARE = 0.9


class PlacementWatch(Stage[[int, FloatArray], list[PlacementChanged]]):
    """Judge each lift; report when the findings change."""

    def __init__(self, params: WatchParams | None = None) -> None:
        self._params = params or WatchParams()
        self._group = round(GROUP_S * self._params.grid_hz)
        self.reset()

    @property
    def delay_s(self) -> float:
        """What is wrong is known when the lift that showed it is over, at the latest."""
        return self._params.back_s

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._row: int | None = None
        self._open = np.empty((0, Motion.WIDTH))
        self._still: list[FloatArray] = []
        self._base: FloatArray | None = None
        self._begun: list[tuple[FloatArray, list[FloatArray]]] = []
        self._last: list[tuple[Reason, ...]] = []
        self._found: tuple[Reason, ...] = ()
        return self

    def update(self, first_row: int, rows: FloatArray) -> list[PlacementChanged]:
        """Take consecutive grid rows (n, 24), the first of them number `first_row`."""
        if self._row is None:
            early = first_row % self._group
            self._row = first_row - early
            self._open = np.full((early, Motion.WIDTH), np.nan)
        grouped = np.concatenate([self._open, rows])
        n = len(grouped) // self._group
        self._open = grouped[n * self._group :].copy()
        changes: list[PlacementChanged] = []
        for group in grouped[: n * self._group].reshape(n, self._group, Motion.WIDTH):
            self._row += self._group
            self._take(group, changes)
        return changes

    def _take(self, group: FloatArray, changes: list[PlacementChanged]) -> None:
        """Take one quarter second."""
        mean, still = group.mean(axis=0), self._is_still(group)
        if still and (not self._lies(mean) or (self._base is not None and not _is_same_side(self._base, mean))):
            self._base = None
        if still:
            # Somebody who has turned over does not come back: what comes next must not pass unseen.
            self._begun = [each for each in self._begun if _is_same_side(each[0], mean)]
        for _, groups in self._begun:
            groups.append(group)
        lost = bool(np.isnan(mean[: Motion.OTHER_UP]).any())
        self._begun = [each for each in self._begun if not lost and len(each[1]) * GROUP_S <= self._params.back_s]
        if still:
            self._still.append(mean)
            del self._still[: -round(self._params.still_s / GROUP_S)]
            back = [each for each in self._begun if self._is_near(each[0], mean, self._params.back_deg)]
            if back:
                self._come_back(back[-1], changes)
            return
        if len(self._still) * GROUP_S >= self._params.still_s and self._lies(self._still[-1]):
            self._begin(np.mean(np.array(self._still), axis=0), group)
        self._still = []

    def _begin(self, rest: FloatArray, group: FloatArray) -> None:
        """Let a movement begin from a rest, beside those that have begun where the leg is drawn up.

        There the rest before a bridge is one on the way that drawing up the leg began, and so is its hold.
        """
        if not is_crook(*_ups(rest)) and not all(is_crook(*_ups(other)) for other, _ in self._begun):
            return
        if self._may_begin(rest):
            self._begun = [*self._begun[-(N_BEGUN - 1) :], (rest, [group])]

    def _come_back(self, begun: tuple[FloatArray, list[FloatArray]], changes: list[PlacementChanged]) -> None:
        """Judge a movement that is over; when it was one, what began within it is over as well."""
        is_lift = self._judge(*begun, changes)
        self._begun = [] if is_lift else [each for each in self._begun if each is not begun]
        self._still = []

    def _is_still(self, group: FloatArray) -> bool:
        limit = np.deg2rad(self._params.still_deg_s) ** 2
        rates = (group[:, at : at + 3] for at in (int(Motion.PELVIS_RATE), int(Motion.THIGH_RATE)))
        return all(float(np.sum(rate * rate)) / len(group) < limit for rate in rates)

    def _may_begin(self, rest: FloatArray) -> bool:
        """Whether a lift may begin here: a leg held up must not become the rest from which lowering looks like one."""
        # On the back it does no harm: whichever is further from level was up, and a free leg rests anywhere.
        if is_crook(*_ups(rest)) or is_supine(*_ups(rest), 0.0):
            return True
        self._base = rest if self._base is None else self._base
        return self._is_near(self._base, rest, self._params.base_deg)

    def _lies(self, mean: FloatArray) -> bool:
        """Whether both lie, whichever way they look, or somebody lies on the back with the leg bent."""
        pelvis, thigh = _ups(mean)
        return min(abs(float(up[2])) for up in (pelvis, thigh)) > self._params.flat_z or is_crook(pelvis, thigh)

    def _is_near(self, rest: FloatArray, mean: FloatArray, limit_deg: float) -> bool:
        """Whether both sensors lie as in a rest."""
        return max(self._changes_deg(CuedLift(*_ups(rest), mean[None, :]))) < limit_deg

    def _changes_deg(self, lift: CuedLift) -> tuple[float, float]:
        """Return how far pelvis and thigh went."""
        pelvis, thigh = self._courses_deg(lift)
        return float(np.fmax.reduce(pelvis)), float(np.fmax.reduce(thigh))

    def _courses_deg(self, lift: CuedLift) -> tuple[FloatArray, FloatArray]:
        return (
            lift.change_deg(Motion.PELVIS_UP, lift.pelvis_rest),
            lift.change_deg(Motion.THIGH_UP, lift.thigh_rest),
        )

    def _judge(self, rest: FloatArray, groups: list[FloatArray], changes: list[PlacementChanged]) -> bool:
        """Judge the movement that is over; say whether it went there and back, and was no fidget."""
        rows = np.concatenate(groups)
        pelvis_rest, thigh_rest = _ups(rest)
        courses = self._courses_deg(CuedLift(pelvis_rest, thigh_rest, rows))
        course = max(courses, key=np.fmax.reduce)
        far_deg = float(np.fmax.reduce(course))
        bound_deg = far_deg
        if is_supine(pelvis_rest, thigh_rest, far_deg):
            bound_deg = min(float(np.fmax.reduce(course)) for course in courses)
        if far_deg < self._params.least_deg:
            return False
        if bound_deg >= self._params.most_deg:
            return True
        up = int(np.argmax(course > UP_SHARE * far_deg))
        rise = rows[max(up - round(self._params.rise_s * self._params.grid_hz), 0) : up + 1]
        lift = CuedLift(pelvis_rest, thigh_rest, rise)
        if is_aside(lift):
            return False
        found = judge_placement(lift)
        self._last = [*self._last[-(N_LAST - 1) :], found]
        agreeing = [other for other in self._last if _agree(found, other)]
        if len(agreeing) >= N_AGREE and not _agree(found, self._found):
            self._found = found
            changes.append(PlacementChanged((self._row or 0) / self._params.grid_hz, found))
        return True


def _ups(rest: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Up of pelvis and thigh."""
    return rest[Motion.PELVIS_UP : Motion.PELVIS_RATE], rest[Motion.THIGH_UP : Motion.THIGH_RATE]


def _is_same_side(rest: FloatArray, mean: FloatArray) -> bool:
    """Whether the case that lies flatter looks up as it did in a rest, or down."""
    pairs = [(float(now[2]), float(then[2])) for now, then in zip(_ups(mean), _ups(rest), strict=True)]
    flattest = max(pairs, key=lambda pair: abs(pair[0]))
    return flattest[0] * flattest[1] > 0.0


def _agree(found: tuple[Reason, ...], other: tuple[Reason, ...]) -> bool:
    """Whether two lifts tell the same."""
    if [reason.code for reason in found] != [reason.code for reason in other]:
        return False
    turns = [
        abs((reason.figure or 0.0) - (second.figure or 0.0))
        for reason, second in zip(found, other, strict=True)
        if reason.code is ReasonCode.THIGH_TURNED
    ]
    return all(min(turn, 360.0 - turn) <= AGREE_DEG for turn in turns)
