"""Lifts out of angles: a machine of three phases that counts, measures and says why a lift does not count.

    IDLE    --thigh faster than the trigger-->      MOVING
    MOVING  --hip away from its rest by 2 deg-->    LIFTED
    MOVING  --quiet again, or the body turned-->    IDLE      (dismissed: no lift)
    LIFTED  --below 35 % of its peak, lowering over--> IDLE   (finished)
    LIFTED  --samples gone or too long-->           IDLE      (finished, not valid)
    LIFTED  --settled, or the body turned-->        IDLE      (dismissed)

After each, a new movement needs a moment of quiet first, and a second of it after the body has turned. Which way the
hip must go depends on the posture (`exercise.py`); a flexion that does not pass 90 degrees is no lift. Every decision
depends on rows up to some absolute row alone, never on how they came in. The shares and speeds that begin and end a
lift come from a simulation of 600 lifts with getting up, walking and fidgets, done with a prototype; measured on other
sessions by `benchmarks/motion.py`.
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .angle_rows import Angle, Posture
from .blocks import FloatArray
from .exercise import BY_POSTURE, Exercise, gates_of
from .lift_gates import LiftGates
from .lift_record import describe_lift
from .lift_stretch import RATE, LiftStretch
from .motion_events import MotionEvent, MovementDismissed, MovementRefined, MovementTriggered
from .movement import (
    SLOW_COURSE,
    MovementParams,
    find_course_start,
    find_movement_start,
    largest_dip,
    project_on_movement,
)
from .results import Movement
from .stage import Stage

BoolArray = NDArray[np.bool_]


class Phase(Enum):
    """Where the machine is."""

    IDLE = "idle"
    MOVING = "moving"
    LIFTED = "lifted"


@dataclass(frozen=True)
class LiftParams:
    """When a movement is a lift and when it is over.

    Attributes
    ----------
    begin_deg
        Hip movement from its rest that makes it a lift.
    end_share, end_deg_s
        The lift is over below this share of its peak once lowering is slower than this.
    settle_s, settle_share
        A leg that has come to rest for so long below the smallest range was laid elsewhere (lifts are held for 2 s);
        one that came to rest for `calm_s` this much nearer to neutral, from a rest on the other side, came back to it.
    lost_s
        Angles missing for so long end the lift.
    max_s
        Longest lift; static holds last up to 30 s.
    turned_deg
        A pelvis this far from neutral belongs to a body that is turning over or getting up.
    calm_s
        Stillness wanted after that, before anything counts again.
    flexed_deg, bent_s
        Hip flexion, from lying straight, that makes a flexion one to be followed: 90 degrees less the tenth that soft
        tissue hides; a leg that is bent less and at rest for so long was drawn up, as for a bridge.
    bridge_share
        Pelvic tilt per degree of hip extension without which it is no bridge but legs being stretched out: a pelvis
        that rises from the table while the shoulders stay tilts by a third or more of it.
    """

    grid_hz: float = 100.0
    begin_deg: float = 2.0
    end_share: float = 0.35
    end_deg_s: float = 1.5
    settle_s: float = 4.0
    settle_share: float = 0.6
    lost_s: float = 1.0
    max_s: float = 40.0
    turned_deg: float = 35.0
    calm_s: float = 1.0
    flexed_deg: float = 75.0
    bent_s: float = 1.5
    bridge_share: float = 0.15
    gates: LiftGates = field(default_factory=LiftGates)
    movement: MovementParams = field(default_factory=MovementParams)


# Rows looked at in one go, so that a long block costs no more than a short one.
SCAN_ROWS = 512
# The rate that decides about holding and lowering is a mean over 50 ms: wobble of 6-12 Hz must not end a lift.
SMOOTH_S = 0.05
# A movement has come back when it is this near to its rest, in shares of `begin_deg`.
BACK_SHARE = 0.5
# A lift of less than this share of the smallest that counts is not even told of.
LISTED_SHARE = 0.5
# Rest from which a lift is measured: this long before its start (half a second, as in the EMG baseline), up to this.
REST_BEFORE_S = (0.5, 0.05)
# Columns added to the incoming rows: smoothed hip rate; rows in a row that were fast, quiet, without a hip angle; and
# whether the body has been still long enough since it last turned or was not seen.
FAST, QUIET, LOST, CALM = RATE + 1, RATE + 2, RATE + 3, RATE + 4


class LiftTracker(Stage[[int, FloatArray], list[MotionEvent]]):
    """Follow angle rows and report movements and lifts."""

    def __init__(self, params: LiftParams | None = None) -> None:
        self._params = params or LiftParams()
        self.reset()

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._phase = Phase.IDLE
        self._armed = False
        self._number: int = 1
        self._first: int | None = None
        self._rows: FloatArray = np.empty((0, CALM + 1))
        self._cursor: int = 0
        self._since: int = 0
        self._trigger: int = 0
        self._movement: Movement | None = None
        self._refined = False
        self._rest_deg = 0.0
        self._peak_deg = 0.0
        self._flexion_deg = 0.0
        self._tilt_deg = 0.0
        self._tilt_rest_deg = 0.0
        self._exercise = Exercise.PRONE_LIFT
        return self

    @property
    def delay_s(self) -> float:
        """From the start of movement to its refined time, at the most: the trigger's delay comes on top."""
        return self._params.movement.ahead_s

    def update(self, first_row: int, rows: FloatArray) -> list[MotionEvent]:
        """Take consecutive angle rows (n, 15), the first of them number `first_row` of the grid."""
        if self._first is None:
            self._first = self._cursor = self._since = first_row
        self._rows = np.concatenate([self._rows, self._extend(rows)])
        events: list[MotionEvent] = []
        while self._step(events):
            pass
        self._trim()
        return events

    def process(self, first_row: int, rows: FloatArray) -> list[MotionEvent]:
        """Take a whole recording; return all its movements and lifts."""
        return self.reset().update(first_row, rows) + self.finish()

    def finish(self) -> list[MotionEvent]:
        """End of the data: a lift in progress ends here, marked as such; a mere movement is dismissed.

        So is a lift that has only just begun: without its refined start nobody could say where to look for onsets.
        """
        events: list[MotionEvent] = []
        if self._phase is Phase.LIFTED and self._refined and self._is_followed:
            self._finish_lift(events, self._stop - 1, ended_early=True)
        elif self._phase is not Phase.IDLE:
            self._dismiss(events, self._stop - 1)
        return events

    @property
    def _stop(self) -> int:
        return (self._first or 0) + len(self._rows)

    @property
    def _back_rows(self) -> int:
        return round(self._params.movement.back_s * self._params.grid_hz)

    def _extend(self, rows: FloatArray) -> FloatArray:
        """Add the columns that decisions are made on; each row's depend on earlier rows only."""
        hz, move = self._params.grid_hz, self._params.movement
        n, width = len(rows), round(SMOOTH_S * hz)
        carry = self._rows[-1, FAST:] if len(self._rows) else np.zeros(4)
        rates = np.concatenate(
            [np.zeros(max(0, width - 1 - len(self._rows))), self._rows[-(width - 1) :, Angle.HIP_RATE]]
        )
        rates = np.concatenate([rates, rows[:, Angle.HIP_RATE]])
        smooth = sum((rates[shift : shift + n] for shift in range(1, width)), rates[:n].copy()) / width
        speed = rows[:, Angle.THIGH_SPEED]
        runs = [
            _run_lengths(mask, float(before))
            for mask, before in zip(
                (speed > move.trigger_deg_s, speed <= move.trigger_deg_s, np.isnan(rows[:, Angle.HIP])),
                carry[:3],
                strict=True,
            )
        ]
        away = self._turned(rows) | np.isnan(rows[:, Angle.POSTURE])
        still = runs[1] >= self._params.calm_s * hz
        return np.column_stack([rows, smooth, *runs, _last_of(still, away, bool(carry[3]))])

    def _view(self, start: int, stop: int) -> FloatArray:
        """Rows `start:stop` by absolute number, as far as they are still held."""
        first = self._first or 0
        return self._rows[max(start - first, 0) : max(stop - first, 0)]

    def _step(self, events: list[MotionEvent]) -> bool:
        """Go through the next rows; say whether there are more to go through."""
        stop = min(self._cursor + SCAN_ROWS, self._stop)
        if stop <= self._cursor:
            return False
        rows = self._view(self._cursor, stop)
        if self._phase is Phase.IDLE:
            self._scan_idle(rows, events)
        elif self._phase is Phase.MOVING:
            self._scan_moving(rows, events)
        else:
            self._scan_lifted(rows, events)
        return True

    def _scan_idle(self, rows: FloatArray, events: list[MotionEvent]) -> None:
        """Wait for quiet, then for a movement."""
        hz, move = self._params.grid_hz, self._params.movement
        wanted = rows[:, FAST] >= round(move.trigger_hold_s * hz)
        if not self._armed:
            wanted = (rows[:, QUIET] >= round(move.quiet_hold_s * hz)) & (rows[:, CALM] > 0)
        else:
            wanted |= rows[:, CALM] == 0
        at = _first_true(wanted)
        self._cursor += len(rows) if at is None else at + 1
        if at is None:
            return
        if not self._armed or not rows[at, CALM]:
            self._armed = not self._armed
            return
        self._trigger = self._cursor - round(move.trigger_hold_s * hz)
        self._phase, self._armed, self._refined, self._movement = Phase.MOVING, False, False, None
        self._rest_deg = self._rest_before(self._trigger, Angle.HIP)
        self._tilt_rest_deg = self._rest_before(self._trigger, Angle.TILT)
        events.append(MovementTriggered(self._number, self._trigger / hz))

    def _scan_moving(self, rows: FloatArray, events: list[MotionEvent]) -> None:
        """Decide whether the movement is a lift."""
        hz, move = self._params.grid_hz, self._params.movement
        moved = rows[:, Angle.HIP] - self._rest_deg
        way = np.sign(moved) * (np.abs(moved) > self._params.begin_deg)
        lifted = np.zeros(len(rows), dtype=bool)
        for exercise in self._possible.values():
            lifted |= way == exercise.direction
        back = np.abs(moved) < BACK_SHARE * self._params.begin_deg
        quiet = rows[:, QUIET] >= np.where(back, move.quiet_hold_s, move.pause_s) * hz
        over = quiet | self._lost(rows) | self._turned(rows)
        at = _first_true(lifted | over)
        row = self._cursor + (len(rows) - 1 if at is None else at)
        self._refine(events, row)
        self._cursor = row + 1
        if at is None:
            return
        if over[at]:
            self._dismiss(events, row)
        else:
            self._phase, self._cursor = Phase.LIFTED, row
            self._peak_deg = self._flexion_deg = self._tilt_deg = 0.0
            self._exercise = self._possible[int(way[at])]

    def _scan_lifted(self, rows: FloatArray, events: list[MotionEvent]) -> None:
        """Wait for the end of the lift."""
        params, way = self._params, self._exercise.direction
        height = way * (rows[:, Angle.HIP] - self._rest_deg)
        peak = np.fmax.accumulate(np.concatenate([[self._peak_deg], height]))[1:]
        over = (height < params.end_share * peak) & (way * rows[:, RATE] > -params.end_deg_s)
        numbers = self._cursor + np.arange(len(rows))
        smallest = gates_of(self._exercise, params.gates.rules).range_deg[0]
        low = peak < smallest
        bent = np.fmax.accumulate(np.concatenate([[self._flexion_deg], rows[:, Angle.FLEXION]]))[1:]
        tilt = np.abs(rows[:, Angle.TILT] - self._tilt_rest_deg)
        tilted = np.fmax.accumulate(np.concatenate([[self._tilt_deg], tilt]))[1:]
        settle_s: float | FloatArray = params.settle_s
        if self._exercise is Exercise.HIP_FLEXION:
            low, settle_s = bent < params.flexed_deg, params.bent_s
        elif self._exercise.is_bridge:
            low, settle_s = tilted < params.bridge_share * peak, params.bent_s
        came_back = np.abs(rows[:, Angle.HIP]) < params.settle_share * abs(self._rest_deg)
        if self._exercise is Exercise.PRONE_LIFT and self._rest_deg < -0.5 * params.begin_deg:
            low, settle_s = low | came_back, np.where(came_back, params.calm_s, settle_s)
        none = self._turned(rows) | (low & (rows[:, QUIET] >= settle_s * params.grid_hz))
        rising = way * rows[:, RATE] > 0
        again = ((peak < LISTED_SHARE * smallest) | ((peak < smallest) & rising)) & self._moves_again(rows)
        over |= self._lost(rows) | none | again | (numbers - self._trigger >= params.max_s * params.grid_hz)
        at = _first_true(over)
        row = self._cursor + (len(rows) - 1 if at is None else at)
        self._refine(events, row)
        self._peak_deg, self._flexion_deg, self._tilt_deg = (
            float(largest[row - self._cursor]) for largest in (peak, bent, tilted)
        )
        self._cursor = row + 1
        if at is None:
            return
        if again[at]:
            self._dismiss(events, row)
            # What moves now begins afresh from where it rested.
            self._armed, self._cursor, self._since = True, row, row - round(self._params.calm_s * self._params.grid_hz)
        elif none[at] or not self._is_followed:
            self._dismiss(events, row)
        else:
            self._finish_lift(events, row)

    @property
    def _possible(self) -> dict[int, Exercise]:
        """What the movement in progress can become, by the way the hip goes."""
        kind = int(self._view(self._trigger, self._trigger + 1)[0, Angle.KIND])
        return BY_POSTURE.get(Posture(kind), {})

    @property
    def _is_followed(self) -> bool:
        """Whether a movement that has ended is one to report: flexion past 90 degrees, a bridge with its pelvis."""
        if self._exercise is Exercise.HIP_FLEXION:
            return self._flexion_deg >= self._params.flexed_deg
        if self._peak_deg < LISTED_SHARE * gates_of(self._exercise, self._params.gates.rules).range_deg[0]:
            return False
        return not self._exercise.is_bridge or self._tilt_deg >= self._params.bridge_share * self._peak_deg

    def _moves_again(self, rows: FloatArray) -> BoolArray:
        """Rows at which a leg that had been still for a second begins to move."""
        hold = round(self._params.movement.trigger_hold_s * self._params.grid_hz)
        before = self._view(self._cursor - hold, self._cursor - hold + len(rows))
        rested = before[:, QUIET] >= self._params.calm_s * self._params.grid_hz
        return np.asarray((rows[:, FAST] == hold) & rested)

    def _lost(self, rows: FloatArray) -> BoolArray:
        """Rows at which the angles have been missing for too long."""
        return np.asarray(rows[:, LOST] >= self._params.lost_s * self._params.grid_hz)

    def _turned(self, rows: FloatArray) -> BoolArray:
        """Rows at which the pelvis is far from neutral: the person turns over or gets up."""
        return np.asarray(rows[:, Angle.POSTURE] < np.cos(np.deg2rad(self._params.turned_deg)))

    def _rest_before(self, row: int, column: int) -> float:
        """Mean of an angle in the rest before a row; 0 (neutral) when it is not known."""
        hz = self._params.grid_hz
        rest = self._view(row - round(REST_BEFORE_S[0] * hz), row - round(REST_BEFORE_S[1] * hz))[:, column]
        rest = rest[~np.isnan(rest)]
        return float(np.mean(rest)) if len(rest) else 0.0

    def _refine(self, events: list[MotionEvent], row: int) -> None:
        """Once the rows it needs are there, trace the start of the movement back."""
        hz, move = self._params.grid_hz, self._params.movement
        last = self._trigger + round(move.ahead_s * hz)
        if self._refined or row < last:
            return
        self._refined = True
        first = max(self._trigger - self._back_rows, self._since)
        rates = self._view(first, last + 1)[:, Angle.THIGH_X : Angle.THIGH_Z + 1]
        rate = project_on_movement(np.ascontiguousarray(rates), round(move.ahead_s * hz))
        found = find_movement_start(rate, hz)
        trigger_s = self._trigger / hz
        if found is None:
            self._movement = Movement(trigger_s, trigger_s, confident=False)
        else:
            rest = rate[: max(len(rate) // 3, 1)]
            confident = abs(found[0] - found[1]) <= move.agree_s and float(np.std(rest)) <= move.quiet_deg_s
            self._movement = Movement(first / hz + found[0], trigger_s, confident)
        events.append(MovementRefined(self._number, self._movement))

    def _dismiss(self, events: list[MotionEvent], row: int) -> None:
        self._phase, self._armed = Phase.IDLE, False
        quiet = min(
            float(self._view(row, row + 1)[0, QUIET]), self._params.movement.quiet_hold_s * self._params.grid_hz
        )
        self._since = row - round(quiet)
        events.append(MovementDismissed(self._number, row / self._params.grid_hz))

    def _finish_lift(self, events: list[MotionEvent], row: int, *, ended_early: bool = False) -> None:
        """Measure and judge the lift that ends at `row`."""
        hz = self._params.grid_hz
        start_s = self._movement.time_s if self._movement else self._trigger / hz
        first = max(self._trigger - round(hz) - self._back_rows, self._first or 0)
        rows = self._view(first, row + 1)
        way = self._exercise.direction
        stretch = LiftStretch(rows, first / hz, start_s, self._rest_deg, hz, ended_early, way)
        movement, start_s = self._check_movement(stretch)
        stretch = replace(stretch, start_s=start_s)
        events.append(describe_lift(self._number, self._exercise, movement, stretch, self._params.gates))
        self._phase, self._armed, self._number, self._since = Phase.IDLE, False, self._number + 1, row

    def _check_movement(self, stretch: LiftStretch) -> tuple[Movement | None, float]:
        """Doubt a start that the whole lift does not bear out; return the movement, and when the lift began.

        A lift so slow that its beginning lay further back than was looked at live began where its course says.
        """
        move = self._params.movement
        height = stretch.direction * (stretch.rows[:, Angle.HIP] - stretch.rest_deg)
        peak = int(np.argmax(np.nan_to_num(height, nan=-np.inf)))
        found = find_course_start(height[: peak + 1], stretch.grid_hz)
        if self._movement is None:
            return None, stretch.start_s
        course_s = inf if found is None else stretch.first_s + found
        rising = stretch.direction * stretch.rows[stretch.start_row :, RATE]
        agrees = course_s - stretch.start_s <= move.course_agree_s and largest_dip(rising) <= move.dip_deg_s
        early = find_course_start(height[: peak + 1], stretch.grid_hz, SLOW_COURSE)
        early_s = inf if early is None else max(stretch.first_s + early, self._since / stretch.grid_hz)
        speed = float(np.fmax.reduce(stretch.direction * stretch.rows[: peak + 1, RATE], initial=0.0))
        if early_s < stretch.start_s - move.course_slow_s and speed < move.slow_deg_s:
            # Half way, since neither can be trusted alone.
            began_s = max(0.5 * (stretch.start_s + early_s), stretch.start_s - move.course_most_s)
            return replace(self._movement, time_s=began_s, confident=False), began_s
        return replace(self._movement, confident=self._movement.confident and agrees), stretch.start_s

    def _trim(self) -> None:
        """Forget the rows no decision can need any more."""
        anchor = self._cursor if self._phase is Phase.IDLE else self._trigger
        keep = anchor - 2 * self._back_rows - round(self._params.grid_hz)
        drop = keep - (self._first or 0)
        if drop > 0 and self._first is not None:
            self._rows, self._first = self._rows[drop:].copy(), self._first + drop


def _run_lengths(mask: BoolArray, before: float) -> FloatArray:
    """Count how many rows up to and including each have been true in a row; `before` counts those already past.

    Examples
    --------
    >>> _run_lengths(np.array([True, False, True, True]), 3.0).tolist()
    [4.0, 0.0, 1.0, 2.0]
    """
    number = np.arange(1, len(mask) + 1)
    last_false = np.maximum.accumulate(np.where(mask, 0, number)) if len(mask) else number
    return np.where(last_false == 0, number + before, number - last_false).astype(np.float64)


def _last_of(setting: BoolArray, clearing: BoolArray, before: bool) -> FloatArray:
    """Hold 1 from each row that sets to the next one that clears, which wins; `before` is what was held.

    Examples
    --------
    >>> _last_of(np.array([False, True, False, False]), np.array([False, False, False, True]), True).tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    number = np.arange(1, len(setting) + 1)
    last = np.maximum.accumulate(np.where(setting | clearing, number, 0)) if len(setting) else number
    held = np.concatenate([[before], setting & ~clearing])
    return held[last].astype(np.float64)


def _first_true(mask: BoolArray) -> int | None:
    at = int(np.argmax(mask)) if len(mask) else 0
    return at if len(mask) and bool(mask[at]) else None
