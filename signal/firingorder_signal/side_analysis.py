"""One side's set: its lifts from the first sign of movement to the final record, and the set's verdict.

A lift passes through: started -> (movement refined) -> judged -> ended. Judging waits until the data it may use is
complete, and uses nothing beyond, so that the answer never depends on how the stream was chopped. Then its muscles wait
for their turns to be examined, some in each update, which changes when the answer is given and not the answer.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from .blocks import Side, Site, SyncClass
from .corrections import correct_lift
from .events import LiftDismissed, LiftEnded, LiftJudged, LiftStarted, ProvisionalOrder, SetUpdated
from .examination import Examination, Turns, find_missing_muscle, find_slow_muscle
from .lift_judge import LiftWindow
from .muscles import Muscles
from .placement import ALLOWED_FOR
from .provisional import PairFinder, examine_pair
from .results import Correction, Lift, Movement, Reason, ReasonCode, SetResult, Verdict
from .rules import JudgementRules
from .set_verdict import judge_set
from .sync import worst

LiftEvent = LiftStarted | LiftDismissed | ProvisionalOrder | LiftJudged | LiftEnded | SetUpdated

#: An alarm counts when the muscle is still on this long after it, and that is all the data its onset is sought in at
#: first. The alarm comes 20-40 ms after the onset, so that the verdict is there 250 ms after it.
CONFIRM_S = 0.19
#: An onset with less data than this after it, or none at all, is worth a second look with that much more: the alarm was
#: given early, by what leaks from the other muscle or by a pulled cable. On dirty simulated pairs the order is then
#: right in 90.5 % instead of 87 %, as it is when every verdict waits for 240 ms.
ENOUGH_S, MORE_S = 0.17, 0.15
#: What a set shows whose motion sensors sit wrongly: face down on the pelvis, a prone lift looks like a bridge.
OF_PLACEMENT = frozenset({ReasonCode.NO_LIFT, ReasonCode.OTHER_EXERCISE})
#: A lift set aside is known by its number and its start, since the number of a lift taken back is used again. The
#: start is the same to the last bit in every run; the room is for a later version, and lifts are seconds apart.
SAME_LIFT_S = 0.5


@dataclass
class PendingLift:
    """A lift on its way.

    Attributes
    ----------
    window_s
        Where its muscles' bursts are sought.
    is_due
        Whether its examination waits for its turns.
    draft
        What the first look has found, where there is to be a second.
    """

    lift: Lift
    around_s: float | None = None
    window_s: tuple[float, float] = (0.0, 0.0)
    ended: bool = False
    is_due: bool = False
    draft: Lift | None = None

    @property
    def judged(self) -> bool:
        """Whether its order has been judged."""
        return self.lift.lag is not None


@dataclass
class Task:
    """An examination that waits for its turns: of lift `number`, or, with None, of the alarms at `time_s`."""

    examination: Examination
    number: int | None
    time_s: float = 0.0


class SideAnalysis:
    """Keep one side's lifts, judge each as soon as its data is complete, and the set after each.

    Parameters
    ----------
    muscles
        The side's channels.
    protocol
        Name of the test, for the result.
    says_provisional
        Give a first word on the order of every pair of bursts, as soon as there is one.
    """

    def __init__(
        self, muscles: Muscles, protocol: str, rules: JudgementRules, *, says_provisional: bool = False
    ) -> None:
        self._muscles = muscles
        self._protocol = protocol
        self._rules = rules
        self._pending: list[PendingLift] = []
        self._lifts: list[Lift] = []
        self._excluded: list[tuple[int, float | None]] = []
        self._moved: dict[tuple[int, float, Site], Correction] = {}
        self._pairs = PairFinder(muscles) if says_provisional else None
        self._tasks: deque[Task] = deque()
        #: What is wrong with the places of the motion sensors.
        self.placement: tuple[Reason, ...] = ()

    @property
    def side(self) -> Side:
        """The side of the body."""
        return self._muscles.side

    @property
    def pair(self) -> tuple[Site, ...]:
        """The muscles that are compared, as far as they are there."""
        return self._muscles.pair

    @property
    def result(self) -> SetResult:
        """The set so far."""
        result = judge_set(tuple(map(self._correct, self._lifts)), self._muscles.side, self._protocol, self._rules)
        missing = find_missing_muscle(self._muscles)
        if missing is None and result.verdict is Verdict.NOT_JUDGED:
            missing = find_slow_muscle(self._muscles, self._rules)
        if missing is None and result.reason is not None and result.reason.code in OF_PLACEMENT:
            missing = next((reason for reason in self.placement if reason.code not in ALLOWED_FOR), None)
        result = replace(result, sync=self._sync, placement=self.placement)
        return replace(result, reason=missing) if missing else result

    @property
    def _sync(self) -> SyncClass | None:
        """How the pair's clocks are related: at the worst of the lifts, or as described before there are any."""
        described = self._muscles.sync_at(None)
        judged = [lift.lag.sync for lift in self._lifts if lift.lag is not None]
        return worst(judged) or (described.sync if described is not None else None)

    @property
    def oldest_needed_s(self) -> float:
        """Time before which no pending lift will look back."""
        starts = [pending.window_s[0] for pending in self._pending if pending.around_s is not None]
        return min(starts, default=float("inf")) - self._rules.baseline_search_s

    def start(self, number: int, time_s: float) -> list[LiftEvent]:
        """Begin a lift."""
        self._pending.append(PendingLift(Lift(number, self._muscles.side, time_s)))
        return [LiftStarted(number, time_s, self.side)]

    def place(self, number: int, around_s: float, window_s: tuple[float, float], movement: Movement | None) -> None:
        """Say where a started lift's bursts are to be sought."""
        pending = self._find(number)
        pending.lift = replace(pending.lift, movement=movement, start_s=around_s)
        pending.around_s, pending.window_s = around_s, window_s

    def dismiss(self, number: int, time_s: float) -> list[LiftEvent]:
        """Take a lift back that was none."""
        self._pending = [pending for pending in self._pending if pending.lift.number != number]
        self._tasks = deque(task for task in self._tasks if task.number != number)
        return [LiftDismissed(number, time_s, self.side)]

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

    def correct(self, number: int, start_s: float, site: Site, correction: Correction | None) -> list[LiftEvent]:
        """Put an onset where a person says it is, or with None back where it was found.

        The lift, told by its number and its start as in `exclude`, may be one that is still to come.
        """
        self._moved = {
            key: each
            for key, each in self._moved.items()
            if (key[0], key[2]) != (number, site) or abs(key[1] - start_s) >= SAME_LIFT_S
        }
        if correction is not None:
            self._moved[number, start_s, site] = correction
        return [SetUpdated(self.result)]

    def _correct(self, lift: Lift) -> Lift:
        """Move the onsets of a lift that a person has moved."""
        moved = {
            site: correction
            for (number, start_s, site), correction in self._moved.items()
            if number == lift.number and abs(start_s - lift.start_s) < SAME_LIFT_S
        }
        pair = (self._muscles.hamstring, self._muscles.glute)
        return correct_lift(lift, moved, pair, self._rules) if moved else lift

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

    def settle(self, horizon_s: float, newest_s: float, turns: Turns) -> list[LiftEvent]:
        """Judge and end every pending lift whose data is complete.

        Parameters
        ----------
        horizon_s
            Samples before it are no longer waited for.
        newest_s
            Time of the newest sample of any stream.
        turns
            How many muscles may be examined now; the others wait for the next update.
        """
        events: list[LiftEvent] = []
        while True:
            # Anew after each step, which may have found that a second look is due.
            events += self._line_up(horizon_s, newest_s)
            if not self._tasks or not turns.take():
                break
            self._tasks[0].examination.step()
            if self._tasks[0].examination.is_done:
                events += self._conclude(self._tasks.popleft())
        while self._pending and self._pending[0].ended and self._pending[0].judged:
            lift = self._set_aside(self._pending.pop(0).lift)
            self._lifts.append(lift)
            events += [LiftEnded(self._correct(lift)), SetUpdated(self.result)]
        return events

    def _line_up(self, horizon_s: float, newest_s: float) -> list[LiftEvent]:
        """Line up what can be examined from now on; judge by the first look where the data ends before the second."""
        tasks: list[Task] = []
        events: list[LiftEvent] = []
        if self._pairs is not None:
            for first_s, later_s in self._pairs.find(self._muscles.pair_known_until_s(horizon_s)):
                tasks.append(Task(examine_pair(self._muscles, self._rules, first_s, later_s), None, later_s))
        known_s = self._muscles.known_until_s(horizon_s)
        for pending in self._pending:
            until_s = self._data_until_s(pending, known_s)
            # Beyond, not up to: a burst that begins at that very instant is then known however the stream was cut.
            if until_s is None or pending.around_s is None or known_s <= until_s:
                continue
            pending.is_due = True
            if pending.draft is not None and newest_s < until_s:
                events += self._judge(pending, pending.draft)
                continue
            window = LiftWindow(pending.around_s, pending.window_s[0], until_s, newest_s)
            tasks.append(Task(self._examine_all(window), pending.lift.number))
        self._tasks.extend(sorted(tasks, key=lambda task: task.examination.window.until_s))
        return events

    def _examine_all(self, window: LiftWindow) -> Examination:
        """Prepare the look at every muscle of the side, in the order of the result."""
        return Examination(self._muscles, self._rules, window, tuple(self._muscles.where))

    def _conclude(self, task: Task) -> list[LiftEvent]:
        """Say what an examination has found."""
        lag = task.examination.compare()
        if task.number is None:
            return [] if lag.lag_s is None else [ProvisionalOrder(self.side, task.time_s, lag)]
        pending = self._find(task.number)
        onsets = {site: finding.onset for site, finding in task.examination.found.items()}
        found = replace(pending.lift, onsets=onsets, lag=lag)
        alarmed = task.examination.window.until_s < pending.window_s[1] + CONFIRM_S
        if pending.draft is None and alarmed and self._needs_more(task.examination):
            pending.draft, pending.is_due = found, False
            return []
        return self._judge(pending, found)

    def _judge(self, pending: PendingLift, found: Lift) -> list[LiftEvent]:
        """Give a lift the onsets and the lag that were found; what else is known of it may have grown since."""
        pending.lift = replace(pending.lift, onsets=found.onsets, lag=found.lag)
        return [LiftJudged(self._correct(pending.lift))]

    def _needs_more(self, examination: Examination) -> bool:
        """Say whether an onset of the pair lies so late in the window, or cannot be found yet, that more would help."""
        window, pair = examination.window, self._muscles.pair
        if window.ends_early or len(pair) < 2:
            return False
        onsets = [examination.found[site].onset for site in pair]
        if any(onset.reason is not None for onset in onsets):
            return False
        return any(onset.time_s is None or onset.time_s + ENOUGH_S > window.until_s for onset in onsets)

    def _data_until_s(self, pending: PendingLift, known_s: float) -> float | None:
        """Say up to which time a lift's data is used; None while that cannot be told yet.

        With both muscles on, `CONFIRM_S` after the later one; else to the end of the window; for a second look `MORE_S`
        beyond. All depend on the samples alone, never on how many of them have arrived.
        """
        if pending.around_s is None or pending.is_due:
            return None
        start_s, stop_s = pending.window_s
        more_s = MORE_S if pending.draft is not None else 0.0
        ons = [self._confirmed_on(site, start_s, stop_s, known_s) for site in self._muscles.pair]
        if len(ons) == 2 and None not in ons:
            return max(on for on in ons if on is not None) + CONFIRM_S + more_s
        return stop_s + CONFIRM_S + more_s

    def _confirmed_on(self, site: Site, start_s: float, stop_s: float, known_s: float) -> float | None:
        """Find the first burst in a window that lasted long enough to count."""
        lasting = self._muscles.stream_of(site).lasting(site, start_s, stop_s, CONFIRM_S, known_s)
        return lasting[0] if lasting else None
