"""Find the test that a program left unfinished when it died, so that it can be offered when it is started again.

Only what somebody would want is offered: the same test of the same person with the same sensors, not long ago, with
nothing newer of it. A test during which its recording was closed in order is over, and is left alone.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from firingorder_bridge.links.base import Link
from firingorder_signal.blocks import Side
from firingorder_signal.errors import FiringOrderError

from ..errors import UnreadableFile
from ..events.guide_events import GuideBegan, read_steps
from ..events.hold_events import HoldEnded
from ..judging.analysis import analyze, choose_protocol, stated_side
from ..protocols.protocol_plan import Protocol
from ..recordings.beginning import TEST_BEGAN
from ..recordings.file_recording import FileRecording
from ..recordings.head import ENDED
from ..recordings.recording_file import RecordingReader

#: A test that broke off longer ago is not offered: the electrodes will have been off since (J).
OFFERED_FOR = timedelta(hours=2)


@dataclass(frozen=True)
class TestAtHand:
    """The test that is to be begun.

    Attributes
    ----------
    links
        Name and speech of each link.
    protocol, side
        None = not settled yet, any will do.
    """

    __test__ = False  # the name begins like a test case; pytest must not collect it

    links: frozenset[tuple[str, str]]
    protocol: Protocol | None = None
    side: Side | None = None
    subject: str = ""

    @classmethod
    def with_links(
        cls, links: Collection[Link], protocol: Protocol | None = None, side: Side | None = None, subject: str = ""
    ) -> "TestAtHand":
        """Say what is to be begun over closed links."""
        return cls(frozenset((link.name, link.speech) for link in links), protocol, side, subject)

    def is_of(self, recording: FileRecording) -> bool:
        """Say whether a recording is of this test, of this person, with these sensors."""
        info = recording.info
        links = frozenset((row.name, row.speech) for row in recording.links)
        alike = self.subject == info.subject and self.links == links
        if not alike or (self.side is not None and self.side is not info.side):
            return False
        # By its words, not its name: a clinician's own file may have been changed since.
        return self.protocol is None or self.protocol == choose_protocol(recording, None)


@dataclass(frozen=True)
class Unfinished:
    """A test that can be taken up.

    Attributes
    ----------
    begun
        Wall clock when its recording was begun.
    counted, wanted
        Lifts, or holds, that count so far, and how many there are to be; of both legs where both are tested in turn.
    """

    path: Path
    protocol: Protocol
    side: Side | None
    begun: datetime
    counted: int
    wanted: int


def find_unfinished(
    folder: Path, test: TestAtHand, tell: Callable[[str], None], *, now: datetime | None = None
) -> Unfinished | None:
    """Find the newest recording of a test in a folder, if it is unfinished.

    Parameters
    ----------
    tell
        Called with one line for each recent recording that cannot be read.
    now
        Wall clock; given by tests.
    """
    oldest = (now or datetime.now().astimezone()) - OFFERED_FOR
    for path in sorted(folder.glob("*.fo"), key=_written_s, reverse=True):
        if _written_s(path) < oldest.timestamp():
            return None
        try:
            recording = _open(path)
            if recording is None or not test.is_of(recording):
                continue
            # The newest of this test decides: whoever began another one after it has let it go.
            return _describe(recording) if _is_open_since(recording, oldest) else None
        except FiringOrderError as error:  # damaged, or of a later version: no reason not to begin a new one
            tell(f"not offered to go on with: {error}")
    return None


def _written_s(path: Path) -> float:
    """Return when a recording was last written to, its log included; 0 where it is gone."""
    times = [0.0]
    for each in (path, _log_of(path)):
        with suppress(OSError):  # a log goes whenever another program closes its recording
            times.append(each.stat().st_mtime)
    return max(times)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _open(path: Path) -> FileRecording | None:
    """Open a recording in which a test began; None where it did not, or where somebody is still recording."""
    with RecordingReader(path) as reader:
        if _log_of(path).exists() or not any(event.kind == TEST_BEGAN for event in reader.events()):
            return None
        if not reader.is_sound():
            raise UnreadableFile(path, f"is damaged; save what is left of it with: firingorder recover {path}")
    return FileRecording(path)


def _is_open_since(recording: FileRecording, oldest: datetime) -> bool:
    """Say whether a recording was not ended in order, and goes on to a moment not too long ago."""
    with RecordingReader(recording.path) as reader:
        ended = reader.fact(ENDED) is not None
    last = datetime.fromisoformat(recording.head.created) + timedelta(seconds=recording.duration_s)
    return not ended and last >= oldest


def _describe(recording: FileRecording) -> Unfinished:
    """Say how far a test had come; judging it again takes a few seconds."""
    analysis = analyze(recording)
    protocol = choose_protocol(recording, None)
    steps = read_steps((event.kind, event.data) for event in recording.events())
    if protocol.hold is not None:
        counted = sum(step.complete for step in steps if isinstance(step, HoldEnded))
    else:
        counted = sum(result.n_valid for result in analysis.sets)
    n_sides = max((step.n_sides for step in steps if isinstance(step, GuideBegan)), default=1)
    return Unfinished(
        recording.path,
        protocol,
        stated_side(recording.info),
        datetime.fromisoformat(recording.head.created),
        counted,
        protocol.wanted * n_sides,
    )
