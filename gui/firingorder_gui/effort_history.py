"""The effort of a whole recording of holds, and what the effort card shows of any moment of it. No Qt.

At a moment the bars are those that were shown then; of the hold it lies in all is told that the hold came to, since it
is over by now, and between two holds what the last one came to.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from firingorder_session.events.effort_events import EffortLevel, HoldSummary
from firingorder_session.events.live_events import Phase, PhaseChanged
from firingorder_session.protocols.protocol_plan import HoldPlan
from firingorder_signal.blocks import Side, Site
from firingorder_signal.effort import BAR_S

from .effort import FIGURE_BARS, EffortState

#: A level older than this is none of the moment: its stream has a gap there.
FRESH_S = 2 * BAR_S


@dataclass
class EffortHistory:
    """Everything that was told of effort.

    Attributes
    ----------
    holds
        Every hold, in the order of time.
    """

    plan: HoldPlan | None
    holds: list[HoldSummary] = field(default_factory=list[HoldSummary])
    _levels: dict[Site, list[EffortLevel]] = field(default_factory=dict[Site, list[EffortLevel]])

    def take(self, event: EffortLevel | HoldSummary) -> None:
        """Keep one event."""
        if isinstance(event, HoldSummary):
            self.holds.append(event)
        else:
            self._levels.setdefault(event.site, []).append(event)

    def place_at(self, time_s: float) -> int | None:
        """Return the place of the hold a moment lies in, else of the last one before it; None before the first."""
        begun = [place for place, each in enumerate(self.holds) if each.hold.start_s <= time_s]
        return begun[-1] if begun else None

    def n_held_at(self, time_s: float) -> int:
        """Count the complete holds up to a moment."""
        return sum(each.hold.complete and each.hold.time_s <= time_s for each in self.holds)

    def state_at(self, time_s: float) -> EffortState:
        """Return what the effort card is made from."""
        # Where the legs took turns, each has the number of holds that was asked for.
        n_sides = len({each.hold.side for each in self.holds}) or 1
        state = EffortState(self.plan, n_sides)
        for site, levels in self._levels.items():
            recent = self._recent(levels, time_s)
            if recent:
                state.levels[site] = recent[-1]
                state.percents[site] = mean_percent(recent)
        place = self.place_at(time_s)
        state.summaries = list(self.holds)
        state.chosen = place
        state.summary = None if place is None else self.holds[place]
        return state

    def phase_at(self, time_s: float) -> PhaseChanged:
        """Return where the test stood: in a hold, or in the rest up to the next one."""
        place = self.place_at(time_s)
        if place is None:
            return PhaseChanged(Phase.READY, lift=1)
        hold = self.holds[place].hold
        side = None if hold.side is Side.MIDDLE else hold.side
        if time_s <= hold.time_s:
            end_s = max(hold.start_s + (self.plan.work_s if self.plan else 0.0), hold.time_s)
            return _timed(Phase.HOLD, hold.number, side, time_s, hold.start_s, end_s)
        if place + 1 == len(self.holds):
            return PhaseChanged(Phase.DONE, lift=hold.number, side=side)
        after = self.holds[place + 1].hold
        return _timed(Phase.REST, after.number, side, time_s, hold.time_s, after.start_s)

    def _recent(self, levels: Sequence[EffortLevel], time_s: float) -> Sequence[EffortLevel]:
        """Return the half second of levels up to a moment; none in a gap."""
        stop = bisect_right(levels, time_s + BAR_S, key=lambda level: level.time_s)
        recent = levels[max(stop - FIGURE_BARS, 0) : stop]
        return recent if recent and recent[-1].time_s >= time_s - FRESH_S else ()


def _timed(phase: Phase, number: int, side: Side | None, time_s: float, start_s: float, end_s: float) -> PhaseChanged:
    """Say how far a span has come."""
    length_s = max(end_s - start_s, BAR_S)
    done = min(max((time_s - start_s) / length_s, 0.0), 1.0)
    return PhaseChanged(phase, number, done, length_s * (1.0 - done), side=side)


def mean_percent(levels: Sequence[EffortLevel]) -> float | None:
    """Return the mean of levels in percent of the last reference; None without one, or where all are lost."""
    known = [level.rms_uv for level in levels if level.rms_uv is not None]
    reference = levels[-1].reference
    if reference is None or levels[-1].rms_uv is None:
        return None
    return 100.0 * sqrt(sum(rms_uv**2 for rms_uv in known) / len(known)) / reference.rms_uv
