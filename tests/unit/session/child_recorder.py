"""Processes that record, for tests that kill them or let their disk fill. Run as a script; not a test module.

`child_recorder.py forever PATH` records 200 frames a second and prints how many it was given after each;
`child_recorder.py limit PATH` records until the file may not grow; `child_recorder.py tmpfs FOLDER SIZE MIN_FREE COPY`
until the small disk that it mounts there is full (`read-only`: until it is refused), and copies the recording out.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

from firingorder_bridge.buffer import RawFrame
from firingorder_session.events.live_events import RecordingChanged
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder

FRAME_BYTES = 200


def make_frame(number: int) -> RawFrame:
    """Return a frame that carries its number."""
    return RawFrame(number * 5_000_000, number.to_bytes(4, "little") + bytes(FRAME_BYTES - 4))


def record_forever(path: Path) -> None:
    """Record at the pace of two sensors; say on stdout what was handed over, with the time."""
    recorder = Recorder(path, RecordingHead.now(0), lambda event: None)
    recorder.add_link(1, "pty", "cobs")
    number = 0
    while True:
        recorder.add_frames(1, [make_frame(number)])
        number += 1
        print(number, time.monotonic_ns(), flush=True)
        time.sleep(0.005)


def record_until_full(path: Path, min_free_bytes: int = 0) -> None:
    """Record until the recorder stops by itself; print its last event and how many frames it was given."""
    events: SimpleQueue[RecordingChanged] = SimpleQueue()
    recorder = Recorder(path, RecordingHead.now(0), events.put, min_free_bytes=min_free_bytes)
    recorder.add_link(1, "pty", "cobs")
    number = 0
    while recorder.recording and number < 200_000:
        recorder.add_frames(1, [make_frame(number + offset) for offset in range(100)])
        number += 100
        time.sleep(0.002)
    recorder.close()
    events.get()
    print(number, events.get().error, events.qsize(), sep="|", flush=True)
    print(*sorted(each.name for each in path.parent.iterdir()), flush=True)


def main() -> None:
    """Do what the arguments say."""
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "forever":
        record_forever(path)
    elif what == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))
        record_until_full(path)
    else:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={sys.argv[3]}", "tmpfs", str(path)], check=True)
        if what == "read-only":
            subprocess.run(["mount", "-o", "remount,ro", str(path)], check=True)
        record_until_full(path / "visit.fo", int(sys.argv[4]))
        subprocess.run(["cp", str(path / "visit.fo"), sys.argv[5]], check=True)


if __name__ == "__main__":
    main()
