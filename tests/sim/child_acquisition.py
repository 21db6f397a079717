"""A process that records from ports until it is killed. Run as a script: `child_acquisition.py PATH PORT...`."""

import sys
import time
from pathlib import Path

from firingorder_bridge.links.serial_link import SerialLink
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.events.live_events import RecordingChanged, SensorChanged
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder


def ignore(event: SensorChanged | RecordingChanged) -> None:
    """Take an event and do nothing."""


def main() -> None:
    """Record; say after each tenth of a second how much signal the analysis has been given, and when."""
    origin_ns = time.monotonic_ns()
    recorder = Recorder(Path(sys.argv[1]), RecordingHead.now(origin_ns), ignore, min_free_bytes=0)
    links = [SerialLink(port) for port in sys.argv[2:]]
    acquisition = Acquisition(links, origin_ns=origin_ns, emit=ignore, recorder=recorder)
    acquisition.start()
    while True:
        time.sleep(0.1)
        print(acquisition.counts.frames, flush=True)


if __name__ == "__main__":
    main()
