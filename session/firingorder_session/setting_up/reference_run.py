"""Reference contractions being done: trial after trial, each begun by the muscle itself, never by a clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from firingorder_signal.blocks import Site
from firingorder_signal.power_bins import BIN_S

from ..events.set_up_events import ReferencePhase, ReferenceView
from .references import N_TRIALS, TRIAL_S, Reference, ReferenceKind, level_uv, settle_maximum

#: Rest between two trials of a maximum (J: 60 s; others rest 30); it can be cut short.
REST_S = 60.0
#: A contraction has begun when a muscle is this much above its rest for so long, and is over below half of it.
BEGUN_DB, BEGUN_S = 10.0, 0.3


@dataclass(frozen=True)
class Position:
    """One way to contract: what is measured in it, by parts of the body."""

    name: str
    parts: tuple[str, ...]


#: Two of the glute, because neither is best for everyone (Contreras 2015), one of the hamstring (prone, knee bent).
POSITIONS = (
    Position("squeeze", ("gluteus_maximus",)),
    Position("bent_knee_lift", ("gluteus_maximus",)),
    Position("bend_knee", ("hamstring_lateral", "hamstring_medial")),
)
#: The lift that does not hurt: all muscles in one hold.
LIFT = Position("reference_lift", ())


@dataclass
class ReferenceRun:
    """One kind of reference, from its first trial to its figures.

    Attributes
    ----------
    rest_uv
        Rest level of each muscle.
    """

    kind: ReferenceKind
    sites: tuple[Site, ...]
    rest_uv: dict[Site, float]
    phase: ReferencePhase = ReferencePhase.WAITING
    time_s: float = float("-inf")
    _since_s: float = float("-inf")
    _number: int = 0
    _power: dict[Site, list[tuple[float, float]]] = field(default_factory=dict[Site, list[tuple[float, float]]])
    _trials: dict[Site, dict[str, list[float]]] = field(default_factory=dict[Site, dict[str, list[float]]])

    @property
    def plan(self) -> list[Position]:
        """Every trial in order."""
        if self.kind is ReferenceKind.REFERENCE_LIFT:
            return [LIFT]
        worn = {site.part for site in self.sites}
        return [position for position in POSITIONS if worn & set(position.parts) for _ in range(N_TRIALS)]

    @property
    def found(self) -> tuple[Reference, ...]:
        """What has been reached."""
        if self.kind is ReferenceKind.REFERENCE_LIFT:
            lifts = {site: own.get(LIFT.name, []) for site, own in self._trials.items()}
            return tuple(Reference(site, self.kind, own[-1]) for site, own in lifts.items() if own)
        maxima = (settle_maximum(site, own) for site, own in self._trials.items())
        return tuple(reference for reference in maxima if reference is not None)

    def view(self) -> ReferenceView:
        """Return what the page shows."""
        plan = self.plan
        if self.phase is ReferencePhase.OVER or self._number >= len(plan):
            return ReferenceView(ReferencePhase.OVER, self.kind, found=self.found)
        position = plan[self._number]
        before = sum(each is position for each in plan[: self._number])
        length_s = REST_S if self.phase is ReferencePhase.RESTING else TRIAL_S
        left_s = 0.0 if self.phase is ReferencePhase.WAITING else max(length_s - (self.time_s - self._since_s), 0.0)
        levels = {site: self._newest_uv(site) for site in self._measured(position)}
        n_trials = sum(each is position for each in plan)
        return ReferenceView(self.phase, self.kind, position.name, before + 1, n_trials, left_s, levels, self.found)

    def add_power(self, site: Site, time_s: float, power: float) -> None:
        """Take the mean square of a channel over one bin, µV²."""
        if site in self.sites:
            own = self._power.setdefault(site, [])
            own.append((time_s, power))
            del own[: max(len(own) - round(2 * TRIAL_S / BIN_S), 0)]
            self.time_s = max(self.time_s, time_s)

    def skip(self) -> None:
        """Go on: end a rest, or leave the trial out."""
        if self.phase is ReferencePhase.RESTING:
            self.phase = ReferencePhase.WAITING
        else:
            self._number += 1
            self.phase = ReferencePhase.WAITING if self._number < len(self.plan) else ReferencePhase.OVER
        self._since_s = self.time_s

    def pass_time(self) -> bool:
        """Look at what came; return whether the phase has changed."""
        if self.phase is ReferencePhase.OVER:
            return False
        if self.phase is ReferencePhase.WAITING:
            return self._wait_for_start()
        length_s = TRIAL_S if self.phase is ReferencePhase.HOLDING else REST_S
        if self.time_s - self._since_s < length_s:
            return False
        if self.phase is ReferencePhase.HOLDING:
            self._take()
        else:
            self.phase = ReferencePhase.WAITING
        self._since_s = self.time_s
        return True

    def _wait_for_start(self) -> bool:
        """Begin a trial when a muscle that is measured begins to work and goes on."""
        for site in self._measured(self.plan[self._number]):
            limit = self.rest_uv.get(site, 1.0) * 10 ** (BEGUN_DB / 20)
            newest = self._since(site, max(self.time_s - BEGUN_S, self._since_s))
            if len(newest) >= round(BEGUN_S / BIN_S) - 1 and min(newest) >= limit**2:
                self.phase, self._since_s = ReferencePhase.HOLDING, self.time_s - BEGUN_S
                return True
        return False

    def _take(self) -> None:
        """Keep what a trial reached, and rest before the next one."""
        position = self.plan[self._number]
        for site in self._measured(position):
            levels = level_uv(np.array(self._since(site, self._since_s)), BIN_S)
            if len(levels):
                figure = np.median(levels) if self.kind is ReferenceKind.REFERENCE_LIFT else np.max(levels)
                self._trials.setdefault(site, {}).setdefault(position.name, []).append(float(figure))
        self._number += 1
        self.phase = ReferencePhase.RESTING if self._number < len(self.plan) else ReferencePhase.OVER

    def _measured(self, position: Position) -> Sequence[Site]:
        return [site for site in self.sites if not position.parts or site.part in position.parts]

    def _since(self, site: Site, start_s: float) -> list[float]:
        return [power for time_s, power in self._power.get(site, []) if time_s > start_s]

    def _newest_uv(self, site: Site) -> float:
        newest = self._since(site, self.time_s - 0.2)
        return float(np.sqrt(np.mean(newest))) if newest else 0.0
