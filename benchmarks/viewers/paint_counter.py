"""Count a view's paints and this process's CPU time over some seconds, and print both: alike for every program.

Nothing of the product is imported: the other programs' Python has none of it, and may bind another Qt.
"""

import json
import time
from typing import Any


def count_paints(qt_core: Any, view: Any, app: Any, warm_s: float, seconds: float) -> None:
    """Run the program's event loop: warm up, measure, print one JSON object, quit."""
    start: dict[str, float] = {}
    painted = 0

    def see(self: Any, watched: Any, event: Any) -> bool:
        nonlocal painted
        painted += event.type() == qt_core.QEvent.Type.Paint
        return False

    def begin() -> None:
        start.update(cpu=time.process_time(), wall=time.monotonic(), paints=painted)

    def end() -> None:
        cpu, wall = time.process_time() - start["cpu"], time.monotonic() - start["wall"]
        paints = painted - start["paints"]
        figures = {"share": cpu / wall, "paints_per_s": paints / wall, "ms_per_paint": 1e3 * cpu / max(paints, 1)}
        print(json.dumps(figures), flush=True)
        app.quit()

    watch: Any = type("Watch", (qt_core.QObject,), {"eventFilter": see})()
    view.installEventFilter(watch)
    qt_core.QTimer.singleShot(int(1000 * warm_s), begin)
    qt_core.QTimer.singleShot(int(1000 * (warm_s + seconds)), end)
    app.exec()
