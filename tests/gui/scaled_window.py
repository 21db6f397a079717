"""Draw the windows in each language and print as JSON what was cut, ran out of its room or overlapped.

Started by `test_scaling.py` in a process of its own for each factor, because Qt reads QT_SCALE_FACTOR once.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.gui.layout_watch import watching
from tests.gui.pictures import pixels
from tests.gui.pseudo_language import pseudo
from tests.gui.scaled_history import look_at_history
from tests.gui.scaled_pages import Found, look_at_comparison, look_at_offer
from tests.gui.synthetic import KIT_4, FakeHandle, Plan, SyntheticTest

from firingorder_gui.bottom_bar import Action
from firingorder_gui.languages import LANGUAGES
from firingorder_gui.qt import QtWidgets
from firingorder_gui.texts import Texts
from firingorder_gui.window import LiveWindow
from firingorder_signal.results import Verdict

TEXTS = {**LANGUAGES, "pseudo": pseudo()}
VERDICTS = (Verdict.HAMSTRING_FIRST, Verdict.NOT_JUDGED, Verdict.GLUTE_NOT_DETECTED, Verdict.GLUTE_FIRST)
#: Connecting, rest, ready, an answer, a lift that was refused, a silent muscle, the other order, the end.
#: In larger blocks than a sensor's: what is drawn is the same, and most of the time goes into taking them.
BLOCK_S = 0.1
MOMENTS_S = (0.4, 2.0, 4.5, 9.0, 14.0, 19.0, 24.0, 34.9)


def look(texts: Texts, width: int, height: int, theme: str = "dark") -> dict[str, Any]:
    """Draw a window of a size at every moment, and with the help open; return what was found."""
    handle = FakeHandle()
    window = LiveWindow(handle, theme=theme, texts=texts)
    window.resize(width, height)
    window.show()
    test = SyntheticTest(Plan(KIT_4, verdicts=VERDICTS, block_s=BLOCK_S))
    found: dict[str, set[str]] = {"cut": set(), "outside": set(), "over": set()}
    for moment_s in (*MOMENTS_S, None):
        if moment_s is None:
            window.act(Action.HELP, True)
        else:
            handle.waiting = test.until(moment_s)
            window.tick()
            window.tick()
        with watching() as watch:
            window.grab()
        found["cut"] |= set(watch.cut)
        found["outside"] |= set(watch.outside)
        found["over"] |= set(watch.over)
    sweep, ratio = window.traces.sweep, window.devicePixelRatioF()
    window.help.hide()
    box = window.traces.place.sweep
    row = window.traces.place.rows[1]
    corner = window.traces.viewport().mapTo(window, window.traces.viewport().rect().topLeft())
    left, top = (corner.x() + box.left) * ratio, (corner.y() + row.top) * ratio
    whole = window.grab()
    lane = pixels(whole)[round(top + 4) : round(top + row.height * ratio - 4), round(left) :][
        :, : window.store.n_columns
    ]
    card = window.look.colour("card")
    ground = (card.red(), card.green(), card.blue())
    told = {
        **{name: sorted(texts_found) for name, texts_found in found.items()},
        "ratio": ratio,
        "columns": window.store.n_columns,
        "sweep_px": box.width,
        "pitch_px": sweep.x_of(1) - sweep.x_of(0),
        "picture": [whole.width(), whole.height()],
        "inked": float((abs(lane - ground).max(axis=(0, 2)) > 0).mean()),
    }
    window.close()
    window.deleteLater()
    return told


def main() -> int:
    """Look at the size that the command line tells, in every language: the test, two visits, the offer, the history."""
    QtWidgets.QApplication(["scaled"])
    width, height = int(sys.argv[1]), int(sys.argv[2])
    told = {
        name: {
            "test": look(texts, width, height),
            "comparison": plain(look_at_comparison(texts, width, height)),
            "offer": plain(look_at_offer(texts, width, height)),
            "history": plain(look_at_history(texts, width, height)),
        }
        for name, texts in TEXTS.items()
    }
    print(json.dumps(told))
    return 0


def plain(found: Found) -> dict[str, list[str]]:
    """Make what was found ready for JSON."""
    return {name: sorted(texts) for name, texts in found.items()}


if __name__ == "__main__":
    sys.exit(main())
