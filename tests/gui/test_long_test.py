"""A test that goes on for hours: what the window keeps of it stays small, as the recording has it all."""

import gc
import tracemalloc

from tests.gui.synthetic import LIFT_EVERY_S, FakeHandle, make_lift

from firingorder_gui.lift_lists import MOST_ROWS
from firingorder_gui.lift_table import LiftRow
from firingorder_gui.qt import QtCore
from firingorder_gui.window import LiveWindow
from firingorder_signal.blocks import Side
from firingorder_signal.events import LiftEnded, LiftJudged, LiftStarted

#: Lifts until every list has the length it keeps, and those that are measured.
N_FIRST, N_MORE = MOST_ROWS + 4, 40
#: What one more lift may leave behind in Python, bytes: its own record of four muscles is most of it (measured: 3200).
MOST_BYTES = 3_700


def lift_on(window: LiveWindow, handle: FakeHandle, first: int, n_lifts: int) -> None:
    """Let lifts come and go."""
    for number in range(first, first + n_lifts):
        lift = make_lift(number, start_s=LIFT_EVERY_S * number)
        handle.waiting = [LiftStarted(number, lift.start_s, Side.RIGHT), LiftJudged(lift), LiftEnded(lift)]
        window.tick()


def traced_bytes() -> int:
    """Return what Python holds just now."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_a_long_test_leaves_nothing_in_the_window_but_its_lifts(window: LiveWindow, handle: FakeHandle) -> None:
    tracemalloc.start()
    try:
        lift_on(window, handle, 1, N_FIRST)
        n_things, before = len(window.findChildren(QtCore.QObject)), traced_bytes()
        lift_on(window, handle, 1 + N_FIRST, N_MORE)
        kept = traced_bytes() - before
    finally:
        tracemalloc.stop()
    assert len(window.model.lifts) == N_FIRST + N_MORE
    assert kept / N_MORE < MOST_BYTES
    assert len(window.findChildren(QtCore.QObject)) == n_things


def test_the_rows_of_a_long_test_are_those_that_fit_in_their_order(window: LiveWindow, handle: FakeHandle) -> None:
    lift_on(window, handle, 1, 20)
    numbers = [row.content.number for row in window.table.findChildren(LiftRow)]
    assert numbers == sorted(window.table.rows) == list(range(21 - len(numbers), 21))
    window.table.rows[numbers[0]].click()
    assert window.model.shown == numbers[0]


def test_a_higher_window_brings_older_rows_back(window: LiveWindow, handle: FakeHandle) -> None:
    lift_on(window, handle, 1, 20)
    n_rows = len(window.table.rows)
    window.resize(1080, 1920)
    assert sorted(window.table.rows) == list(range(1, 21))
    window.resize(1920, 1080)
    assert sorted(window.table.rows) == list(range(21 - n_rows, 21))
