"""Show a stream in FiringOrder's window and say what that cost: the link, the recording and the analysis included."""

import sys
import tempfile
from pathlib import Path

from benchmarks.viewers.paint_counter import count_paints
from firingorder_bridge.devices.catalogue import open_address
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan


def main(address: str, width: int, height: int, warm_s: float, seconds: float) -> int:
    """Show the stream and print one JSON object."""
    from firingorder_gui.qt import QtCore, QtWidgets
    from firingorder_gui.window import LiveWindow

    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["ours"])

    with tempfile.TemporaryDirectory() as folder:
        plan = TestPlan(find_protocol("emg_bursts"), recording_path=Path(folder) / "ours.fo")
        test = open_live([open_address(address)], plan)
        window = LiveWindow(test)
        window.resize(width, height)
        window.show()
        test.start()
        window.start()
        count_paints(QtCore, window.traces.viewport(), app, warm_s, seconds)
        window.close()
        test.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])))
