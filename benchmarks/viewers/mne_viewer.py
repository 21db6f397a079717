"""Show a stream in MNE-LSL's stream viewer and say what that cost; run by the Python in which `mne-lsl` is installed.

Its own window, timers and settings, at the size that both programs get; only counted, not changed.
"""

import sys
import time
from importlib import import_module
from operator import attrgetter
from typing import Any

from benchmarks.viewers.paint_counter import count_paints


def main(name: str, width: int, height: int, warm_s: float, seconds: float) -> int:
    """Show the stream and print one JSON object."""
    lsl: Any = import_module("mne_lsl.lsl")
    qt_widgets: Any = import_module("qtpy.QtWidgets")
    inlet = lsl.StreamInlet(lsl.resolve_streams(name=name, timeout=10)[0])
    inlet.open_stream()
    time.sleep(0.2)  # as its own start does, so that its buffer is not empty
    scope: Any = import_module("mne_lsl.stream_viewer.scope.scope_eeg").ScopeEEG(inlet)
    app: Any = qt_widgets.QApplication(sys.argv[:1])
    controls: Any = import_module("mne_lsl.stream_viewer.control_gui.control_eeg").ControlGUI_EEG(scope)
    view: Any = attrgetter("_backend._win")(controls)
    view.resize(width, height)
    count_paints(import_module("qtpy.QtCore"), view.viewport(), app, warm_s, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])))
