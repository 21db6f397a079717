"""One side's set: its lifts from the first sign of movement to the final record, and the set's verdict.

A lift passes through: started -> (movement refined) -> judged -> ended. Judging waits until the data it may use is
complete, and uses nothing beyond, so that the answer never depends on how the stream was chopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .blocks import Side, Site
from .emg_stream import Stretch
from .events import LiftDismissed, LiftEnded, LiftJudged, LiftStarted, SetUpdated
from .lift_judge import LiftWindow, MuscleFinding, compare_muscles, examine_muscle
from .muscles import Muscles
from .order import refuse
from .results import Lag, Lift, Movement, Onset, Reason, ReasonCode, SetResult
from .rules import JudgementRules
from .set_verdict import judge_set

LiftEvent = LiftStarted | LiftDismissed | LiftJudged | LiftEnded | SetUpdated

#: An alarm counts when the muscle is still on this long after it: the refined onset needs 40-60 ms of data after the
#: alarm and 200-240 ms to be confirmed (measured on the onset simulator, `docs/onset.md`).
CONFIRM_S = 0.24
#: A lift set aside is known by its number and its start, since the number of a lift taken back is used again. The
#: start is the same to the last bit in every run; the room is for a later version, and lifts are seconds apart.
SAME_LIFT_S = 0.5


@dataclass
class PendingLift:
    """A lift on its way; `window_s` is where its muscles' bursts are sought."""

    lift: Lift
    around_s: float | None = None
    window_s: tuple[float, float] = (0.0, 0.0)
    ended: bool = False

    @property
    def judged(self) -> bool:
        """Whether its order has been judged."""
        return self.lift.lag is not None


