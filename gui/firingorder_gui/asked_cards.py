"""The cards that lie over order and table when they are asked for, or when there is reason to show them unasked."""

from collections.abc import Sequence

from firingorder_session.events.live_events import Phase

from .answer import answer_content
from .answer_card import AnswerCard
from .bottom_bar import Action, BottomBar
from .effort import effort_content
from .effort_card import EffortCard
from .hold_rows import hold_rows
from .hold_table import HoldTable
from .model import ViewModel
from .qt import QtWidgets
from .sensors import sensors_content
from .sensors_card import SensorsCard
from .window_layout import Places, place_effort


class AskedCards:
    """Shows and hides the sensors' card, the answer and the effort; the bottom bar says which was asked for."""

    def __init__(
        self,
        model: ViewModel,
        sensors: SensorsCard,
        answer: AnswerCard,
        effort: EffortCard,
        holds: HoldTable,
        bottom: BottomBar,
        under: Sequence[QtWidgets.QWidget],
    ) -> None:
        self._model, self._sensors, self._answer, self._bottom = model, sensors, answer, bottom
        self._effort, self._holds, self._under = effort, holds, under
        self._sensors_wanted: bool | None = None  # None = nobody has said; there may be reason to
        self._answer_wanted: bool | None = None
        self._places: Places | None = None
        self._scale = 1.0

    def show_sensors(self) -> None:
        """Show the sensors' card as it was asked for; unasked until there is a lift, whose order takes its place."""
        content = sensors_content(self._model)
        if content.notes != self._sensors.content.notes and not self._model.lifts:
            self._sensors_wanted = None  # what came up is shown also where the card was put away
        self._sensors.show_content(content)
        rests = self._model.phase.phase in (Phase.CONNECTING, Phase.LIE_STILL)
        begun = self._model.lifts or (self._model.holds and not rests)
        unasked = not begun and self._model.ended is None and bool(content.rows or content.notes)
        shown = unasked if self._sensors_wanted is None else self._sensors_wanted
        self._sensors.setVisible(shown)
        self._bottom.hints[Action.SENSORS].show_active(shown)

    def want_sensors(self, wanted: bool) -> None:
        """Show the sensors' card, or put it away."""
        self._sensors_wanted = wanted
        self.show_sensors()

    def show_answer(self) -> None:
        """Show what the set says as it was asked for; unasked when the test is over, until a lift is chosen."""
        content = answer_content(self._model)
        self._answer.show_content(content)
        over = self._model.phase.phase is Phase.DONE or self._model.ended is not None
        shown = bool(content.rows) and (over if self._answer_wanted is None else self._answer_wanted)
        self._answer.setVisible(shown)
        self._bottom.hints[Action.ANSWER].show_active(shown)

    def want_answer(self, wanted: bool) -> None:
        """Show what the set says, or the order of one lift."""
        self._answer_wanted = wanted
        self.show_answer()

    def show_effort(self) -> None:
        """Show effort in holds and in bridges, and the list of holds when they are over."""
        model = self._model
        shown, listed = model.shows_effort, self.lists_holds
        self._effort.setVisible(shown)
        self._holds.setVisible(listed)
        for part in self._under:  # order and lifts would show between the cards of a test of holds
            part.setVisible(not model.holds)
        if self._places is not None:
            self.place_effort(self._places, self._scale)
        if shown:
            self._effort.show_content(effort_content(model.effort, model.phase, model.n_held, model.texts))
        if listed:
            self._holds.show_content(hold_rows(model.effort.summaries, model.effort.shown, model.texts))

    def place_effort(self, places: Places, scale: float) -> None:
        """Place what is shown of effort: it is more in a test of holds than in one of bridges."""
        self._places, self._scale = places, scale
        boxes = place_effort(places, scale, holds=self._model.holds, listed=self.lists_holds)
        for part, box in zip((self._effort, self._holds), boxes, strict=True):
            part.setGeometry(round(box.left), round(box.top), round(box.width), round(box.height))

    @property
    def lists_holds(self) -> bool:
        """Whether the holds are listed: when the test is over."""
        model = self._model
        over = model.phase.phase is Phase.DONE or model.ended is not None
        return model.holds and over and bool(model.effort.summaries)
