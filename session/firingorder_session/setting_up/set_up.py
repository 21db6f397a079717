"""Setting a test up, step by step, without a thread or a clock: samples and wishes in, what to show and record out.

The steps and what ends each are `STEPS` and `SetUp.next`. Nothing but rest is required for an order, so every step can
be left with `next`, and a skipped check is recorded as skipped. What is recorded: the names that were exchanged, what
the check found, the rest level, the references. Samples of the set-up never enter a set (`beginning.py`).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from firingorder_bridge.events import BridgeEvent, Samples, StreamDescribed
from firingorder_signal.blocks import Side, Site, StreamInfo, StreamKind
from firingorder_signal.identity_check import IdentityCheck, renamed_together
from firingorder_signal.identity_evidence import question_of
from firingorder_signal.power_bins import BIN_S

from ..events.set_up_events import (
    ChooseReference,
    ChooseTest,
    ExchangeNames,
    IdentityView,
    ReferencePhase,
    ReferenceView,
    RestView,
    SetUpChanged,
    SetUpCommand,
    SetUpStep,
)
from .reference_run import ReferenceRun
from .references import REFERENCE
from .relabelling import RELABEL, Names
from .set_up_signals import Level, SetUpSignals, Up

#: All steps in order; the first only where something was left open on the command line.
STEPS = tuple(step for step in SetUpStep if step is not SetUpStep.DONE)
#: Kinds of recorded events: what the identity check came to, and the level at rest.
IDENTITY, REST_LEVEL = "identity", "rest_level"
#: Kinds of those from which a replay shows the page again: with what it began, and what was asked of it, and when.
SET_UP_BEGAN, SET_UP_ASKED = "set_up_began", "set_up_asked"
#: Quiet that is measured, seconds (at least 2 s once a set), in pieces that must agree.
QUIET_S, PIECE_S = 2.0, 0.5
#: A piece this much louder than the quietest is no rest (J: noise alone stays within 2 dB).
RESTLESS_DB = 6.0
#: How often the page is told, seconds of signal.
TELL_EVERY_S = 0.1
#: How much of each level is kept, seconds.
KEPT_S = 30.0


@dataclass(frozen=True)
class Note:
    """Something for the recording."""

    kind: str
    data: dict[str, Any]


SetUpOutput = SetUpChanged | Note


@dataclass
class SetUp:
    """A running set-up.

    Parameters
    ----------
    protocol, side
        As far as they are known; MIDDLE = not chosen.
    asks_test
        Whether test or side are still to be chosen.

    Attributes
    ----------
    step
        Where it stands.
    names
        What the sensors' channels are called; exchanges change it.
    time_s
        How far the signal has come; minus infinity before there is one.
    """

    protocol: str
    side: Side
    asks_test: bool = True
    names: Names = field(default_factory=Names)
    step: SetUpStep = field(init=False)
    time_s: float = float("-inf")
    _began: dict[str, Any] | None = None  # still to be noted
    _streams: dict[str, StreamInfo] = field(default_factory=dict[str, StreamInfo])
    _signals: SetUpSignals = field(default_factory=SetUpSignals)
    _levels: dict[Site, deque[Level]] = field(default_factory=dict[Site, deque[Level]])
    _identity: IdentityCheck | None = None
    _exchanged: bool = False
    _noted_identity: bool = False
    _worked_db: dict[Site, float] = field(default_factory=dict[Site, float])
    _rest: RestView | None = None
    _reference: ReferenceRun | None = None
    _told_s: float = float("-inf")

    def __post_init__(self) -> None:
        """Begin with the first step that there is something to do in."""
        self.step = self.steps[0]
        self._began = {"protocol": self.protocol, "side": self.side.value, "asks_test": self.asks_test}

    @property
    def steps(self) -> tuple[SetUpStep, ...]:
        """The steps of this set-up."""
        return STEPS if self.asks_test else STEPS[1:]

    @property
    def is_done(self) -> bool:
        """Whether the test may begin."""
        return self.step is SetUpStep.DONE

    @property
    def sites(self) -> tuple[Site, ...]:
        """What is worn, muscles first, as it is called now."""
        streams = sorted(self._streams.values(), key=lambda each: (each.kind is not StreamKind.EMG, each.stream_id))
        return tuple(dict.fromkeys(site for stream in streams for site in stream.sites))

    def take(self, events: Iterable[BridgeEvent]) -> list[SetUpOutput]:
        """Take what the bridge brought, with the names that hold; return what to show and record."""
        moved = False
        for event in events:
            match event:
                case StreamDescribed(stream):
                    moved |= self._streams.get(stream.stream_id) != stream
                    self._streams[stream.stream_id] = stream
                case Samples(block):
                    self._hear(self._signals.take(block))
                    self.time_s = max(self.time_s, block.end_s)
                case _:
                    pass
        notes: list[SetUpOutput] = []
        if self._began is not None and self._streams:
            notes.append(Note(SET_UP_BEGAN, self._began))
            self._began = None
        if self._identity is not None and self.step is SetUpStep.IDENTITY:
            moved |= self._identity.pass_time()
            notes += self._note_identity()
        if self._reference is not None and self.step is SetUpStep.REFERENCE:
            moved |= self._reference.pass_time()
        if self.step is SetUpStep.REST:
            self._measure_rest()
        return [*notes, *self._tell(always=moved)]

    def next(self) -> list[SetUpOutput]:
        """Go on: to the next question or trial, else to the next step."""
        notes: list[SetUpOutput] = []
        if self.step is SetUpStep.IDENTITY and self._identity is not None and not self._identity.is_over:
            self._identity.skip()
            notes += self._note_identity()
        elif self.step is SetUpStep.REFERENCE and self._is_under_way():
            assert self._reference is not None
            self._reference.skip()
        elif self.can_go_on:
            notes += self._leave()
            self._enter(self._neighbour(1))
        return [self._asked("next", to=self.step.value), *notes, *self._tell(always=True)]

    def back(self) -> list[SetUpOutput]:
        """Do the step's work again, else go to the step before."""
        if self.step is SetUpStep.IDENTITY and self._identity is not None and self._identity.is_over:
            self._begin_identity()
        elif self.step is SetUpStep.REFERENCE and self._reference is not None:
            self._reference = None
        elif self.step is not self.steps[0]:
            self._enter(self._neighbour(-1))
        return [self._asked("back", to=self.step.value), *self._tell(always=True)]

    def follow(self, to: SetUpStep, *, back: bool) -> list[SetUpOutput]:
        """Go where a recorded set-up went, wherever this one is by itself: its samples came in other pieces."""
        if to is not self.step:
            self._enter(to)
        elif back and self.step is SetUpStep.IDENTITY:
            self._begin_identity()
        elif back:
            self._reference = None
        elif self.step is SetUpStep.IDENTITY and self._identity is not None:
            self._identity.skip()
        elif self._reference is not None and self._is_under_way():
            self._reference.skip()
        return self._tell(always=True)

    def obey(self, command: SetUpCommand) -> list[SetUpOutput]:
        """Do what the view asks for."""
        notes: list[SetUpOutput] = []
        match command:
            case ChooseTest(protocol, side):
                notes.append(self._asked("test", protocol=protocol, side=side.value))
                self.protocol, self.side = protocol, side
            case ExchangeNames():
                notes += [self._asked("exchange"), *self._exchange()]
            case ChooseReference(kind):
                notes.append(self._asked("reference", kind=kind.value))
                if self.step is SetUpStep.REFERENCE and self._reference is None:
                    rest = {site: self._quietest_uv(site) for site in self._signals.muscles}
                    known = {site: level for site, level in rest.items() if level is not None}
                    self._reference = ReferenceRun(kind, self._tested(), known)
        return [*notes, *self._tell(always=True)]

    def _asked(self, what: str, **more: str) -> Note:
        """Note what was asked for, at this moment of the signal."""
        time_s = self.time_s if isfinite(self.time_s) else None
        return Note(SET_UP_ASKED, {"time_s": time_s, "what": what, **more})

    @property
    def can_go_on(self) -> bool:
        """Whether there is anything to go on with: a test needs a sensor."""
        return self.step in (SetUpStep.CHOOSE, SetUpStep.PLACE) or bool(self._signals.muscles)

    def _is_under_way(self) -> bool:
        return self._reference is not None and self._reference.phase is not ReferencePhase.OVER

    def _tested(self) -> tuple[Site, ...]:
        """Return the muscles of the tested side, and those of no side."""
        sides = (self.side, Side.MIDDLE) if self.side is not Side.MIDDLE else tuple(Side)
        return tuple(site for site in self._signals.muscles if site.side in sides)

    def _neighbour(self, way: int) -> SetUpStep:
        """Return the step after this one, or before it."""
        order = (*self.steps, SetUpStep.DONE)
        return order[order.index(self.step) + way]

    def _enter(self, step: SetUpStep) -> None:
        """Go to a step, and begin what it does."""
        self.step = step
        if self.step is SetUpStep.IDENTITY:
            self._begin_identity()
        elif self.step is SetUpStep.REST:
            self._rest = RestView(0.0)
        elif self.step is SetUpStep.REFERENCE:
            self._reference = None

    def _begin_identity(self) -> None:
        """Ask from the beginning."""
        self._exchanged = self._noted_identity = False
        self._identity = IdentityCheck(self._signals.muscles, self._signals.segments, self.side)
        for own in self._levels.values():
            for level in own:
                self._identity.add_power(level.site, level.time_s, level.power)

    def _leave(self) -> list[SetUpOutput]:
        """Record what the step came to."""
        if self.step is SetUpStep.REST and self._rest is not None and self._rest.levels_uv:
            levels = {str(site): round(level, 3) for site, level in self._rest.levels_uv.items()}
            return [Note(REST_LEVEL, {"rms_uv": levels})]
        if self.step is SetUpStep.REFERENCE and self._reference is not None:
            return [Note(REFERENCE, reference.to_json()) for reference in self._reference.found]
        return []

    def _hear(self, found: Sequence[Level | Up]) -> None:
        """Give levels and attitudes to whoever listens."""
        for each in found:
            if isinstance(each, Level):
                own = self._levels.setdefault(each.site, deque())
                own.append(each)
                while own[0].time_s < each.time_s - KEPT_S:
                    own.popleft()
                if self._identity is not None:
                    self._identity.add_power(each.site, each.time_s, each.power)
                if self._reference is not None:
                    self._reference.add_power(each.site, each.time_s, each.power)
            elif self._identity is not None:
                self._identity.add_up(each.site, each.time_s, each.acceleration)

    def _note_identity(self) -> list[SetUpOutput]:
        """Record once what the check came to, and keep how far each muscle rose."""
        check = self._identity
        if check is None or not check.is_over or self._noted_identity:
            return []
        self._noted_identity = True
        for answer in check.answers:
            for site, figure in answer.figures.items():
                if question_of(site) == answer.question:
                    self._worked_db[site] = max(figure, self._worked_db.get(site, 0.0))
        identities = {"muscles": check.muscle_identity, "segments": check.segment_identity}
        data = {
            name: {
                "outcome": each.outcome.value,
                "renamed": {str(site): str(true) for site, true in each.renamed.items()},
                "margin": each.margin,
                "silent": list(map(str, each.silent)),
            }
            for name, each in identities.items()
        }
        answers = [
            {
                "ask": answer.question.ask.value,
                "side": answer.question.side.value,
                "heard": answer.heard,
                "figures": {str(site): round(figure, 2) for site, figure in answer.figures.items()},
            }
            for answer in check.answers
        ]
        return [Note(IDENTITY, {**data, "answers": answers})]

    def _exchange(self) -> list[SetUpOutput]:
        """Call the sensors what their answers say they are."""
        check = self._identity
        if check is None or not check.is_over or self._exchanged:
            return []
        renamed = renamed_together((check.muscle_identity, check.segment_identity))
        if not renamed:
            return []
        self.names = self.names.exchanged(self._streams.values(), renamed)
        self._streams = {key: self.names.stream(stream) for key, stream in self._streams.items()}
        own = {Side.LEFT: 0, Side.RIGHT: 0}
        for site in self.sites:
            if site.side in own and question_of(site) is not None:
                own[site.side] += 1
        if self.side is not Side.MIDDLE and own[self.side] == 0 and any(own.values()):
            self.side = max(own, key=lambda side: own[side])  # all sensors are on the other leg, which is tested then
        self._signals, self._levels, self._worked_db = SetUpSignals(), {}, {}
        self._exchanged = True
        return [Note(RELABEL, self.names.to_json())]

    def _quietest_uv(self, site: Site, last_s: float = KEPT_S) -> float | None:
        """Return the quietest half second of a muscle lately, µV RMS; None before there is one."""
        n_mean = round(PIECE_S / BIN_S)
        power = [level.power for level in self._levels.get(site, ()) if level.time_s > self.time_s - last_s]
        if len(power) < n_mean:
            return None
        sums = np.concatenate([[0.0], np.cumsum(power)])
        return float(np.sqrt(max(float(np.min(sums[n_mean:] - sums[:-n_mean])), 0.0) / n_mean))

    def _measure_rest(self) -> None:
        """Measure the level over two quiet seconds; once measured it stays."""
        if self._rest is None or self._rest.levels_uv or not self._signals.muscles:
            return
        levels: dict[Site, float] = {}
        moving: list[Site] = []
        shares: list[float] = []
        for site in self._signals.muscles:
            quietest = self._quietest_uv(site)
            own = [level.power for level in self._levels.get(site, ()) if level.time_s > self.time_s - QUIET_S]
            if quietest is None or not own:
                return
            n_piece = round(PIECE_S / BIN_S)
            pieces = [float(np.mean(own[at : at + n_piece])) for at in range(0, len(own) - n_piece + 1, n_piece)]
            limit = max(quietest, 0.5) ** 2 * 10 ** (RESTLESS_DB / 10)
            n_quiet = 0
            for piece in reversed(pieces):
                if piece > limit:
                    break
                n_quiet += 1
            shares.append(min(n_quiet * PIECE_S / (QUIET_S - PIECE_S), 1.0))
            if pieces and pieces[-1] > limit:
                moving.append(site)
            levels[site] = float(np.sqrt(np.mean(own)))
        done = min(shares, default=0.0) >= 1.0
        self._rest = RestView(min(shares, default=0.0), levels if done else {}, tuple(moving))

    def _tell(self, *, always: bool) -> list[SetUpOutput]:
        """Say where it stands, when that has changed or is due."""
        if not always and self.time_s - self._told_s < TELL_EVERY_S:
            return []
        self._told_s = self.time_s
        muscles = tuple(site for site in self.sites if site in set(self._signals.muscles))
        rest = {site: level for site in muscles if (level := self._quietest_uv(site)) is not None}
        electrodes = self._signals.states(rest, self._worked_db, muscles)
        said = SetUpChanged(
            self.step,
            self.steps,
            self.protocol,
            self.side,
            self.sites,
            electrodes,
            self._identity_view(),
            self._rest if self.step is SetUpStep.REST else None,
            self._reference_view(),
            self.can_go_on,
        )
        return [said]

    def _identity_view(self) -> IdentityView | None:
        check = self._identity
        if check is None or self.step is not SetUpStep.IDENTITY:
            return None
        number, total = check.n_questions
        over = check.is_over
        return IdentityView(
            check.question, number, total, check.attempt, check.hearing, check.levels_db(), check.turned_deg(),
            check.answers, check.muscle_identity if over else None, check.segment_identity if over else None,
            self._exchanged,
        )  # fmt: skip

    def _reference_view(self) -> ReferenceView | None:
        if self.step is not SetUpStep.REFERENCE:
            return None
        return ReferenceView(ReferencePhase.OFFERED) if self._reference is None else self._reference.view()
