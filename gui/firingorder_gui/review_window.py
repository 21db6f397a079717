"""The review's window: a whole recording in the live window's parts, with an overview bar under the traces.

What the analysis finds is taken in slices on the window's own timer, and shown as it comes: a lift can be looked at as
soon as it is found, while later ones are still sought. Keys are taken in `keyPressEvent`, as in the live window.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from firingorder_session.judging.analysis import HOLD_S
from firingorder_session.judging.review import Review

from .bottom_bar import Action, BottomBar
from .help_overlay import HelpOverlay
from .history_page import HistoryPage
from .hold import Hold
from .holds_view import HoldsView
from .initials import AskInitials
from .intake import Intake
from .keys import LIFT_KEYS
from .lens_model import cut_lens
from .lens_pointer import LensPointer
from .lift_lists import order_content, set_line
from .lift_table import LiftTable
from .order_card import OrderCard
from .overview import LEAD_S, overview_content, overview_traces
from .overview_bar import OverviewBar
from .page_store import PageStore
from .page_window import ActionWindow
from .panel import Panel
from .picture import save_both
from .qt import QtCore, QtGui
from .report_desk import ReportDesk
from .review_acts import act_at_once
from .review_hand import HandTool
from .review_keys import ACTIONS, PAGE_KEYS, hold_caps, key_in_hand, review_caps
from .review_layout import place_review
from .review_pace import Pace, fit_scales
from .texts import ENGLISH, Texts
from .top_bar import TopBar
from .trace_panel import TracePanel
from .traces import WINDOW_S
from .verdict_card import VerdictCard

#: One frame at 60 Hz; between two slices the window is drawn and heard.
FRAME_MS, SLICE_S = 16, 0.03
#: So far behind what is analysed the last samples of a page or a lens may come, seconds: what the analysis holds back,
#: twice, for streams come one behind the other.
BEHIND_S = 2 * HOLD_S


class ReviewWindow(ActionWindow):
    """The window of one recording.

    Parameters
    ----------
    review
        The recording; analysed by this window's timer.
    by
        Initials of whoever moves onsets; asked for at the first correction where they are empty.
    pictures
        Folder for pictures of the window; None = beside the recording.
    clock
        Seconds that only grow; a parameter so that tests need not wait.
    """

    key_actions = ACTIONS

    def __init__(
        self,
        review: Review,
        *,
        by: str = "",
        theme: str = "dark",
        texts: Texts = ENGLISH,
        pictures: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make all widgets; nothing runs before `start`."""
        title = " · ".join((texts.app_title, review.started.source, texts.review.tag))
        super().__init__(title, texts.app_title, theme)
        self.review = review
        self.texts = texts
        self.clock = clock
        self._intake = Intake(review, texts)
        self.model, self.whole = self._intake.model, self._intake.whole
        self.store = PageStore(self.whole)
        path = review.recording.info.path
        self.pictures = pictures or (path.absolute().parent if path else Path.cwd())
        self.on_analysed: Callable[[], None] | None = None
        self._marks_s = review.marks_s
        self._hold = Hold()
        self._pace = Pace()
        self._known_s = 0.0  # how much of the recording was analysed when what is known so far was last drawn
        self._has_turned = False  # whether a lift or a page was asked for: nothing else may turn the page then
        self._build(by)
        self.timer = QtCore.QTimer(self)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self.tick)
        self.refresh()

    def _build(self, by: str) -> None:
        """Make the widgets."""
        texts, words = self.texts, self.texts.review
        self.top = TopBar(self.look, texts, self.model.top(0.0, self.whole.duration_s), self)
        self.panel = Panel(self.look, texts, self.store, self)
        self.overview = OverviewBar(self.look, words.overview, self.turn, self.choose, self)
        self.card = VerdictCard(self.look, self.model.card(), self)
        self.order = OrderCard(self.look, texts, self)
        self.table = LiftTable(self.look, texts, self.choose_lift, self)
        self.holds = HoldsView(self.look, texts, self.traces, self.choose_hold, self._look_at, self)
        of_holds = self.model.holds is not None
        self.bottom = BottomBar(self.look, texts, self.act, self, hold_caps(texts) if of_holds else review_caps(texts))
        self.help = HelpOverlay(self.look, replace(texts, help_lines=words.help_lines), self)
        self.history = HistoryPage(self.look, texts, self, self._say)
        self.reports = ReportDesk(texts, self._say)
        self.hand = HandTool(self.review, self.model, by, lambda: self.ask.ask(), self.refresh)
        self.ask = AskInitials(self.look, texts, self.hand.answer, self)
        self.pointer = LensPointer(
            self.traces.viewport(), self.traces.lens, self.hand.grip, self.hand.drag_in, self.hand.keep
        )
        if of_holds:
            self.holds.open(self.order, self.table)
        cards = (self.card, self.order, self.table, self.holds.effort, self.holds.table)
        self._parts = (self.top, self.panel, self.overview, *cards, self.bottom)

    @property
    def traces(self) -> TracePanel:
        """The view of labels, sweep and lens."""
        return self.panel.traces

    @property
    def intakes(self) -> tuple[Intake, ...]:
        """The recording, on its way in."""
        return (self._intake,)

    def start(self) -> None:
        """Begin to analyse."""
        self.timer.start()

    def tick(self) -> None:
        """Analyse for a slice, or follow a held key."""
        self.reports.follow()
        self.history.follow()
        share = self._hold.follow(self.clock())
        self.bottom.hints[Action.STOP].show_share(share if share < 1.0 else 0.0)
        if share >= 1.0:
            self.close()
        elif self.model.is_analysing:
            self._analyse()

    def _analyse(self) -> None:
        """Take in what is found, for a slice; show it at the end, and now and then before."""
        now_s = self.clock()
        is_over = self._intake.work(self.clock, now_s + SLICE_S)
        if is_over and self.model.problem is None:
            self._show_found()
        elif is_over or self._pace.is_due(now_s):
            self._look()
        if is_over and self.on_analysed is not None:
            self.on_analysed()

    def _look(self) -> None:
        """Show what is known so far; page and lens only while samples for them may still come."""
        if self._is_closed or (not self.whole.sites and self.whole.motion is None):
            self.card.show_content(self.model.card())
        elif not self._has_turned or self._known_s < self.store.start_s + WINDOW_S + BEHIND_S:
            self._show_found()
        else:
            self._fold_overview()
            self._show_lists()
            self._show_places()
        self._known_s = (self.model.done or 0.0) * self.whole.duration_s

    @property
    def _is_closed(self) -> bool:
        """Whether nothing but the progress can be shown yet: holds are shown together, and broken files not at all."""
        return self.model.problem is not None or (self.model.holds is not None and self.model.is_analysing)

    def _show_found(self) -> None:
        """Show all that is found so far."""
        self.store.show(self.store.start_s)
        fit_scales(self.traces, self.whole)
        self.traces.arrange()
        self.traces.show()
        self.panel.setAccessibleName(", ".join(self.texts.parts.get(s.part, s.part) for s in self.store.sites))
        self.panel.update()
        self._fold_overview()
        if self.model.holds is not None:
            self.choose(0)
            self.refresh()
        elif self.model.lift is not None and not self._has_turned:
            self.choose_lift(self.model.lift.number)
        else:
            self.refresh()

    def _fold_overview(self) -> None:
        """Reduce the recording to the bar's width."""
        width = round(self.overview.strip.width() * self.devicePixelRatioF())
        self.overview.show_traces(overview_traces(self.whole, width))

    def refresh(self) -> None:
        """Derive and draw everything: after a person's act, or what the analysis found; never sixty times a second."""
        self._show_lists()
        if not self._is_closed:
            self._show_lens()
            self._show_page()

    def _show_lists(self) -> None:
        """Draw what is said of the lifts, beside and under the traces."""
        model, view = self.model, self.model.view
        self.card.show_content(model.card())
        self.order.show_content(order_content(view))
        self.table.show_content(model.rows(), set_line(view))
        self.bottom.show_line(self.texts.review.moving_keys if self.hand.draft else model.bottom())

    def _show_page(self) -> None:
        """Draw the open page, its place in the bars, and the lifts on it."""
        self._show_places()
        self.traces.sweep.markers = self.model.markers()
        self.traces.sweep.follow()
        self.traces.sweep.update()
        self.traces.show_labels({}, self.model.view.side)

    def _show_places(self) -> None:
        """Draw which part of the recording is open, and where its lifts are."""
        duration_s, start_s = self.whole.duration_s, self.store.start_s
        self.top.show_content(self.model.top(start_s, duration_s))
        if self.model.holds is not None:
            self.card.show_content(self.model.card())
            self.holds.show(self.model.holds, start_s)
            self.overview.show_content(self.model.holds.overview(start_s, duration_s, self._marks_s))
        else:
            view = self.model.view
            content = overview_content(view.lifts.values(), view.shown, start_s, duration_s, self._marks_s)
            self.overview.show_content(content)
        self.overview.say(self.model.position(start_s, duration_s))

    def _show_lens(self) -> None:
        """Cut the shown lift for the lens, with an onset in hand where it is."""
        if self.model.holds is not None:
            return
        lift = self.model.lift
        picture = cut_lens(lift, self.store, self.texts) if lift is not None else None
        self.traces.lens.chosen = self.hand.draft.site if self.hand.draft else None
        self.traces.show_lens(self.hand.onto(picture))
        self.traces.banner.show_text(self.hand.words)

    def turn(self, start_s: float) -> None:
        """Open the page that begins at a time."""
        if self._is_closed:
            return
        self._has_turned = True
        before_s = self.store.start_s
        self.store.show(start_s)
        if self.model.holds is not None:
            self.model.holds.moment_s += self.store.start_s - before_s
        self._show_page()

    def _look_at(self, on_page_s: float) -> None:
        """Put the playhead where the pointer is."""
        if self.model.holds is not None and not self._is_closed:
            self.model.holds.moment_s = self.store.start_s + on_page_s
            self._show_page()

    def choose(self, number: int) -> None:
        """Show the lift, or the hold, that the overview bar calls so."""
        (self.choose_lift if self.model.holds is None else self.choose_hold)(number)

    def choose_hold(self, place: int) -> None:
        """Put the playhead into a hold, and show the stretch it lies in."""
        holds = self.model.holds
        if holds is not None and place < len(holds.history.holds):
            self.model.message = ""
            holds.choose(place)
            self.store.show(holds.start_of(place) - LEAD_S)
            self.refresh()

    def choose_lift(self, number: int) -> None:
        """Show a lift, and the stretch it lies in."""
        if self.hand.draft is not None:
            self.hand.drop()
        if self.model.choose(number) and self.model.lift is not None:
            self.model.message = ""
            self._has_turned = True
            self.store.show(self.model.lift.start_s - LEAD_S)
            self.refresh()

    def act(self, action: Action, pressed: bool) -> None:
        """Do what a key or the pointer asks for."""
        if action is Action.STOP:
            (self._hold.press if pressed else self._hold.release)(self.clock())
        elif pressed and action is Action.HELP:
            self.help.setVisible(self.help.isHidden())
            self.help.raise_()
        elif pressed and not self._is_closed:
            act_at_once(self, action)

    def _say(self, message: str) -> None:
        """Say something until the next word about the data."""
        self.model.message = message
        self.refresh()

    def save_pictures(self, *, lens_alone: bool) -> None:
        """Save the window, or its lens, as SVG and PNG, and say where; nothing that is still going to change."""
        if self.model.done is not None:
            return
        part = self.traces.lens_area(self) if lens_alone else None
        stem = f"{Path(self.review.started.source).stem}-{'lens' if lens_alone else 'review'}"
        saved = save_both(self, self.pictures, stem, self.texts.review, part)
        self.history.note([self.review.recording], saved.paths)
        self.model.message = saved.words
        self.refresh()

    def event(self, event: QtCore.QEvent) -> bool:
        """Take Tab as a key: it chooses a muscle, and there is no other widget to go to."""
        if isinstance(event, QtGui.QKeyEvent) and event.type() is QtCore.QEvent.Type.KeyPress:
            key = event.key()
            if key in (QtCore.Qt.Key.Key_Tab, QtCore.Qt.Key.Key_Backtab) and self.ask.isHidden():
                if not self.history.take_key(event):
                    self.hand.choose_next(1 if key == QtCore.Qt.Key.Key_Tab else -1)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take a key or a pedal."""
        key = event.key()
        if self.help.isVisible():
            self.help.hide()
        elif self.history.take_key(event):
            pass
        elif self.hand.draft is not None and key_in_hand(self.hand, key, event.modifiers()):
            pass
        elif key in PAGE_KEYS:
            self.turn(self.store.start_s + PAGE_KEYS[key] * WINDOW_S)
        elif event.isAutoRepeat():
            pass
        elif key in LIFT_KEYS:
            number = self.model.holds.place_of(LIFT_KEYS[key]) if self.model.holds is not None else LIFT_KEYS[key]
            if number is not None:
                self.choose(number)
        elif key == QtCore.Qt.Key.Key_E and event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier:
            self.save_pictures(lens_alone=True)
        elif key in ACTIONS:
            self.act(ACTIONS[key], True)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Scale type with the window and lay everything out."""
        self.fit_style((*self._parts, self.help, self.ask, self.history))
        self._arrange()
        self._fold_overview()
        self.refresh()

    def _arrange(self) -> None:
        """Place every part; the overview bar takes the foot of the traces' panel."""
        boxes = place_review(self.width(), self.height(), self.look)
        for part, box in zip(self._parts, boxes, strict=True):
            part.setGeometry(round(box.left), round(box.top), round(box.width), round(box.height))
        for cover in (self.help, self.ask, self.history):
            cover.setGeometry(self.rect())

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Stop, and let the traces go."""
        self.timer.stop()
        self.history.desk.finish()
        self._intake.close()
        super().closeEvent(event)
