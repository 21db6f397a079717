"""Which key asks for what. Foot pedals and presenters are keyboards.

Pedals send Space, Enter or Page Down. Presenters send Page Down and Page Up to turn, B or full stop for a black screen,
F5 (with Shift on some) to begin a show and Esc to end it: turning is next and repeat, black freezes, beginning fills
the screen, and a short Esc does nothing, because only a held one stops.
"""

from firingorder_session.events.live_events import Command

from .bottom_bar import Action
from .qt import QtCore

Key = QtCore.Qt.Key

ACTIONS: dict[int, Action] = {
    Key.Key_Space: Action.NEXT,
    Key.Key_Return: Action.NEXT,
    Key.Key_Enter: Action.NEXT,
    Key.Key_PageDown: Action.NEXT,
    Key.Key_R: Action.REPEAT,
    Key.Key_PageUp: Action.REPEAT,
    Key.Key_M: Action.MARK,
    Key.Key_F: Action.FREEZE,
    Key.Key_B: Action.FREEZE,
    Key.Key_Period: Action.FREEZE,
    Key.Key_Escape: Action.STOP,
    Key.Key_T: Action.TONE,
    Key.Key_A: Action.ANSWER,
    Key.Key_S: Action.SENSORS,
    Key.Key_E: Action.PICTURE,
    Key.Key_P: Action.REPORT,
    Key.Key_H: Action.HISTORY,
    Key.Key_Plus: Action.FASTER,
    Key.Key_Equal: Action.FASTER,
    Key.Key_Minus: Action.SLOWER,
    Key.Key_Question: Action.HELP,
    Key.Key_F1: Action.HELP,
    Key.Key_F5: Action.FULL_SCREEN,
}

#: Number keys show that lift again.
LIFT_KEYS: dict[int, int] = {
    Key.Key_1: 1,
    Key.Key_2: 2,
    Key.Key_3: 3,
    Key.Key_4: 4,
    Key.Key_5: 5,
    Key.Key_6: 6,
    Key.Key_7: 7,
    Key.Key_8: 8,
    Key.Key_9: 9,
}

#: What the running test is asked for by an action.
COMMANDS = {
    Action.NEXT: Command.NEXT,
    Action.REPEAT: Command.REPEAT,
    Action.MARK: Command.MARK,
    Action.SLOWER: Command.SLOWER,
    Action.FASTER: Command.FASTER,
}
