"""The sensors' card: links, clock classes and what to know, shown before the first lift and put away by a key."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.gui.pictures import draw
from tests.gui.synthetic import BACK_LEFT, BACK_RIGHT, GLUTE, HAMSTRING, KIT_8, PELVIS, THIGH, FakeHandle, make_lift
from tests.gui.test_live_window import press, show

from firingorder_bridge.links.base import Security
from firingorder_gui.bottom_bar import Action
from firingorder_gui.model import ViewModel
from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.sensors import ClockRow, clock_rows, notes_of, sensors_content
from firingorder_gui.sensors_card import SensorsCard
from firingorder_gui.status import ChipContent, health_line
from firingorder_gui.style import Style
from firingorder_gui.texts import ENGLISH
from firingorder_gui.theme import THEMES
from firingorder_gui.top_bar import merge_chips
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import (
    LiveEvent,
    Notice,
    NoticeKind,
    Origin,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    TestStarted,
)
from firingorder_session.messages import Fact, Message, MessageCode
from firingorder_signal.blocks import Alignment, Side, Site, StreamInfo, StreamKind, SyncClass, Timebase
from firingorder_signal.events import ChannelQuality, EmgTrace, LiftJudged

KEY_S = QtCore.Qt.Key.Key_S
STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
GLUTE_SENSOR = SensorChanged("ble:OML-A", SensorPhase.STREAMING, "a", (GLUTE, PELVIS), security=Security.OPEN)
HAM_SENSOR = SensorChanged("/dev/ttyACM0", SensorPhase.STREAMING, "b", (HAMSTRING, THIGH))
MAINS = Notice(NoticeKind.ELECTRICAL, Message(MessageCode.ON_MAINS, {"ports": ("/dev/ttyACM0",)}))
AIR = Message(MessageCode.ON_RADIO, {"links": ("ble:OML-A", "ble:OML-B")})
CROWDED = Notice(
    NoticeKind.CAPACITY, Message(MessageCode.LOAD_WILL_LOSE, {"who": AIR, "asked": 60.0, "able": 49}), "adapter"
)
TAPPED = Alignment("taps", 0.0, 0.001, "oml 1")
PUBLIC = Notice(NoticeKind.NETWORK, Message(MessageCode.SENT_ON_NETWORK))


def emg(
    clock: str,
    *sites: Site,
    hardware: bool = False,
    sync: SyncClass = SyncClass.UNVERIFIED,
    alignment: Alignment | None = None,
) -> EmgTrace:
    """Return a short trace of a sensor of one product."""
    rate, product = Fraction(2000), "oml 1"
    stream = StreamInfo(f"{clock}/0", StreamKind.EMG, sites, rate, 0.0, clock, sync, (), None, product, alignment)
    return EmgTrace(stream, 0, np.zeros((2, len(sites))), Timebase(2, 1.0, 0.0005, hardware=hardware))


def model_after(*events: LiveEvent) -> ViewModel:
    """Return a model after events."""
    model = ViewModel()
    model.feed([STARTED, *events])
    return model


def test_each_sensor_says_its_link_and_whether_others_can_listen() -> None:
    bonded = replace(GLUTE_SENSOR, security=Security.BONDED)
    rows = sensors_content(model_after(GLUTE_SENSOR, HAM_SENSOR)).rows
    assert [(row.name, row.link, row.state, row.well) for row in rows] == [
        ("Glute + pelvis", "ble:OML-A  ·  radio, not encrypted", "ok", True),
        ("Hamstring + thigh R", "/dev/ttyACM0", "ok", True),
    ]
    assert sensors_content(model_after(bonded)).rows[0].link == "ble:OML-A  ·  radio, encrypted, bonded"


def test_trouble_stands_beside_the_sensor() -> None:
    flat = ChannelQuality(GLUTE, 1.0, 5.0, 0.0, 0.1, 0.1, True, 0.0)
    (row,) = sensors_content(model_after(GLUTE_SENSOR, flat)).rows
    assert (row.state, row.well) == ("no signal", False)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (emg("a", HAMSTRING), emg("b", GLUTE), "class D, not verified"),
        (emg("a", HAMSTRING, hardware=True), emg("b", GLUTE), "class D, not verified"),
        (emg("a", HAMSTRING, hardware=True), emg("b", GLUTE, hardware=True), "class B, synchronised by hardware"),
        (emg("a", HAMSTRING, alignment=TAPPED), emg("b", GLUTE, alignment=TAPPED), "class C, aligned by taps"),
        (emg("a", HAMSTRING), emg("b", GLUTE, sync=SyncClass.ARRIVAL_ONLY), "class E, arrival times only"),
    ],
)
def test_a_pair_of_sensors_shows_its_class(first: EmgTrace, second: EmgTrace, words: str) -> None:
    assert clock_rows(model_after(first, second)) == (ClockRow("Hamstring – Glute", words),)


def test_what_a_class_means_for_the_lags_is_said_with_what_to_do() -> None:
    (note,) = sensors_content(model_after(emg("a", HAMSTRING), emg("b", GLUTE))).notes
    assert note.startswith("Class D, not verified: all lags between them may be off by one constant")
    assert "`firingorder align` measures it" in note
    aligned = model_after(emg("a", HAMSTRING, alignment=TAPPED), emg("b", GLUTE, alignment=TAPPED))
    assert sensors_content(aligned).notes == ()


def test_muscles_of_one_converter_are_on_one_clock() -> None:
    assert clock_rows(model_after(emg("a", GLUTE, HAMSTRING))) == (ClockRow("Hamstring – Glute", "class A, one clock"),)
    assert clock_rows(model_after(emg("a", GLUTE))) == ()


def test_a_clock_that_loses_its_synchronisation_is_another_class() -> None:
    model = model_after(emg("a", HAMSTRING, hardware=True), emg("b", GLUTE, hardware=True))
    model.feed([emg("b", GLUTE)])
    assert clock_rows(model)[0].words == "class D, not verified"


def test_the_least_sure_pairs_stand_first_and_many_are_counted() -> None:
    rows = clock_rows(model_after(emg("a", GLUTE, HAMSTRING), emg("b", BACK_LEFT), emg("c", BACK_RIGHT)))
    assert [row.words for row in rows] == ["class D, not verified", "class A, one clock"]
    assert rows[0].pairs.count("–") == 3
    many = clock_rows(model_after(*(emg(str(number), site) for number, site in enumerate(KIT_8))))
    assert many == (ClockRow("28 pairs of sensors", "class D, not verified"),)


def test_what_to_know_is_sorted_and_a_later_word_replaces_an_earlier_one() -> None:
    later = replace(CROWDED.message, facts={"who": "ble:OML-A", "asked": 30.0, "able": 24})
    mains, crowded, public = notes_of(model_after(PUBLIC, CROWDED, MAINS, replace(CROWDED, message=later)))
    assert mains.startswith("Electrical safety: the computer is connected to the mains, and with it, by cable, /dev/")
    assert crowded.startswith("ble:OML-A: 30.0 kB/s of about 24: samples will be lost.")
    assert public == f"{ENGLISH.messages.sentences[MessageCode.SENT_ON_NETWORK]}."


def test_that_the_network_listens_stays_in_the_bottom_bar_until_the_end() -> None:
    model = model_after(PUBLIC)
    assert "sent on the network" in health_line(model)
    model.feed([SessionEnded()])
    assert "network" not in health_line(model)
    assert "network" not in health_line(model_after(MAINS))


def test_the_card_is_there_before_the_first_lift_and_gives_way_to_its_order(window: LiveWindow) -> None:
    assert window.sensors.isHidden()
    show(window, STARTED, GLUTE_SENSOR, MAINS)
    assert window.sensors.isVisible()
    assert "Electrical safety" in window.sensors.accessibleDescription()
    show(window, LiftJudged(make_lift(1)))
    assert window.sensors.isHidden()


def test_the_key_puts_the_card_away_and_fetches_it_again(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, STARTED, GLUTE_SENSOR, MAINS)
    press(window, KEY_S)
    assert window.sensors.isHidden()
    show(window, replace(GLUTE_SENSOR, phase=SensorPhase.STALE))
    assert window.sensors.isHidden()
    show(window, LiftJudged(make_lift(1)))
    press(window, KEY_S)
    assert window.sensors.isVisible()
    assert window.bottom.hints[Action.SENSORS].active
    assert handle.commands == []


def test_a_warning_that_comes_up_before_the_first_lift_is_shown_again(window: LiveWindow) -> None:
    show(window, STARTED, GLUTE_SENSOR, MAINS)
    press(window, KEY_S)
    show(window, CROWDED)
    assert window.sensors.isVisible()


def test_a_click_puts_the_card_away(window: LiveWindow) -> None:
    show(window, STARTED, MAINS)
    left, place = QtCore.Qt.MouseButton.LeftButton, QtCore.QPointF(9, 9)
    kind, no_keys = QtCore.QEvent.Type.MouseButtonPress, QtCore.Qt.KeyboardModifier.NoModifier
    QtWidgets.QApplication.sendEvent(window.sensors, QtGui.QMouseEvent(kind, place, place, left, left, no_keys))
    assert window.sensors.isHidden()


def test_the_card_covers_order_and_table(window: LiveWindow) -> None:
    box = window.sensors.geometry()
    assert box.contains(window.order.geometry())
    assert box.contains(window.table.geometry())


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_full_card_stays_inside_its_edge_and_is_no_alarm(qapp: object, theme: str) -> None:
    """Eight sensors and every kind of notice, long ones, at the size of a small window."""
    style = Style(THEMES[theme], 0.67)
    held: list[dict[str, Fact]] = [
        {"port": f"/dev/ttyUSB{number}", "ms": 16, "command": "echo 1 | sudo tee /sys/bus/x"} for number in range(3)
    ]
    events: list[LiveEvent] = [
        SensorChanged(f"ble:OML-{number}", SensorPhase.STREAMING, str(number), (site,), security=Security.OPEN)
        for number, site in enumerate(KIT_8)
    ]
    events += [emg(str(number), site) for number, site in enumerate(KIT_8)]
    events += [MAINS, CROWDED, PUBLIC]
    events += [
        Notice(NoticeKind.ADAPTER, Message(MessageCode.ADAPTER_HOLDS_BACK, facts), str(facts["port"])) for facts in held
    ]
    card = SensorsCard(style, ENGLISH, lambda: None)
    card.resize(450, 441)
    card.show_content(sensors_content(model_after(*events)))
    picture = draw(card)
    rest, edge = picture[20:-20, 20:-20], picture[-9:-3, 20:-20]
    assert rest.std() > 5, "nothing is drawn"
    assert np.abs(edge - edge[0, 0]).max() < 8, "what to know runs over the edge"
    alarm = np.array([style.colour("alarm_text").red(), style.colour("alarm_text").green()])
    assert np.abs(picture[..., :2] - alarm).max(axis=-1).min() > 8, "a notice is no alarm"
    card.deleteLater()


def test_many_sensors_that_are_well_are_one_chip_however_they_are_linked() -> None:
    chips = [ChipContent(str(n), True, "ok, encrypted, bonded" if n % 2 else "ok") for n in range(7)]
    (well,) = merge_chips(tuple(chips), ENGLISH)
    assert (well.name, well.well) == ("7 sensors", True)
    lost, rest = merge_chips((*chips, ChipContent("8", False, "lost")), ENGLISH)
    assert (lost.word, rest.name) == ("lost", "7 sensors")
