"""The live window: pulls events on its own timer, lets the models say what that means, and lays the widgets out.

Arrival and drawing are two clocks: nothing here is called from another thread and nothing draws on arrival. Keys are
taken in `keyPressEvent`, which works without a window manager too (a QShortcut does not).
"""

import time
from collections.abc import Callable
from pathlib import Path

from firingorder_session.events.guide_events import CueGiven, SideSwitched
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.events.live_events import Command, Origin, ReplayIdle
from firingorder_signal.events import EmgTrace, MotionTrace

from .answer_card import AnswerCard
from .asked_cards import AskedCards
from .bottom_bar import Action, BottomBar
from .cards import state_card
from .effort_card import EffortCard
from .handle import SessionHandle
from .help_overlay import HelpOverlay
from .history_page import HistoryPage
from .hold import Hold
from .hold_table import HoldTable
from .key_words import key_words
from .keys import ACTIONS, COMMANDS, LIFT_KEYS
from .lift_lists import order_content, rows, set_line, set_motion
from .lift_table import LiftTable
from .live_lens import LiveLens
from .model import Part, ViewModel
from .order_card import OrderCard
from .page_window import ActionWindow
from .panel import Panel
from .picture import pictures_folder, save_both
from .qt import QtCore, QtGui
from .report_desk import ReportDesk
from .sensors_card import SensorsCard
from .set_up_page import SetUpPage
from .spoken import traces_name, traces_trouble
from .stall import Stall, stall_words
from .status import health_line, lane_notes, origin_word, top_content
from .texts import ENGLISH, Texts
from .tone import Tone
from .top_bar import TopBar
from .trace_panel import TracePanel
from .traces import TraceStore
from .verdict_card import VerdictCard
from .window_layout import place_parts

#: One frame at 60 Hz.
FRAME_MS = 16
#: How long the state card flashes with the tone: long enough to be seen at once, once, and no flicker (J).
CUE_S = 0.2
#: How long the mark key lights up.
FLASH_S = 0.7