class SideAnalysis:
    """Keep one side's lifts, judge each as soon as its data is complete, and the set after each.

    Parameters
    ----------
    muscles
        The side's channels.
    protocol
        Name of the test, for the result.
    """

    def __init__(self, muscles: Muscles, protocol: str, rules: JudgementRules) -> None:
        self._muscles = muscles
        self._protocol = protocol
        self._rules = rules
        self._pending: list[PendingLift] = []
        self._lifts: list[Lift] = []
        self._excluded: list[tuple[int, float | None]] = []

    @property
    def side(self) -> Side:
        """The side of the body."""
        return self._muscles.side

    @property
    def result(self) -> SetResult:
        """The set so far."""
        missing = self._missing_muscle()
        result = judge_set(tuple(self._lifts), self._muscles.side, self._protocol, self._rules)
        return replace(result, reason=missing) if missing else result

    @property
    def oldest_needed_s(self) -> float:
        """Time before which no pending lift will look back."""
        starts = [pending.window_s[0] for pending in self._pending if pending.around_s is not None]
        return min(starts, default=float("inf")) - self._rules.baseline_search_s

    def start(self, number: int, time_s: float) -> list[LiftEvent]:
        """Begin a lift."""
        self._pending.append(PendingLift(Lift(number, self._muscles.side, time_s)))
        return [LiftStarted(number, time_s)]

    def place(self, number: int, around_s: float, window_s: tuple[float, float], movement: Movement | None) -> None:
        """Say where a started lift's bursts are to be sought."""
        pending = self._find(number)
        pending.lift = replace(pending.lift, movement=movement, start_s=around_s)
        pending.around_s, pending.window_s = around_s, window_s

    def dismiss(self, number: int, time_s: float) -> list[LiftEvent]:
        """Take a lift back that was none."""
        self._pending = [pending for pending in self._pending if pending.lift.number != number]
        return [LiftDismissed(number, time_s)]

    def end(self, number: int, complete: Callable[[Lift], Lift]) -> None:
        """Add what is known of a lift when it is over: angles, validity and why not."""
        pending = self._find(number)
        pending.lift = complete(pending.lift)
        pending.ended = True

    @property
    def last_lift(self) -> Lift | None:
        """The newest lift that was judged or has ended; None without one."""
        judged = [pending.lift for pending in self._pending if pending.judged]
        lifts = judged or self._lifts
        return lifts[-1] if lifts else None

    def exclude(self, number: int, start_s: float | None = None) -> list[LiftEvent]:
        """Set a lift aside, as the examiner asks; it stays in the record and out of the verdict.

        It may be one that is still to come, as when a recording is analyzed again; without `start_s` the number says
        which.
        """
        self._excluded.append((number, start_s))
        self._lifts = [self._set_aside(lift) for lift in self._lifts]
        return [SetUpdated(self.result)]

    def _set_aside(self, lift: Lift) -> Lift:
        """Mark a lift if it is one that the examiner wants repeated."""
        wanted = any(
            lift.number == number and (start_s is None or abs(lift.start_s - start_s) < SAME_LIFT_S)
            for number, start_s in self._excluded
        )
        return replace(lift, valid=False, reason=Reason(ReasonCode.REPEATED)) if wanted else lift

    def _find(self, number: int) -> PendingLift:
        """Return the pending lift of that number."""
        return next(pending for pending in self._pending if pending.lift.number == number)

    def settle(self, horizon_s: float, newest_s: float) -> list[LiftEvent]:
        """Judge and end every pending lift whose data is complete.

        Parameters
        ----------
        horizon_s
            Samples before it are no longer waited for.
        newest_s
            Time of the newest sample of any stream.
        """
        events: list[LiftEvent] = []
        known_s = self._muscles.known_until_s(horizon_s)
        for pending in self._pending:
            until_s = self._data_until_s(pending, known_s)
            # Beyond, not up to: a burst that begins at that very instant is then known however the stream was cut.
            if until_s is not None and known_s > until_s:
                pending.lift = self._judge(pending, until_s, ends_early=newest_s < until_s)
                events.append(LiftJudged(pending.lift))
        while self._pending and self._pending[0].ended and self._pending[0].judged:
            lift = self._set_aside(self._pending.pop(0).lift)
            self._lifts.append(lift)
            events += [LiftEnded(lift), SetUpdated(self.result)]
        return events

    def _data_until_s(self, pending: PendingLift, known_s: float) -> float | None:
        """Say up to which time a lift's data is used; None while that cannot be told yet.

        With both muscles on, `CONFIRM_S` after the later one; else to the end of the window. Both depend on the
        samples alone, never on how many of them have arrived.
        """
        if pending.around_s is None or pending.judged:
            return None
        start_s, stop_s = pending.window_s
        ons = [self._confirmed_on(site, start_s, stop_s, known_s) for site in self._pair()]
        if len(ons) == 2 and None not in ons:
            return max(on for on in ons if on is not None) + CONFIRM_S
        return stop_s + CONFIRM_S

    def _pair(self) -> list[Site]:
        """Return hamstring and glute, those that are measured."""
        return [site for site in (self._muscles.hamstring, self._muscles.glute) if site is not None]

    def _confirmed_on(self, site: Site, start_s: float, stop_s: float, known_s: float) -> float | None:
        """Find the first burst in a window that lasted long enough to count."""
        lasting = self._muscles.stream_of(site).lasting(site, start_s, stop_s, CONFIRM_S, known_s)
        return lasting[0] if lasting else None

    def _judge(self, pending: PendingLift, until_s: float, *, ends_early: bool) -> Lift:
        """Examine every muscle of the side and compare the pair."""
        around_s = pending.around_s if pending.around_s is not None else until_s
        window = LiftWindow(around_s, pending.window_s[0], until_s, ends_early)
        found = {
            site: examine_muscle(
                self._muscles.stream_of(site), site, window, self._rules, self._neighbour(site, window)
            )
            for site in self._muscles.where
        }
        onsets = {site: finding.onset for site, finding in found.items()}
        return replace(pending.lift, onsets=onsets, lag=self._compare(found, around_s))

    def _neighbour(self, site: Site, window: LiftWindow) -> Stretch | None:
        """Cut the other muscle of the pair; None for a muscle that is not of the pair."""
        pair = self._pair()
        others = [other for other in pair if other != site] if len(pair) == 2 and site in pair else []
        if not others or not self._muscles.stream_of(others[0]).has_samples:
            return None
        stream = self._muscles.stream_of(others[0])
        return stream.stretch(others[0], window.starts_s(self._rules), window.until_s, window.around_s)

    def _compare(self, found: dict[Site, MuscleFinding], around_s: float) -> Lag:
        """Compare hamstring and glute, or say which of them is not there."""
        hamstring, glute = self._muscles.hamstring, self._muscles.glute
        sync_s = self._muscles.sync_uncertainty_s(around_s)
        if hamstring is None or glute is None:
            reason = self._missing_muscle() or Reason(ReasonCode.SENSOR_MISSING)
            onsets = [found[site].onset if site else Onset(None) for site in (hamstring, glute)]
            return refuse(reason, onsets[0], onsets[1], sync_s)
        return compare_muscles(found[hamstring], found[glute], sync_s, self._rules)

    def _missing_muscle(self) -> Reason | None:
        """Name the muscle of the pair that has no channel."""
        side = self._muscles.side
        if self._muscles.hamstring is None:
            return Reason(ReasonCode.SENSOR_MISSING, site=Site("hamstring_lateral", side))
        if self._muscles.glute is None:
            return Reason(ReasonCode.SENSOR_MISSING, site=Site("gluteus_maximus", side))
        return None
