"""Run the real window on the made-up test in real time: the program that the X window test starts and drives.

Prints one line per command and per picture, so that the driver can wait for facts instead of time.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.gui.synthetic import KIT_2, KIT_4, KIT_8, Plan, SyntheticTest

from firingorder_gui.app import run_window
from firingorder_gui.qt import QtCore, QtWidgets
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Asked, Command, LiveEvent
from firingorder_signal.events import EmgTrace, MotionTrace

KITS = {2: KIT_2, 4: KIT_4, 8: KIT_8}


class LiveHandle:
    """Plays the made-up test at a speed; a mark saves what the window draws anew in full.

    After that only samples come: another lift could change what is marked before the driver has looked at the screen.
    """

    def __init__(self, test: SyntheticTest, speed: float, picture: Path) -> None:
        """Start at once."""
        self._test = test
        self._speed = speed
        self._picture = picture
        self._start = time.monotonic()
        self._saved = False

    def drain(self) -> list[LiveEvent]:
        """Return the events of the time that has passed."""
        events = self._test.until((time.monotonic() - self._start) * self._speed)
        return [event for event in events if not self._saved or isinstance(event, EmgTrace | MotionTrace)]

    def command(self, command: Asked) -> None:
        """Say which command came; save a picture on a mark."""
        print("COMMAND", command.value if isinstance(command, Command) else command, flush=True)
        if command is Command.MARK:
            self._saved = True
            self._save()

    def _save(self) -> None:
        """Draw the window anew into a file, and say where its sweep and the window lie."""
        for window in QtWidgets.QApplication.topLevelWidgets():
            if isinstance(window, LiveWindow):
                window.save_picture(self._picture)
                box, view = window.traces.place.sweep, window.traces
                corner = view.viewport().mapTo(window, view.viewport().rect().topLeft())
                x, y = int(corner.x() + box.left), int(corner.y() + box.top)
                at = window.mapToGlobal(QtCore.QPoint(0, 0))
                print("SAVED", x, y, int(box.width), int(box.height), at.x(), at.y(), flush=True)

    def close(self) -> None:
        """Say that the window let go."""
        print("CLOSED", flush=True)


def main() -> int:
    """Run the window."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--lifts", type=int, default=6)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--picture", type=Path, default=Path("grab.png"))
    arguments = parser.parse_args()
    test = SyntheticTest(Plan(KITS[arguments.channels], n_lifts=arguments.lifts))
    return run_window(LiveHandle(test, arguments.speed, arguments.picture), theme=arguments.theme)


if __name__ == "__main__":
    sys.exit(main())