class LiveWindow(ActionWindow):
    """The window of a running or replayed test.

    Parameters
    ----------
    session
        The running test; drained sixty times a second, commanded by keys, closed with the window.
    clock
        Seconds that only grow; a parameter so that tests need not wait.
    tone
        Sounds with each cue; None = the window is silent.
    """

    key_actions = ACTIONS

    def __init__(
        self,
        session: SessionHandle,
        *,
        theme: str = "dark",
        texts: Texts = ENGLISH,
        clock: Callable[[], float] = time.monotonic,
        tone: Tone | None = None,
    ) -> None:
        """Make all widgets; nothing runs before `start`."""
        super().__init__(texts.app_title, texts.app_title, theme)
        self.session = session
        self.clock = clock
        self.texts = texts
        self.model = ViewModel(texts)
        self.store = TraceStore()
        self._lens = LiveLens(self.store, texts, self.model)
        self._hold = Hold()
        self._flash_until = self._cue_until = 0.0
        self.tone = tone or Tone(())
        self._stall = Stall()
        self.on_ended: Callable[[], None] | None = None
        self.on_review: Callable[[], None] | None = None  # what the next key does at the end, where not to close
        self.pictures = pictures_folder()
        self.made: list[Path] = []  # pictures of this test, for whoever files it
        self.keeps_history = True
        self._build()
        self.timer = QtCore.QTimer(self)
        self.timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self.tick)
        self._refresh(Part.ALL)

    def _build(self) -> None:
        """Make the widgets."""
        self.top = TopBar(self.look, self.texts, top_content(self.model), self)
        self.panel = Panel(self.look, self.texts, self.store, self)
        self.card = VerdictCard(self.look, state_card(self.model), self)
        self.order = OrderCard(self.look, self.texts, self)
        self.answer = AnswerCard(self.look, self.texts, self)
        self.table = LiftTable(self.look, self.texts, self.choose_lift, self)
        self.effort = EffortCard(self.look, self.texts, self)
        self.holds = HoldTable(self.look, self.texts, self._choose_hold, self)
        self.sensors = SensorsCard(self.look, self.texts, lambda: self._asked.want_sensors(False), self)
        self.bottom = BottomBar(self.look, self.texts, self.act, self)
        self.set_up = SetUpPage(
            self.look,
            self.texts,
            self.session.command,
            lambda: self.act(Action.NEXT, True),
            lambda: self.act(Action.REPEAT, True),
            self,
        )
        self.help = HelpOverlay(self.look, self.texts, self)
        self.history = HistoryPage(self.look, self.texts, self, self.bottom.show_line)
        self.reports = ReportDesk(self.texts, self.bottom.show_line)
        under = (self.order, self.table)
        self._asked = AskedCards(self.model, self.sensors, self.answer, self.effort, self.holds, self.bottom, under)
        cards = (self.card, self.order, self.table, self.answer, self.effort, self.holds, self.sensors)
        self._parts = (self.top, self.panel, *cards, self.bottom, self.set_up, self.help, self.history)

    @property
    def traces(self) -> TracePanel:
        """The view of labels, sweep and lens."""
        return self.panel.traces

    def start(self) -> None:
        """Begin to pull events."""
        self.timer.start()

    def tick(self) -> None:
        """Take one frame's events, then draw what they touched."""
        events = self.session.drain()
        was_ended = self.model.ended is not None
        touched = self.model.feed(events)
        for event in events:
            if isinstance(event, EmgTrace):
                touched |= Part.LANES if self.store.add_emg(event) else Part.NONE
                self._stall.note_data(self.clock())
            elif isinstance(event, MotionTrace):
                touched |= Part.LANES if self.store.add_motion(event) else Part.NONE
                self._stall.note_data(self.clock())
            elif isinstance(event, ReplayIdle):
                self._stall.note_replay(event.time_s)
            elif isinstance(event, CueGiven):
                self._cue_until = self.clock() + CUE_S
                self.tone.play()
            elif isinstance(event, HoldEnded):
                self.tone.play()  # whoever squeezes with closed eyes learns that it is over
            elif isinstance(event, SideSwitched):
                self._lens.begin_again()
        if touched & Part.SET_UP:
            self._stall.note_set_up(self.clock())
        if touched:
            self._refresh(touched)
        self._follow_time()
        if self.model.ended is not None and not was_ended and self.on_ended is not None:
            self.on_ended()

    def _follow_time(self) -> None:
        """Draw what changes by itself: traces, clocks, holds, stalls and lenses that are not complete yet."""
        now = self.clock()
        self.top.show_content(top_content(self.model))
        self.reports.follow()
        self.history.follow()
        self._lens.complete(self.traces)
        self._show_banner(now)
        self._follow_hold(now)
        self.bottom.hints[Action.MARK].show_active(now < self._flash_until)
        self.bottom.offer(Action.TONE, self.tone.can_play)
        self.bottom.offer(Action.HISTORY, self.keeps_history and self.model.recorded is not None)
        self.bottom.hints[Action.TONE].show_active(self.tone.on)
        self.card.show_flash(now < self._cue_until)
        self.traces.follow()

    def _refresh(self, touched: Part) -> None:
        """Derive and draw the parts of the window that changed."""
        if touched & Part.LANES:
            self._show_lanes()
        if touched & Part.CARD:
            self.card.show_content(state_card(self.model))
        if touched & Part.ORDER:
            self.order.show_content(order_content(self.model))
        if touched & Part.TABLE:
            self.table.show_content(rows(self.model), set_line(self.model), set_motion(self.model))
        if touched & (Part.SENSORS | Part.TABLE):
            self._asked.show_sensors()
        if touched & Part.SET_UP:
            self.set_up.show_state(self.model.set_up, is_over=self.model.origin is Origin.REPLAY)
            for action, meaning in key_words(self.model, can_review=self.on_review is not None).items():
                self.bottom.rename(action, meaning)
        if touched & Part.ANSWER:
            self._asked.show_answer()
        if touched & Part.EFFORT:
            self._asked.show_effort()
        if touched & Part.BOTTOM:
            self.bottom.show_line(health_line(self.model))
        if touched & Part.LENS:
            self._lens.show(self.traces)
        if touched == Part.ALL:
            words = (self.texts.app_title, self.model.title if self.model.test else "", origin_word(self.model))
            self.setWindowTitle(" · ".join(word for word in words if word))

    def _show_lanes(self) -> None:
        """Show a lane for each site that streams, and its troubles."""
        sites = [row.site for row in self.traces.place.rows if row.site is not None]
        has_angles = any(row.site is None for row in self.traces.place.rows)
        if sites != self.store.sites or has_angles != (self.store.motion is not None):
            self.traces.arrange()
            self.traces.show()
            self.panel.update()
        self.traces.show_labels(lane_notes(self.model), self.model.side)

    def _show_banner(self, now: float) -> None:
        """Say over the traces when they are frozen or have stopped."""
        measures = self.model.set_up is not None and bool(self.model.set_up.electrodes)
        unmeasured_s = self._stall.set_up_silent_s(now, self.model.origin) if measures else 0.0
        self.set_up.show_stall(stall_words(unmeasured_s, self.texts))
        silent_s = self._stall.silent_s(now, self.model.origin, self.store.latest_s)
        stalled = stall_words(silent_s, self.texts) if self.model.ended is None else ""
        self._refresh(self.model.note_quiet(bool(stalled)))
        frozen = self.texts.frozen if self.store.frozen else ""
        self.traces.banner.show_text(stalled or frozen, "alarm" if stalled else "text")
        self._say_traces()

    def _say_traces(self) -> None:
        """Tell screen readers what is traced, and what is the matter with it."""
        if sites := self.store.sites:
            self.panel.say(traces_name(sites, self.texts), traces_trouble(self.model, self.traces.banner.text))

    def _follow_hold(self, now: float) -> None:
        """Stop when the stop key has been held long enough."""
        share = self._hold.follow(now)
        if share >= 1.0:
            share = 0.0
            self._stop()
        self.bottom.hints[Action.STOP].show_share(share)

    def _stop(self) -> None:
        """Stop the test, or close the window of one that has ended."""
        if self.model.ended is None:
            self.session.command(Command.STOP)
        else:
            self.close()

    def act(self, action: Action, pressed: bool) -> None:
        """Do what a key or the pointer asks for."""
        if action is Action.STOP:
            (self._hold.press if pressed else self._hold.release)(self.clock())
        elif pressed:
            self._act_at_once(action)

    def _act_at_once(self, action: Action) -> None:
        """Do what needs no holding."""
        if action is Action.HELP:
            self.help.setVisible(self.help.isHidden())
            self.help.raise_()
        elif action is Action.SENSORS:
            self._asked.want_sensors(self.sensors.isHidden())
        elif action is Action.ANSWER:
            self._asked.want_answer(self.answer.isHidden())
        elif action is Action.TONE:
            self.tone.toggle()
        elif action is Action.FULL_SCREEN:
            self.setWindowState(self.windowState() ^ QtCore.Qt.WindowState.WindowFullScreen)
        elif action is Action.FREEZE:
            self._freeze(not self.store.frozen)
        elif action is Action.PICTURE:
            self.save_pictures(lens_alone=False)
        elif action is Action.REPORT:
            self.reports.ask(self.model.recorded)
        elif action is Action.HISTORY:
            self.history.open(self.model.recorded if self.keeps_history else None)
        elif self.model.ended is not None:
            if action is Action.NEXT:
                (self.on_review or self.close)()
        elif action is not Action.NEXT or self.set_up.may_go_on():
            if action is Action.MARK:
                self._flash_until = self.clock() + FLASH_S
            self.session.command(COMMANDS[action])

    def _freeze(self, frozen: bool) -> None:
        """Hold the traces still or let them go on; nothing else stops."""
        if frozen:
            self.store.freeze()
        else:
            self.store.unfreeze()
            self.traces.sweep.update()
        self.bottom.hints[Action.FREEZE].show_active(self.store.frozen)

    def choose_lift(self, number: int) -> None:
        """Show an earlier lift in lens and order card."""
        self._refresh(self.model.select(number))
        self._asked.want_answer(False)

    def _choose_hold(self, place: int) -> None:
        self.choose_lift(self.model.effort.summaries[place].hold.number)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take a key or a pedal; a key held down counts once."""
        if event.isAutoRepeat():
            return
        if self.help.isVisible():
            self.help.hide()
            return
        key = event.key()
        if self.history.take_key(event) or self.set_up.take_key(key):
            return
        if key in LIFT_KEYS:
            self.choose_lift(LIFT_KEYS[key])
        elif key == QtCore.Qt.Key.Key_E and event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier:
            self.save_pictures(lens_alone=True)
        elif key in ACTIONS:
            self.act(ACTIONS[key], True)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Scale type with the window and lay everything out."""
        self.fit_style(self._parts)
        self._arrange()

    def _arrange(self) -> None:
        """Place every part."""
        places = place_parts(self.width(), self.height(), self.look.scale)
        for part, box in (
            (self.top, places.top),
            (self.panel, places.panel),
            (self.card, places.card),
            (self.order, places.order),
            (self.answer, places.order),
            (self.table, places.table),
            (self.sensors, places.below_card),
            (self.bottom, places.bottom),
        ):
            part.setGeometry(round(box.left), round(box.top), round(box.width), round(box.height))
        top, foot = self.panel.y(), self.bottom.y()
        self.set_up.setGeometry(self.panel.x(), top, self.width() - 2 * self.panel.x(), foot - top)
        for cover in (self.help, self.history):
            cover.setGeometry(self.rect())
        self._asked.place_effort(places, self.look.scale)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Stop pulling and let the test go."""
        self.timer.stop()
        self.tone.close()
        self.history.desk.finish()
        self.session.close()
        super().closeEvent(event)

    def save_pictures(self, *, lens_alone: bool) -> None:
        """Save the window, or its lens, as SVG and PNG, and say where until the next word about the data."""
        part, stem = (self.traces.lens_area(self), "lens") if lens_alone else (None, "window")
        saved = save_both(self, self.pictures, stem, self.texts.review, part)
        self.made += saved.paths
        self.bottom.show_line(saved.words)
