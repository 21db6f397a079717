"""Keys of the review. Pedals and presenters are keyboards: Space, Page Down and Page Up go from lift to lift."""

from .bottom_bar import Action
from .hand import LARGE_STEP_S, STEP_S
from .qt import QtCore
from .review_hand import HandTool
from .texts import Texts

Key = QtCore.Qt.Key

ACTIONS: dict[int, Action] = {
    Key.Key_Right: Action.LATER,
    Key.Key_Space: Action.LATER,
    Key.Key_PageDown: Action.LATER,
    Key.Key_Left: Action.EARLIER,
    Key.Key_PageUp: Action.EARLIER,
    Key.Key_0: Action.WHOLE_SET,
    Key.Key_Tab: Action.MOVE,
    Key.Key_Backtab: Action.MOVE,
    Key.Key_U: Action.UNDO,
    Key.Key_Backspace: Action.UNDO,
    Key.Key_L: Action.OTHER_SIDE,
    Key.Key_E: Action.PICTURE,
    Key.Key_P: Action.REPORT,
    Key.Key_H: Action.HISTORY,
    Key.Key_Escape: Action.STOP,
    Key.Key_Question: Action.HELP,
    Key.Key_F1: Action.HELP,
}
#: Keys that move the page, in pages.
PAGE_KEYS: dict[int, float] = {Key.Key_Comma: -0.5, Key.Key_Period: 0.5, Key.Key_Home: -1e6, Key.Key_End: 1e6}
ENTER_KEYS = (Key.Key_Return, Key.Key_Enter)


def compare_caps(texts: Texts) -> tuple[tuple[Action, str, str], ...]:
    """List the keys of the comparison."""
    words = texts.review
    return (Action.PICTURE, "E", words.picture), (Action.STOP, "Esc", words.close)


def hold_caps(texts: Texts) -> tuple[tuple[Action, str, str], ...]:
    """List the keys of a recording of holds, in which no onset is moved."""
    words, effort = texts.review, texts.effort
    return (
        (Action.EARLIER, "\u2190", effort.earlier_hold),
        (Action.LATER, "\u2192", effort.later_hold),
        (Action.PICTURE, "E", words.picture),
        (Action.HISTORY, "H", texts.history.key),
        (Action.STOP, "Esc", words.close),
        (Action.HELP, "?", texts.key_help),
    )


def review_caps(texts: Texts) -> tuple[tuple[Action, str, str], ...]:
    """List the keys that the bottom bar shows."""
    words = texts.review
    return (
        (Action.EARLIER, "\u2190", words.earlier_lift),
        (Action.LATER, "\u2192", words.later_lift),
        (Action.WHOLE_SET, "0", words.whole_set),
        (Action.MOVE, "Tab", words.move_onset),
        (Action.UNDO, "U", words.take_back),
        (Action.PICTURE, "E", words.picture),
        (Action.REPORT, "P", words.report),
        (Action.HISTORY, "H", texts.history.key),
        (Action.STOP, "Esc", words.close),
        (Action.HELP, "?", texts.key_help),
    )


def key_in_hand(hand: HandTool, key: int, modifiers: QtCore.Qt.KeyboardModifier) -> bool:
    """Take a key while an onset is in hand; return whether it was one of the hand's."""
    step_s = LARGE_STEP_S if modifiers & QtCore.Qt.KeyboardModifier.ShiftModifier else STEP_S
    if key in (Key.Key_Left, Key.Key_Right):
        hand.step(step_s if key == Key.Key_Right else -step_s)
    elif key in ENTER_KEYS:
        hand.keep()
    elif key == Key.Key_Escape:
        hand.drop()
    else:
        return False
    return True
