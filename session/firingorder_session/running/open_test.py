"""Make a running test: of sensors, or of a recording played back."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from time import monotonic_ns

from firingorder_bridge.links.base import Link
from firingorder_bridge.links.pace import Pace
from firingorder_signal.blocks import Side

from ..acquiring.acquisition import Acquisition
from ..acquiring.replay import make_replay
from ..acquiring.roll_call import Expected
from ..errors import UnreadableFile
from ..events.guide_events import read_steps
from ..events.live_events import Notice, Origin
from ..judging.analysis import choose_protocol, lifts_set_aside, stated_side, streams_taking_part
from ..judging.earlier_visits import read_earlier
from ..recordings.beginning import find_beginning
from ..recordings.corrections import find_corrections
from ..recordings.file_recording import NO_SAMPLES, FileRecording
from ..recordings.head import RecordingHead
from ..recordings.recorder import Recorder
from ..setting_up.references import references
from ..setting_up.set_up_record import read_set_up
from .live_test import Emit, LiveTest
from .plan import TestPlan
from .taking_up import take_up


def open_live(
    links: Sequence[Link], plan: TestPlan, find_ports: Callable[[], Sequence[Link]] | None = None
) -> LiveTest:
    """Make a test of sensors.

    Parameters
    ----------
    links
        One a sensor, closed.
    find_ports
        Gives closed links at which a lost sensor may turn up again; see `Acquisition`.

    Raises
    ------
    RecordingRefused
        The recording cannot be made where the plan says; nothing was started.
    """
    origin_ns = monotonic_ns()

    def make(emit: Emit) -> Acquisition:
        recorder = None
        if plan.recording_path is not None:
            side = plan.side or Side.MIDDLE
            head = RecordingHead.now(
                origin_ns,
                protocol=plan.protocol.name,
                side=side,
                subject=plan.subject,
                protocol_file=plan.protocol.text,
                settings=asdict(plan.protocol.rules),
                alignments=plan.alignments,
            )
            recorder = Recorder(plan.recording_path, head, emit)
        return Acquisition(
            links,
            origin_ns=origin_ns,
            emit=emit,
            recorder=recorder,
            find_ports=find_ports,
            alignments=plan.alignments,
            notify=emit,
        )

    return LiveTest(plan, Expected.on(links), make)


def open_replay(path: Path, speed: float | None = 1.0) -> LiveTest:
    """Make a test of a recording, which takes exactly the live path.

    Parameters
    ----------
    speed
        1.0 = as it was; None = as fast as it is taken, for tests.

    Raises
    ------
    UnreadableFile
        It is no recording of ours, or holds no frames.
    """
    recording = FileRecording(path)
    if not recording.streams:
        raise UnreadableFile(path, NO_SAMPLES)
    plan = plan_recorded(recording)
    expected = Expected(len({stream.clock_id for stream in recording.streams}))
    pace = Pace(speed, recording.start_ns)
    if plan.from_s is not None and plan.past_set_up is None:
        # Nothing tells what the page showed: what came before the test goes by unseen.
        pace.hurry_to(recording.head.origin_ns + round(plan.from_s * 1e9))
    return LiveTest(plan, expected, lambda emit: make_replay(recording, emit, pace=pace), pace)


def plan_recorded(recording: FileRecording) -> TestPlan:
    """Say what was run when a recording was made."""
    return TestPlan(
        choose_protocol(recording, None),
        stated_side(recording.info),
        Origin.REPLAY,
        source=recording.path.name,
        subject=recording.info.subject,
        simulated=recording.info.origin is Origin.SIMULATED,
        set_aside=lifts_set_aside(recording),
        corrections=tuple(find_corrections(recording.events()).values()),
        taking_part=frozenset(stream.stream_id for stream in streams_taking_part(recording)),
        steps=read_steps((event.kind, event.data) for event in recording.events()),
        past_set_up=read_set_up((event.kind, event.data) for event in recording.events()),
        from_s=find_beginning(recording),
        names=recording.names,
        references=references(recording),
        recorded_earlier=read_earlier((event.kind, event.data) for event in recording.events()),
    )


def open_taken_up(
    links: Sequence[Link],
    path: Path,
    find_ports: Callable[[], Sequence[Link]] | None = None,
    notices: Sequence[Notice] = (),
) -> LiveTest:
    """Make the test that goes on in a recording whose program died; what is tested, and how, is as it was.

    Parameters
    ----------
    links
        Those that it was made with, closed, in any order; `taking_up.match_links`.
    find_ports, notices
        As for a new test.

    Raises
    ------
    UnreadableFile
        It is no recording, or damaged.
    RecordingRefused
        It was ended in order, was made with other sensors, or cannot be written.
    """
    taken_up = take_up(path, links, monotonic_ns())
    head = taken_up.recording.head
    plan = replace(
        plan_recorded(taken_up.recording),
        origin=Origin.LIVE,
        source="",
        recording_path=path,
        alignments=head.alignments,
        guided=True,
        goes_on=True,
        past_set_up=None,
        notices=tuple(notices),
    )

    def make(emit: Emit) -> Acquisition:
        return Acquisition(
            links,
            origin_ns=head.origin_ns,
            emit=emit,
            recorder=Recorder(path, head, emit, goes_on=True),
            find_ports=find_ports,
            alignments=head.alignments,
            notify=emit,
            taken_up=taken_up,
        )

    return LiveTest(plan, Expected.on(links), make)
