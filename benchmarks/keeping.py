"""What the checksum chain costs: while it is recorded, in the file, and when a recording is checked."""

import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.hour import HOUR_S, write_hour
from benchmarks.report import Table
from firingorder_session.keeping.verify import check_rows, verify
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recording_writer import FrameRow, RecordingWriter

#: As the recorder commits: five times a second, two sensors' 270 frames a second in chunks of six.
COMMITS_S, CHUNK, CHUNKS = 5, 6, 9
FRAME_BYTES = 90


def record(folder: Path, duration_s: float, *, chain: bool) -> tuple[float, int]:
    """Write a recording; return processor seconds and bytes. Without a chain it is as older versions made it."""
    path = folder / f"chain-{chain}.fo"
    RecordingWriter.create(path, RecordingHead(0, "2026-01-01T12:00:00+00:00"), min_free_bytes=0).close()
    if not chain:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE chain")
            connection.execute("VACUUM")
    writer = RecordingWriter.append(path, min_free_bytes=0)
    contents = [os.urandom(FRAME_BYTES) for _ in range(CHUNK * CHUNKS)]
    began, seq = time.process_time(), 0
    for _ in range(round(duration_s * COMMITS_S)):
        writer.begin()
        for chunk in range(CHUNKS):
            rows = range(chunk * CHUNK, (chunk + 1) * CHUNK)
            writer.write_frames([FrameRow(seq + row, 1, (seq + row) * 3_700_000, False, contents[row]) for row in rows])
        seq += CHUNK * CHUNKS
        writer.commit()
    used_s = time.process_time() - began
    writer.close()
    return used_s, path.stat().st_size


def main(duration_s: float = HOUR_S) -> Table:
    """Measure recording for a sixth of the time, and checking all of it."""
    with tempfile.TemporaryDirectory() as name:
        folder, recorded_s = Path(name), duration_s / 6
        (without_s, small), (with_s, large) = (record(folder, recorded_s, chain=chain) for chain in (False, True))
        path = folder / "hour.fo"
        frames = write_hour(path, duration_s)
        began = time.process_time()
        rows_flaws = check_rows(path).flaws
        rows_s, began = time.process_time() - began, time.process_time()
        flaws = verify(path).flaws
        all_s = time.process_time() - began
    assert not rows_flaws
    assert not flaws
    head = ["recording 270 frames/s", "with the chain", "file", f"rows of {frames} frames checked", "all checked"]
    row = [f"{100 * used_s / recorded_s:.2f} % of a core" for used_s in (without_s, with_s)]
    row += [f"+{100 * (large / small - 1):.1f} %", f"{rows_s:.1f} s", f"{all_s:.1f} s"]
    return Table("The checksum chain", head, [row])


if __name__ == "__main__":
    print(main(float(sys.argv[1]) if len(sys.argv) > 1 else HOUR_S).to_markdown())
