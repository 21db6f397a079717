"""A whole visit recorded in simulated time: set up, led from cue to cue, six lifts, by the virtual patient."""

from dataclasses import dataclass, field
from pathlib import Path

from firingorder.patient_ears import PatientEars
from firingorder_bridge.buffer import Framing, RawFrame
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.patient import draw_patient
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.events.guide_events import CueGiven, GuideBegan, GuideEvent, RestBegun, RestOver, write_step
from firingorder_session.events.live_events import Origin
from firingorder_session.events.set_up_events import SetUpChanged, SetUpStep
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.beginning import TEST_BEGAN
from firingorder_session.recordings.head import Json, RecordingHead
from firingorder_session.recordings.recording_writer import EventRow, FrameRow, RecordingWriter
from firingorder_session.setting_up.set_up import SetUp, SetUpOutput
from firingorder_signal.blocks import Side

SEED, N_LIFTS = 5, 6
STEP_S, NS = 0.1, 1_000_000_000
#: How long electrodes and rest are looked at, and how long the leg lies between two lifts.
LOOK_S, REST_S = 3.0, 1.5


@dataclass
class Visit:
    """The patient, the set-up, and what a recording holds of them."""

    wearable: VirtualWearable = field(
        default_factory=lambda: VirtualWearable(draw_patient(SEED), seed=SEED, waits=True)
    )
    set_up: SetUp = field(default_factory=lambda: SetUp("prone_hip_extension", Side.RIGHT, asks_test=False))
    events: list[tuple[int, str, dict[str, Json]]] = field(default_factory=list[tuple[int, str, dict[str, Json]]])
    said: SetUpChanged | None = None

    def __post_init__(self) -> None:
        """Connect, and let the patient hear the page."""
        self.loop = Loopback(self.wearable)
        self._ears = PatientEars(self._ask)
        self._hear(self.set_up.take(()))

    def _ask(self, line: str) -> None:
        what, _, side = line.partition(" ")
        if what == "lift":
            self.wearable.lift(Side(side))
        else:
            self.wearable.ask(what, Side(side))

    def note(self, kind: str, data: dict[str, Json]) -> None:
        """Record an event, now."""
        self.events.append((self.wearable.host_origin_ns + round(self.wearable.now_s * NS), kind, data))

    def lead(self, step: GuideEvent) -> None:
        """Record a step of the guide, and let the patient hear it."""
        self.note(*write_step(step))
        self._ears.put((step,))

    def _hear(self, outputs: list[SetUpOutput]) -> None:
        for output in outputs:
            if isinstance(output, SetUpChanged):
                self.said = output
                self._ears.put((output,))
            else:
                self.note(output.kind, output.data)

    def run(self, duration_s: float) -> None:
        """Let time pass."""
        until_s = self.wearable.now_s + duration_s
        while self.wearable.now_s < until_s:
            brought = [said.event for said in self.loop.run(STEP_S)]
            if not self.set_up.is_done:
                self._hear(self.set_up.take(brought))

    def press_next(self) -> None:
        """Press the pedal."""
        self._hear(self.set_up.next())


def write_visit(path: Path) -> Visit:
    """Record the visit: a minute of signal, some seconds of work."""
    visit = Visit()
    visit.run(LOOK_S)
    for step in (SetUpStep.PLACE, SetUpStep.SIGNAL):
        assert visit.set_up.step is step
        visit.press_next()
    while visit.said is not None and visit.said.identity is not None and visit.said.identity.number == 1:
        visit.run(STEP_S)
    while visit.set_up.step is SetUpStep.IDENTITY:  # the other questions are skipped
        visit.press_next()
    visit.run(LOOK_S)
    while not visit.set_up.is_done:
        visit.press_next()
    streams: list[Json] = [f"{sensor.uid.hex()}/{stream}" for sensor in visit.wearable.sensors for stream in (0, 1)]
    visit.note(TEST_BEGAN, {"streams": streams, "from_s": visit.set_up.time_s})
    visit.lead(GuideBegan(visit.wearable.now_s, SEED, Side.MIDDLE, 1))
    visit.run(LOOK_S + 1.0)
    for number in range(1, N_LIFTS + 1):
        visit.lead(CueGiven(visit.wearable.now_s, number, Side.MIDDLE, 1.0))
        timeline = visit.wearable.world.timeline
        visit.run(timeline.origin_s + timeline.lifts[-1].end_s + 0.5 - visit.wearable.now_s)
        if number < N_LIFTS:
            now_s = visit.wearable.now_s
            visit.lead(RestBegun(now_s, now_s + REST_S))
            visit.run(REST_S)
            visit.lead(RestOver(visit.wearable.now_s))
    visit.run(2.0)
    write_recording(path, visit)
    return visit


def write_recording(path: Path, visit: Visit) -> None:
    """Write frames and events the way the recorder does, by time."""
    protocol = find_protocol("prone_hip_extension")
    head = RecordingHead(
        visit.wearable.host_origin_ns,
        "2026-01-01T12:00:00.000+00:00",
        recording_id="0" * 32,
        protocol=protocol.name,
        protocol_file=protocol.text,
        side=Side.RIGHT,
        origin=Origin.SIMULATED,
    )
    frames = [(item, link) for link, items in enumerate(visit.loop.recorded, start=1) for item in items]
    rows: list[tuple[int, RawFrame | tuple[str, dict[str, Json]], int | None]] = [
        *((item.t_host_ns, item, link) for item, link in frames if isinstance(item, RawFrame)),
        *((t_ns, (kind, data), None) for t_ns, kind, data in visit.events),
    ]
    writer = RecordingWriter.create(path, head, min_free_bytes=0)
    writer.begin()
    for number in range(len(visit.wearable.sensors)):
        writer.write_link(number + 1, f"port{number}", Framing.COBS.value)
    for seq, (t_ns, row, link) in enumerate(sorted(rows, key=lambda row: row[0])):
        if isinstance(row, RawFrame) and link is not None:
            writer.write_frames([FrameRow(seq, link, t_ns, row.damaged, row.data)])
        elif not isinstance(row, RawFrame):
            writer.write_event(EventRow(seq, None, t_ns, *row))
    writer.commit()
    writer.close()
