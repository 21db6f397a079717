"""Whether the thigh sensor sits on the leg that stays down: the muscles are the cue that nobody gives in a live test.

On the other leg the sensor feels no lift at all, so that there is nothing for `placement_watch.py` to judge. Where both
muscles of the pair switch on and the thigh sensor hardly turns, time after time, and no lift has ever been found, it
sits on the wrong leg. A leg that is lifted always turns the pelvis a little; a squeeze, as electrodes are tried by,
turns neither. A body that turns over or walks tilts the pelvis further and says nothing.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from .blocks import FloatArray
from .motion_events import AnglesReady
from .placement import CUED_S, LIFT_DEG
from .results import Reason, ReasonCode

# The rest a turn is counted from, before the first muscle switched on: a lift begins 0.1-0.2 s after it.
REST_S = (1.0, 0.2)
# So many in a row (J: an electrode is tried by one squeeze or two, and squeezing moves no leg either).
N_STILL = 3
# A lift turns the pelvis by this at least (simulated prone lifts: 2.3-4 deg; breathing, fidgets and a squeeze less).
STIRRED_DEG = 2.0
# A pelvis that tilts further is part of turning over or getting up (twice the tilt of any lift; Oh 2007: about 10 deg).
TURNED_DEG = 20.0
# Angles are kept so far back: in batch the muscles come up to two holds of 10 s later (`PipelineParams.hold_s`).
KEPT_S = 40.0


@dataclass
class StillLegWatch:
    """Follow angles and bursts of one side, in any order of their coming.

    Attributes
    ----------
    reason
        What is found at present; None = nothing.
    judged_s
        End of the stretch that was judged last.
    """

    reason: Reason | None = None
    judged_s: float = 0.0
    _bursts: deque[float] = field(default_factory=deque[float])
    _angles: deque[tuple[FloatArray, ...]] = field(default_factory=deque[tuple[FloatArray, ...]])
    _n_still: int = 0
    _lifted: bool = False

    def add_angles(self, ready: AnglesReady) -> None:
        """Take angles: the thigh's pitch is hip and pelvis together."""
        self._angles.append((ready.time_s, ready.hip_deg + ready.tilt_deg, ready.tilt_deg, ready.obliquity_deg))
        while float(self._angles[0][0][-1]) < float(ready.time_s[-1]) - KEPT_S:
            self._angles.popleft()
        self._judge()

    def add_burst(self, time_s: float) -> None:
        """Take a moment at which both muscles switched on."""
        self._bursts.append(time_s)
        self._judge()

    def add_lift(self) -> None:
        """Note that a lift was found: the sensor is on the right leg."""
        self._lifted, self.reason = True, None

    def _judge(self) -> None:
        """Judge every burst whose lift would be up by now."""
        known_s = float(self._angles[-1][0][-1]) if self._angles else float("-inf")
        while self._bursts and self._bursts[0] + CUED_S < known_s:
            time_s = self._bursts.popleft()
            turn_deg = self._turn_deg(time_s)
            if turn_deg is None:
                continue
            self._n_still = self._n_still + 1 if turn_deg < LIFT_DEG else 0
            self.judged_s = time_s + CUED_S
            if self._n_still >= N_STILL and not self._lifted:
                self.reason = Reason(ReasonCode.THIGH_STAYED, turn_deg, LIFT_DEG, "deg")

    def _turn_deg(self, burst_s: float) -> float | None:
        """How far the thigh sensor turned after a burst; None where that was not seen, or nothing says a leg moved."""
        time_s, thigh, tilt, obliquity = (np.concatenate(parts) for parts in zip(*self._angles, strict=True))
        rest = (time_s >= burst_s - REST_S[0]) & (time_s < burst_s - REST_S[1])
        lift = (time_s >= burst_s - REST_S[1]) & (time_s < burst_s + CUED_S)
        if not rest.any() or not lift.any() or bool(np.isnan(thigh[rest | lift]).any()):
            return None
        if float(np.max(np.abs(tilt[rest | lift]))) > TURNED_DEG:
            return None
        thigh_deg, *pelvis_deg = (float(np.max(np.abs(x[lift] - np.mean(x[rest])))) for x in (thigh, tilt, obliquity))
        return thigh_deg if max(pelvis_deg) >= STIRRED_DEG else None
