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
sessions by `benchmarks/motion_sessions.py`.
"""

from dataclasses import replace
from enum import Enum
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .angle_rows import Angle, Posture
from .blocks import FloatArray
from .exercise import BY_POSTURE, Exercise, gates_of
from .lift_record import describe_lift
from .lift_rows import CALM, FAST, QUIET, WIDTH, BoolArray, LiftParams, extend_rows, has_turned, is_lost
from .lift_start import Before, check_start, trace_start
from .lift_stretch import RATE, LiftStretch
from .motion_events import MotionEvent, MovementDismissed, MovementRefined, MovementTriggered
from .results import Movement
from .stage import Stage


class Phase(Enum):
    """Where the machine is."""

    IDLE = "idle"
    MOVING = "moving"
    LIFTED = "lifted"


# Rows looked at in one go, so that a long block costs no more than a short one.
SCAN_ROWS = 512
# A movement has come back when it is this near to its rest, in shares of `begin_deg`.
BACK_SHARE = 0.5
# A lift of less than this share of the smallest that counts is not even told of.
LISTED_SHARE = 0.5
# A leg sets off with a wobble of its flesh of 6-12 Hz that lasts about so long.
SHIVER_S = 0.25
# Rest from which a lift is measured: this long before its start (half a second, as in the EMG baseline), up to this.
REST_BEFORE_S = (0.5, 0.05)


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
        self._rows: FloatArray = np.empty((0, WIDTH))
        self._cursor: int = 0
        self._since: int = 0
        self._trigger: int = 0
        self._movement: Movement | None = None
        self._shiver: tuple[float, float] | None = None
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
        self._rows = np.concatenate([self._rows, extend_rows(self._rows, rows, self._params)])
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
        if self._shiver is not None and self._trigger / hz - self._shiver[1] > self._params.calm_s:
            self._shiver = None
        self._rest_deg = self._rest_before(self._trigger, Angle.HIP)
        self._tilt_rest_deg = self._rest_before(self._trigger, Angle.TILT)
        events.append(MovementTriggered(self._number, self._trigger / hz))

    def _scan_moving(self, rows: FloatArray, events: list[MotionEvent]) -> None:
        """Decide whether the movement is a lift."""
        hz, move = self._params.grid_hz, self._params.movement
        moved = rows[:, Angle.HIP] - self._rest_deg
        way = np.sign(moved) * (np.abs(moved) > self._params.begin_deg)
        lifted = np.isin(way, list(self._possible))
        back = np.abs(moved) < BACK_SHARE * self._params.begin_deg
        quiet = rows[:, QUIET] >= np.where(back, move.quiet_hold_s, move.pause_s) * hz
        over = quiet | is_lost(rows, self._params) | has_turned(rows, self._params)
        at = _first_true(lifted | over)
        row = self._cursor + (len(rows) - 1 if at is None else at)
        self._refine(events, row)
        self._cursor = row + 1
        if at is None:
            return
        if over[at]:
            shiver = self._shiver_until(row / hz) if quiet[at] else None
            self._dismiss(events, row)
            self._shiver = shiver
            # The quiet that ended it may be all there is before the next.
            self._cursor = row
        else:
            self._phase, self._cursor = Phase.LIFTED, row
            self._peak_deg = self._flexion_deg = self._tilt_deg = 0.0
            self._exercise = self._possible[int(way[at])]

    def _shiver_until(self, end_s: float) -> tuple[float, float]:
        """Span of a movement too small for a lift, with those just before it: a slow lift may have begun with it."""
        if self._shiver is not None:
            return self._shiver[0], end_s
        return self._movement.time_s if self._movement else self._trigger / self._params.grid_hz, end_s

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
        # A muscle's bulge or a shift of the hips may have gone the other way first.
        possible, other = self._possible, np.zeros(len(rows), dtype=np.bool_)
        if -way in possible:
            other = (peak < LISTED_SHARE * smallest) & (height < -params.begin_deg)
        none = has_turned(rows, self._params) | (low & (rows[:, QUIET] >= settle_s * params.grid_hz))
        rising = way * rows[:, RATE] > 0
        again = ((peak < LISTED_SHARE * smallest) | ((peak < smallest) & rising)) & self._moves_again(rows)
        over |= (
            other
            | is_lost(rows, self._params)
            | none
            | again
            | (numbers - self._trigger >= params.max_s * params.grid_hz)
        )
        at = _first_true(over)
        row = self._cursor + (len(rows) - 1 if at is None else at)
        self._refine(events, row)
        self._peak_deg, self._flexion_deg, self._tilt_deg = (
            float(largest[row - self._cursor]) for largest in (peak, bent, tilted)
        )
        self._cursor = row + 1
        if at is None:
            return
        if other[at] and row - self._trigger < params.calm_s * params.grid_hz:
            self._cursor, self._exercise = row, possible[-way]
            self._peak_deg = self._flexion_deg = self._tilt_deg = 0.0
        elif again[at] or other[at]:
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
        hz = self._params.grid_hz
        hold, shiver = round(self._params.movement.trigger_hold_s * hz), round(SHIVER_S * hz)
        # The rest may have ended with a shiver, each swing of which is too short to be a movement.
        before = self._view(self._cursor - shiver, self._cursor - hold + len(rows))[:, QUIET]
        before = np.concatenate([np.zeros(shiver - hold + len(rows) - len(before)), before])
        rested = sliding_window_view(before, shiver - hold + 1).max(axis=1) >= self._params.calm_s * hz
        return np.asarray((rows[:, FAST] == hold) & rested)

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
        self._movement = trace_start(self._view(first, last + 1), first / hz, self._trigger / hz, hz, move)
        events.append(MovementRefined(self._number, self._movement))

    def _dismiss(self, events: list[MotionEvent], row: int) -> None:
        self._phase, self._armed, self._shiver = Phase.IDLE, False, None
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
        movement = self._movement
        if movement is not None:
            movement, start_s = check_start(
                movement, stretch, Before(self._since / hz, self._shiver), self._params.movement
            )
            stretch = replace(stretch, start_s=start_s)
        events.append(describe_lift(self._number, self._exercise, movement, stretch, self._params.gates))
        self._phase, self._armed, self._number, self._since = Phase.IDLE, False, self._number + 1, row
        self._shiver = None

    def _trim(self) -> None:
        """Forget the rows no decision can need any more."""
        anchor = self._cursor if self._phase is Phase.IDLE else self._trigger
        keep = anchor - 2 * self._back_rows - round(self._params.grid_hz)
        drop = keep - (self._first or 0)
        if drop > 0 and self._first is not None:
            self._rows, self._first = self._rows[drop:].copy(), self._first + drop


def _first_true(mask: BoolArray) -> int | None:
    at = int(np.argmax(mask)) if len(mask) else 0
    return at if len(mask) and bool(mask[at]) else None
