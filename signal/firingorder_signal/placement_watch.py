"""The eye on the sensors' places while lifts are made: each lift from a prone rest is judged once it is over.

Only what looks like a lift is judged: somebody lay still, one of the sensors turned by enough and not by too much, and
both came back to where they had been. Getting up, rolling over and fidgets do not. Found is what two lifts in a row
agree on, so that a single odd one raises no alarm; a fix clears it in the same way.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from .angle_rows import Motion
from .blocks import FloatArray
from .motion_events import PlacementChanged
from .placement import LIFT_DEG, CuedLift, judge_placement
from .results import Reason, ReasonCode
from .stage import Stage


@dataclass(frozen=True)
class WatchParams:
    """What looks like a lift.

    Attributes
    ----------
    still_deg_s, still_s
        Both sensors slower than this (root mean square of a quarter second) for so long: a rest, as for neutral.
    lift_s
        How long after its beginning a lift is judged by: it is up within this (`JudgementRules`: 10 degrees in 1-2 s).
    back_s
        It must be over within this; held longer, it is not judged.
    back_deg
        Both sensors lie again as before, to within this.
    most_deg
        A pelvis or thigh that turned further was part of getting up or rolling over.
    flat_z
        Sine of the smallest inclination at which a sensor counts as lying: 45 degrees.
    """

    grid_hz: float = 100.0
    still_deg_s: float = 3.0
    still_s: float = 1.0
    lift_s: float = 2.0
    back_s: float = 15.0
    back_deg: float = 3.0
    most_deg: float = 45.0
    flat_z: float = 0.7


# Quarter seconds on absolute row numbers, as for neutral.
GROUP_S = 0.25
# A lift whose findings differ from the last ones must be confirmed by the next.
N_AGREE = 2


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
        self._rest: FloatArray | None = None
        self._lift: list[FloatArray] = []
        self._last: tuple[ReasonCode, ...] | None = None
        self._n_same = 0
        self._found: tuple[Reason, ...] = ()
        return self

    def update(self, first_row: int, rows: FloatArray) -> list[PlacementChanged]:
        """Take consecutive grid rows (n, 24), the first of them number `first_row`."""
        if self._row is None:
            skipped = -first_row % self._group
            self._row = first_row + skipped
            rows = rows[skipped:]
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
        if self._rest is not None:
            self._lift.append(group)
            if still and self._is_back(mean):
                self._judge(changes)
            elif len(self._lift) * GROUP_S > self._params.back_s or bool(np.isnan(mean[: Motion.OTHER_UP]).any()):
                self._forget()
            return
        if still:
            self._still.append(mean)
            del self._still[: -round(self._params.still_s / GROUP_S)]
            return
        if len(self._still) * GROUP_S >= self._params.still_s and self._is_prone(self._still[-1]):
            self._rest = np.mean(np.array(self._still), axis=0)
            self._lift = [group]
        self._still = []

    def _is_still(self, group: FloatArray) -> bool:
        limit = np.deg2rad(self._params.still_deg_s) ** 2
        power = [float(np.mean(np.sum(group[:, at : at + 3] ** 2, axis=1))) for at in (3, 9)]
        return all(part < limit for part in power)

    def _is_prone(self, mean: FloatArray) -> bool:
        """Whether both lie, and at least one case looks up: with both down somebody lies on the back."""
        flat = [float(mean[column + 2]) for column in (int(Motion.PELVIS_UP), int(Motion.THIGH_UP))]
        return all(abs(z) > self._params.flat_z for z in flat) and max(flat) > 0

    def _is_back(self, mean: FloatArray) -> bool:
        lift = CuedLift(*self._ups(), mean[None, :])
        return max(self._changes_deg(lift)) < self._params.back_deg

    def _ups(self) -> tuple[FloatArray, FloatArray]:
        rest = self._rest if self._rest is not None else np.zeros(Motion.WIDTH)
        return rest[Motion.PELVIS_UP : Motion.PELVIS_RATE], rest[Motion.THIGH_UP : Motion.THIGH_RATE]

    def _changes_deg(self, lift: CuedLift) -> tuple[float, float]:
        """Return how far pelvis and thigh went."""
        return (
            float(np.fmax.reduce(lift.change_deg(Motion.PELVIS_UP, lift.pelvis_rest))),
            float(np.fmax.reduce(lift.change_deg(Motion.THIGH_UP, lift.thigh_rest))),
        )

    def _judge(self, changes: list[PlacementChanged]) -> None:
        """Judge the movement that is over, if it was a lift."""
        rows = np.concatenate(self._lift)
        lift = CuedLift(*self._ups(), rows[: round(self._params.lift_s * self._params.grid_hz)])
        far = self._changes_deg(CuedLift(*self._ups(), rows))
        self._forget()
        if not LIFT_DEG <= max(far) < self._params.most_deg:
            return
        found = judge_placement(lift)
        codes = tuple(reason.code for reason in found)
        self._n_same = self._n_same + 1 if codes == self._last else 1
        self._last = codes
        if self._n_same >= N_AGREE and codes != tuple(reason.code for reason in self._found):
            self._found = found
            changes.append(PlacementChanged((self._row or 0) / self._params.grid_hz, found))

    def _forget(self) -> None:
        self._rest, self._lift, self._still = None, [], []
