"""Take up a test whose program died: what was recorded is followed again, and then the sensors go on in the same file.

How to think about it: to the recording, the death of the program is a link that was lost and came back, on every link
at once. The decoders are given all that was recorded, so that sequence numbers, clocks and losses go on as if the
program had lived; `analyze` and `replay` read the one file and do exactly the same.

The host's clock begins anew when the computer does, and may stand still while it sleeps. Every time of the second part
is therefore shifted where the wall clock says so, and the shift is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from firingorder_bridge.buffer import FrameBatch, LinkMark
from firingorder_bridge.links.base import Link

from ..errors import RecordingRefused, UnreadableFile
from ..recordings.beginning import TEST_BEGAN
from ..recordings.file_recording import NO_SAMPLES, FileRecording, find_mark
from ..recordings.head import ENDED, Json
from ..recordings.recording_file import LinkRow, RecordingReader

#: Kind of the recorded event by which a test was taken up: what follows is of another run of the program.
TAKEN_UP = "taken_up"
#: Entries followed at once: half a second of two sensors, so that no link runs ahead of another by more.
TURN_ENTRIES = 128
#: Wall clock and monotonic clock may part by this before the host's clock counts as begun anew, ns: network time
#: corrects the one by seconds at most, and a computer that was started anew has lost at least the test's length (J).
SAME_CLOCK_NS = 10_000_000_000
#: What is taken up is at least so much later than what was recorded, ns, whatever the clocks say (J).
LEAST_GAP_NS = 100_000_000


@dataclass(frozen=True)
class TakenUp:
    """A test that goes on.

    Attributes
    ----------
    links
        The links as recorded, in the order of the links that bring its sensors now.
    last_ns
        When the last entry was recorded, host time.
    shift_ns
        Added to this computer's monotonic time, so that it goes on behind what was recorded.
    now_ns
        Host time at which it was taken up, shifted.
    """

    recording: FileRecording
    links: tuple[LinkRow, ...]
    last_ns: int
    shift_ns: int
    now_ns: int

    def entries(self) -> Sequence[dict[int, FrameBatch | LinkMark]]:
        """Return what each link brought, in short turns."""
        turns: list[dict[int, FrameBatch | LinkMark]] = []
        with RecordingReader(self.recording.path) as reader:
            start = 0
            for event in reader.events():
                mark = find_mark(event)
                if mark is not None and event.link is not None:
                    turns += _cut(reader, start, event.seq)
                    turns.append({event.link: mark})
                    start = event.seq
            return turns + _cut(reader, start, reader.n_entries())

    def to_json(self) -> dict[str, Json]:
        """Write it as the data of a recorded event."""
        return {
            "last_s": self._as_s(self.last_ns),
            "gap_s": (self.now_ns - self.last_ns) * 1e-9,
            "shift_ns": self.shift_ns,
            "wall": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "software_version": version("firingorder"),
        }

    def _as_s(self, t_host_ns: int) -> float:
        return (t_host_ns - self.recording.head.origin_ns) * 1e-9


def _cut(reader: RecordingReader, start: int, stop: int) -> list[dict[int, FrameBatch | LinkMark]]:
    """Read frames in short turns, links in the order of their numbers."""
    turns = [reader.batches(first, min(first + TURN_ENTRIES, stop)) for first in range(start, stop, TURN_ENTRIES)]
    return [{link: turn[link] for link in sorted(turn)} for turn in turns]


def take_up(path: Path, links: Sequence[Link], now_ns: int) -> TakenUp:
    """Look whether a recording can be gone on with over these links, and say how.

    Raises
    ------
    UnreadableFile
        It is no recording, or damaged.
    RecordingRefused
        It was ended in order, nothing had begun in it, or it was made with other sensors.
    """
    with RecordingReader(path) as reader:
        if not reader.is_sound():
            raise UnreadableFile(path, f"is damaged; save what is left of it with: firingorder recover {path}")
        if reader.fact(ENDED) is not None:
            raise RecordingRefused(path, "it was ended in order; begin a new one")
        recorded = reader.links()
        times = [event.t_host_ns for event in reader.events()]
        shifts = [int(event.data["shift_ns"]) for event in reader.events() if event.kind == TAKEN_UP]
        span_ns = reader.span_ns()
        began = any(event.kind == TEST_BEGAN for event in reader.events())
    recording = FileRecording(path)
    if not recording.streams or span_ns is None or not began:
        text = "no test had begun in it" if recording.streams else NO_SAMPLES
        raise RecordingRefused(path, f"there is nothing to go on with: {text}; begin a new one")
    last_ns = max(span_ns[1], *times)
    created = datetime.fromisoformat(recording.head.created)
    since_s = (datetime.now().astimezone() - created).total_seconds()
    wall_ns = recording.head.origin_ns + round(since_s * 1e9)
    shift_ns = find_shift(last_ns, now_ns, wall_ns, shifts[-1] if shifts else 0)
    return TakenUp(recording, match_links(path, recorded, links), last_ns, shift_ns, now_ns + shift_ns)


def find_shift(last_ns: int, now_ns: int, wall_ns: int, before_ns: int = 0) -> int:
    """Say what to add to the host's clock so that it goes on behind what was recorded.

    Parameters
    ----------
    last_ns
        The last time in the recording.
    now_ns
        The host's clock.
    wall_ns
        What it would say by the wall clock, had it gone on without a break.
    before_ns
        What was added to it in the last part of the recording.

    Examples
    --------
    >>> find_shift(40_000_000_000, 60_000_000_000, 60_300_000_000)  # the same clock still goes on
    0
    >>> find_shift(40_000_000_000, 9_000_000_000, 100_000_000_000)  # the computer was started anew
    91000000000
    >>> find_shift(40_000_000_000, 9_000_000_000, 2_000_000_000)  # and its wall clock is wrong
    31100000000
    """
    shift_ns = wall_ns - now_ns
    if abs(shift_ns - before_ns) < SAME_CLOCK_NS:
        shift_ns = before_ns
    return max(shift_ns, last_ns + LEAST_GAP_NS - now_ns) if now_ns + shift_ns <= last_ns else shift_ns


def match_links(path: Path, recorded: Sequence[LinkRow], links: Sequence[Link]) -> tuple[LinkRow, ...]:
    """Say for each link which recorded one it goes on: the one of its name, else the first that is left.

    Raises
    ------
    RecordingRefused
        They are not as many, or of other kinds.
    """
    left = list(recorded)
    found: dict[int, LinkRow] = {}
    for by_name in (True, False):
        for place, link in enumerate(links):
            alike = [row for row in left if row.speech == link.speech and (row.name == link.name or not by_name)]
            if place not in found and alike:
                found[place] = alike[0]
                left.remove(alike[0])
    if left or len(found) != len(links):
        were = ", ".join(f"{row.name} ({row.speech})" for row in recorded)
        raise RecordingRefused(path, f"it was made with other sensors: {were}; name these")
    return tuple(found[place] for place in range(len(links)))
