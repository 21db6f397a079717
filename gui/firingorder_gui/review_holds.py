"""What the review knows of a test of holds, without Qt: the moment that is looked at, and what the cards say of it."""

from firingorder_session.events.effort_events import EffortLevel, HoldSummary
from firingorder_session.protocols.protocol_plan import HoldPlan

from .content import CardContent
from .effort import EffortContent, effort_content
from .effort_history import EffortHistory
from .hold_cards import hold_card
from .hold_picture import HoldPicture, hold_picture
from .hold_rows import HoldRow, hold_rows
from .overview import OverviewContent, overview_of_holds
from .texts import Texts

#: A chosen hold is looked at from here on, seconds from its tone: the muscle has tightened by then (J).
INTO_HOLD_S = 2.0


class ReviewHolds:
    """The holds of one recording, and the moment under the playhead."""

    def __init__(self, plan: HoldPlan, texts: Texts) -> None:
        """Start before anything is analysed."""
        self.history = EffortHistory(plan)
        self.moment_s = 0.0
        self._texts = texts

    def take(self, event: EffortLevel | HoldSummary) -> None:
        """Follow the analysis."""
        self.history.take(event)

    @property
    def place(self) -> int | None:
        """Place of the hold that is looked at: the one under the playhead, else the last one before it."""
        return self.history.place_at(self.moment_s)

    @property
    def shown(self) -> HoldSummary | None:
        """That hold."""
        return None if self.place is None else self.history.holds[self.place]

    def start_of(self, place: int) -> float:
        """Say when a hold began."""
        return self.history.holds[place].hold.start_s

    def choose(self, place: int) -> None:
        """Look at a hold."""
        hold = self.history.holds[place].hold
        self.moment_s = hold.start_s + min(INTO_HOLD_S, (hold.time_s - hold.start_s) / 2)

    def place_of(self, number: int) -> int | None:
        """Find the newest hold of a number: one that was cut short has the number of the next."""
        places = [place for place, each in enumerate(self.history.holds) if each.hold.number == number]
        return places[-1] if places else None

    def neighbour(self, step: int) -> int | None:
        """Give the place of the next hold or the one before; the first and last at either end, None without holds."""
        if not self.history.holds:
            return None
        place = self.place
        wanted = (0 if step > 0 else -1) if place is None else place + step
        return min(max(wanted, 0), len(self.history.holds) - 1)

    def card(self, source: str) -> CardContent:
        """Derive the state card."""
        if self.shown is not None:
            return hold_card(self.shown, self._texts)
        words = self._texts.effort
        text = words.review_before if self.history.holds else words.review_none
        return CardContent(source, self._texts.effort.title_word, body=text, edge_role="muted")

    def effort(self) -> EffortContent:
        """Derive the effort card."""
        history, moment_s = self.history, self.moment_s
        state, phase = history.state_at(moment_s), history.phase_at(moment_s)
        return effort_content(state, phase, history.n_held_at(moment_s), self._texts)

    def rows(self) -> tuple[HoldRow, ...]:
        """Derive the list of holds."""
        return hold_rows(self.history.holds, self.shown, self._texts)

    def picture(self) -> HoldPicture:
        """Derive the lens."""
        return hold_picture(self.shown, self.history.plan, self._texts)

    def overview(self, page_start_s: float, duration_s: float, marks_s: tuple[float, ...]) -> OverviewContent:
        """Derive the overview bar."""
        return overview_of_holds(self.history.holds, self.place, page_start_s, duration_s, marks_s)
