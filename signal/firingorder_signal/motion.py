"""Two IMU streams or more in, angles, movements and lifts out: the stages joined, with no arithmetic of its own.

    pelvis block -> orientation -> grid -+
                                         +-> angles -> lifts -> events; what is wrong with the sensors' places
    thigh block  -> orientation -> grid -+

The other leg's thigh and the shank may be worn beside them. The streams have clocks of their own; all come to the grid
of the host clock (`resample.py`) and are joined there. A row is released when every stream has reached it, or when
`advance` says that what has not come will not come: then its side is NaN, and what of it still arrives for released
rows is dropped. Blocks may come in any cut and any order:
the results are the same to the last bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np

from .angle_rows import Angle, Motion
from .angles import AngleParams, AngleStage
from .blocks import FloatArray, SampleBlock
from .lift_gates import LiftGates
from .lift_rows import LiftParams
from .lifts import LiftTracker
from .motion_events import AnglesReady, MotionEvent
from .orientation import OrientationParams, OrientationStage
from .placement_watch import PlacementWatch, WatchParams
from .resample import GridResampler
from .rules import JudgementRules
from .stage import Resumable

Role = Literal["pelvis", "thigh", "other_thigh", "shank"]
#: What must be worn, and all that can be.
ROLES: tuple[Role, Role] = ("pelvis", "thigh")
COLUMNS: dict[Role, int] = {
    "pelvis": Motion.PELVIS_UP,
    "thigh": Motion.THIGH_UP,
    "other_thigh": Motion.OTHER_UP,
    "shank": Motion.SHANK_UP,
}


@dataclass(frozen=True)
class MotionParams:
    """How motion is followed.

    Attributes
    ----------
    rules
        Where the gates of a lift come from.
    grid_hz
        Rows a second: 100, 200 and 1000 Hz give the same start of movement (simulation).
    tau_acc_s
        Trust in the accelerometer: 1 s for slow lifts, see `orientation.py`.
    bridge_s
        Longest gap that is bridged.
    hold_s
        Collect this much signal before working on it: 0 live; in batch it saves the cost of many small blocks.
    gates
        What a lift must keep to count; None = what the rules say.
    """

    rules: JudgementRules = field(default_factory=JudgementRules)
    grid_hz: float = 100.0
    tau_acc_s: float = 1.0
    bridge_s: float = 0.1
    hold_s: float = 0.0
    gates: LiftGates | None = None


class _ImuStream:
    """One sensor on its way to the grid; it is built by its first block, which brings the rate."""

    def __init__(self, params: MotionParams, rate_hz: float) -> None:
        self._orientation = OrientationStage(
            rate_hz, OrientationParams(tau_acc_s=params.tau_acc_s, bridge_s=params.bridge_s)
        )
        # One sample interval longer than the gap itself: 0.1 s lost at 100 Hz lies between samples 0.11 s apart.
        self.grid = GridResampler(params.grid_hz, 6, params.bridge_s + 1.5 / rate_hz)
        self._waiting_s: FloatArray = np.empty(0)
        self._next_index: int | None = None
        self._hold = round(params.hold_s * rate_hz)
        self._held: list[tuple[FloatArray, FloatArray]] = []
        self._n_held = 0
        self.arrived_s = -np.inf

    def update(self, block: SampleBlock) -> None:
        """Take the next block; a jump of its index is a loss, rows that came before are dropped."""
        if self._next_index is None:
            self._next_index = block.first_index
        skip = min(max(self._next_index - block.first_index, 0), block.n_samples)
        lost = max(block.first_index - self._next_index, 0)
        values = np.concatenate([np.full((lost, 6), np.nan), block.values[skip:]])
        if len(values) == 0:
            return
        index = np.arange(block.first_index + skip - lost, block.next_index)
        base = block.timebase
        time_s = base.time_s + (index - base.index).astype(np.float64) * base.period_s
        self._next_index = block.next_index
        self.arrived_s = max(self.arrived_s, float(time_s[-1]))
        self._held.append((time_s, values))
        self._n_held += len(values)
        if self._n_held >= self._hold:
            self.flush()

    def flush(self) -> None:
        """Work on all that has come."""
        if not self._held:
            return
        times, values = zip(*self._held, strict=True)
        self._held, self._n_held = [], 0
        self._waiting_s = np.concatenate([self._waiting_s, *times])
        self._pass_on(self._orientation.update(np.concatenate(values)))

    def finish(self) -> None:
        """Let go of what still waits, for more or for stillness."""
        self.flush()
        self._pass_on(self._orientation.finish())

    def _pass_on(self, oriented: FloatArray) -> None:
        n = len(oriented)
        self.grid.update(self._waiting_s[:n], oriented)
        self._waiting_s = self._waiting_s[n:]


class MotionTracker(Resumable):
    """Follow pelvis, thigh and what else is worn; see the module docstring. It pickles, and `reset` equals new."""

    def __init__(self, params: MotionParams | None = None, roles: Sequence[Role] = ROLES) -> None:
        self._params = params or MotionParams()
        self._roles: tuple[Role, ...] = tuple(role for role in COLUMNS if role in {*ROLES, *roles})
        self.reset()

    def reset(self) -> Self:
        """Forget everything and return self."""
        hz = self._params.grid_hz
        self._streams: dict[Role, _ImuStream] = {}
        self._angles = AngleStage(AngleParams(grid_hz=hz))
        gates = self._params.gates or LiftGates(self._params.rules)
        self._lifts = LiftTracker(LiftParams(grid_hz=hz, gates=gates))
        self._placement = PlacementWatch(WatchParams(grid_hz=hz))
        self._row: int | None = None
        self._horizon_s = -np.inf
        return self

    def update(self, role: Role, block: SampleBlock) -> list[MotionEvent]:
        """Take the next block of one sensor; return what is now known, in order.

        Raises
        ------
        ValueError
            The block does not have six columns: a mistake of the caller.
        """
        if block.values.ndim != 2 or block.values.shape[1] != 6:
            raise ValueError(f"an IMU block has six columns, not shape {block.values.shape}")
        if role not in self._streams:
            self._streams[role] = _ImuStream(self._params, float(block.stream.rate_hz))
        self._streams[role].update(block)
        return self._release(self._reached())

    def finish(self) -> list[MotionEvent]:
        """End of the data: everything still waiting comes out, and a lift in progress ends, marked as such."""
        for stream in self._streams.values():
            stream.finish()
        events = self._release(max((stream.grid.next_row for stream in self._streams.values()), default=0))
        events += self._follow(*self._angles.finish())
        return events + self._lifts.finish()

    def advance(self, horizon_s: float) -> list[MotionEvent]:
        """Stop waiting for samples taken before `horizon_s`; return what is now known, in order."""
        self._horizon_s = max(self._horizon_s, horizon_s)
        return self._release(self._reached())

    def _reached(self) -> int:
        """Return the row before which everything can be released."""
        reached: list[float] = []
        for role in self._roles:
            stream = self._streams.get(role)
            if stream is not None and stream.arrived_s < self._horizon_s:
                stream.flush()
            if stream is None or stream.arrived_s < self._horizon_s:
                reached.append(self._horizon_s * self._params.grid_hz)
            else:
                reached.append(float(stream.grid.next_row) if stream.grid.first_row is not None else -np.inf)
        lowest = min(reached)
        return int(np.floor(lowest)) if np.isfinite(lowest) else -(2**62)

    def _release(self, stop_row: int) -> list[MotionEvent]:
        """Join the rows before `stop_row` and pass them on."""
        firsts = [stream.grid.first_row for stream in self._streams.values() if stream.grid.first_row is not None]
        if self._row is None and firsts and stop_row > min(firsts):
            self._row = min(firsts)
        if self._row is None or stop_row <= self._row:
            return []
        rows = np.full((stop_row - self._row, Motion.WIDTH), np.nan)
        for role, column in COLUMNS.items():
            if role in self._streams:
                rows[:, column : column + 6] = self._streams[role].grid.take(self._row, stop_row)
        first_row, self._row = self._row, stop_row
        placement = self._placement.update(first_row, rows)
        return [*self._follow(*self._angles.update(first_row, rows)), *placement]

    def _follow(self, first_row: int, rows: FloatArray) -> list[MotionEvent]:
        """Report angles and what the lifts make of them."""
        if len(rows) == 0:
            return []
        time_s = np.arange(first_row, first_row + len(rows)) / self._params.grid_hz
        columns = (Angle.HIP, Angle.TILT, Angle.OBLIQUITY)
        angles = AnglesReady(time_s, *(rows[:, column].copy() for column in columns))
        return [angles, *self._lifts.update(first_row, rows)]
