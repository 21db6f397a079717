"""What the review's window knows, without Qt: one view model a side, the page, and what its cards say."""

from collections.abc import Iterable
from dataclasses import replace

from firingorder_session.events.effort_events import EffortEvent, EffortLevel, HoldSummary
from firingorder_session.events.live_events import Phase, PhaseChanged, SessionEnded, TestStarted
from firingorder_session.messages import Message
from firingorder_signal.blocks import Side
from firingorder_signal.events import EmgTrace, LiftEnded, MotionTrace, PipelineEvent, SetUpdated
from firingorder_signal.results import Lift

from . import figures
from .by_hand import describe_hands
from .cards import answer_card, set_card
from .content import CardContent
from .lift_lists import RowContent, row, rows
from .markers import Marker, markers_of
from .model import ViewModel
from .per_lift import PerLift
from .review_holds import ReviewHolds
from .status import TopContent, rates_line, top_content
from .telling import tell
from .texts import Texts
from .traces import WINDOW_S


class ReviewModel:
    """State of the review. `feed` follows the analysis; the rest is what a person does."""

    def __init__(self, started: TestStarted, texts: Texts) -> None:
        """Start before anything is analysed."""
        self.texts = texts
        self.started = started
        self.done: float | None = 0.0  # how much is analysed; None once all is
        self.problem: Message | None = None  # why it will never be
        self.models: dict[Side, ViewModel] = {}
        self.side = started.side
        self.shows_set = False
        self.message = ""
        self.holds = ReviewHolds(started.hold, texts) if started.hold is not None else None
        self.note = ""  # what to know of the recording itself, where nothing newer is to be said
        self._blank = self._make(started.side)
        self._rows = PerLift(lambda lift: row(lift, False, texts))
        self._faint = PerLift(self._faint_markers)

    def _make(self, side: Side) -> ViewModel:
        """Make the view model of a side."""
        model = ViewModel(self.texts)
        model.feed((replace(self.started, side=side), PhaseChanged(Phase.DONE)))
        return model

    @property
    def is_analysing(self) -> bool:
        """Whether the analysis goes on."""
        return self.done is not None and self.problem is None

    @property
    def view(self) -> ViewModel:
        """The shown side's model."""
        return self.models.get(self.side, self._blank)

    @property
    def lift(self) -> Lift | None:
        """The lift that is shown."""
        return self.view.shown_lift

    def feed(self, events: Iterable[PipelineEvent | EffortEvent]) -> None:
        """Follow the analysis, or a correction."""
        for event in events:
            match event:
                case EmgTrace() | MotionTrace():
                    self._note_stream(event)
                case EffortLevel() | HoldSummary() if self.holds is not None:
                    self.holds.take(event)
                case LiftEnded(lift=lift):
                    self._take_lift(event, lift)
                case SetUpdated(result=result):
                    self._model_of(result.side).feed((event,))
                case _:
                    pass

    def _take_lift(self, event: LiftEnded, lift: Lift) -> None:
        """Keep a lift; what is shown stays, and is at first the first lift of the first side that has any."""
        if not any(model.lifts for model in self.models.values()):
            self.side = lift.side
        model = self._model_of(lift.side)
        shown = model.shown
        model.feed((event,))
        model.shown = lift.number if shown is None else shown

    def _note_stream(self, event: EmgTrace | MotionTrace) -> None:
        """Let every side know which streams there are."""
        if isinstance(event, EmgTrace) and event.stream.stream_id in self._blank.streams:
            return
        if isinstance(event, MotionTrace) and self._blank.has_motion:
            return
        for model in (self._blank, *self.models.values()):
            model.feed((event,))

    def _model_of(self, side: Side) -> ViewModel:
        """Return a side's model, making it where it is new."""
        if side not in self.models:
            self.models[side] = self._make(side)
            self.models[side].streams = dict(self._blank.streams)
            self.models[side].has_motion = self._blank.has_motion
        return self.models[side]

    def finish(self) -> None:
        """Note that all is analysed."""
        self.done = None
        for model in (self._blank, *self.models.values()):
            model.feed((SessionEnded(),))

    def turn_side(self) -> None:
        """Show the next side that has lifts."""
        sides = [side for side, model in self.models.items() if model.lifts]
        if self.side in sides and len(sides) > 1:
            self.side = sides[(sides.index(self.side) + 1) % len(sides)]

    def choose(self, number: int) -> bool:
        """Show a lift; return whether it exists."""
        if number not in self.view.lifts:
            return False
        self.view.shown, self.shows_set = number, False
        return True

    def neighbour(self, step: int) -> int | None:
        """Give the number of the next lift or the one before; the shown one at either end, None without lifts."""
        numbers = sorted(self.view.lifts)
        if self.view.shown not in numbers:
            return numbers[0] if numbers else None
        return numbers[min(max(numbers.index(self.view.shown) + step, 0), len(numbers) - 1)]

    def card(self) -> CardContent:
        """Derive the state card: what ended the analysis, how far it is before there is a lift, lift or set."""
        texts = self.texts
        if self.problem is not None:
            body, word = tell(self.problem, texts), texts.error_word
            return CardContent(self.started.source, word, word_role="alarm", body=body, edge_role="alarm")
        if self.done is not None and (self.lift is None or self.holds is not None):
            word, body = texts.review.analysing_word, self.progress()
            return CardContent(self.started.source, word, body=body, progress=self.done)
        if self.holds is not None:
            return self.holds.card(self.started.source)
        if self.lift is None:
            return CardContent(self.started.source, texts.not_judged, body=texts.review.no_lifts, edge_role="muted")
        if self.shows_set and self.view.result is not None:
            return set_card(self.view.result, texts)
        return answer_card(self.lift, texts)

    def top(self, page_start_s: float, duration_s: float) -> TopContent:
        """Derive the top bar: what was tested, and which part of it is open."""
        texts = self.texts
        content = top_content(self.view)
        simulated = [texts.simulated] if self.view.is_simulated else []
        return replace(
            content,
            chips=(),
            circles=(),
            counter=self.started.source,
            origin="  ·  ".join([*simulated, texts.review.tag]),
            recording=self.position(page_start_s, duration_s),
        )

    def position(self, page_start_s: float, duration_s: float) -> str:
        """Say which part of the recording is open."""
        stop_s = min(page_start_s + WINDOW_S, duration_s)
        start, stop, total = (figures.clock(time_s) for time_s in (page_start_s, stop_s, duration_s))
        return self.texts.review.position.format(start=start, stop=stop, total=total)

    def bottom(self) -> str:
        """Derive the bottom line: what was just done, how far it is, who put the lift's onsets, or what is recorded."""
        said = self.message or self.progress() or describe_hands(self.lift, self.texts) or self.note
        return said or rates_line(self.view)

    def progress(self) -> str:
        """Say how much is analysed; nothing once all is."""
        return "" if self.done is None else self.texts.review.analysing.format(percent=int(100 * self.done))

    def markers(self) -> tuple[Marker, ...]:
        """Mark all lifts; the shown one's are heavy and labelled, as the newest one's are live."""
        found: list[Marker] = []
        for lift in self.view.lifts.values():
            found += self._own_markers(lift) if lift.number == self.view.shown else self._faint.of(lift)
        return tuple(found)

    def _own_markers(self, lift: Lift) -> tuple[Marker, ...]:
        """Mark a lift as the newest one is marked live."""
        return markers_of((lift,), 0.0, self.texts)

    def _faint_markers(self, lift: Lift) -> tuple[Marker, ...]:
        """Mark a lift that is not shown."""
        return tuple(replace(mark, newest=False) for mark in self._own_markers(lift) if mark.site is not None)

    def rows(self) -> list[RowContent]:
        """Derive the table's rows."""
        return rows(self.view, self._rows.of)
