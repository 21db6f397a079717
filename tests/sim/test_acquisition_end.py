"""How an acquisition ends: the sensor is stopped, nothing on the way is lost, and what goes wrong is said."""

import queue
import time
from pathlib import Path
from typing import cast

import pytest

from firingorder_bridge.buffer import Framing
from firingorder_bridge.frames import Frame, FrameType, parse_checked
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_bridge.messages import Command, HelloReply, Op, Response, TimeMessage
from firingorder_bridge.stuffing import stuff, unstuff
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.roll_call import Expected
from firingorder_session.events.live_events import Origin, SessionEnded
from firingorder_session.messages import Message, MessageCode
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.plan import TestPlan


class MadLink(Link):
    """A link that hands over what is no bytes, as no link may: it stands for any mistake of the program."""

    name = "mad"
    speech = Framing.COBS.value

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Hand over nonsense at once."""
        on_data(cast(bytes, 7), time.monotonic_ns())

    def write(self, data: bytes) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Do nothing: no thread was started."""


class ObedientLink(Link):
    """A sensor that answers every command, and whose last frame arrives while the link is being closed."""

    name = "obedient"
    speech = Framing.COBS.value

    def __init__(self) -> None:
        self.heard: queue.Queue[int] = queue.Queue()
        self._on_data: OnData | None = None

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Take the callback."""
        self._on_data = on_data

    def write(self, data: bytes) -> None:
        """Answer each command."""
        for stuffed in data.split(b"\0")[:-1]:
            command = Command.decode(parse_checked(unstuff(stuffed) or b"").payload)
            assert command is not None
            said = HelloReply(1, b"ABCDEFGH", 1).encode() if command.op == Op.HELLO else b""
            self._say(FrameType.RSP, Response(command.op, command.tag, data=said).encode())
            self.heard.put(command.op)

    def close(self) -> None:
        """Deliver what was on the way."""
        self._say(FrameType.TIME, TimeMessage(7, 1).encode())
        self._on_data = None

    def _say(self, kind: FrameType, payload: bytes) -> None:
        if self._on_data is not None:
            self._on_data(stuff(Frame(kind, payload=payload).encode()), time.monotonic_ns())


def test_the_sensor_is_stopped_and_its_last_frame_recorded(tmp_path: Path) -> None:
    path, link = tmp_path / "visit.fo", ObedientLink()
    origin_ns = time.monotonic_ns()
    recorder = Recorder(path, RecordingHead.now(origin_ns), lambda event: None, min_free_bytes=0)
    acquisition = Acquisition([link], origin_ns=origin_ns, emit=lambda event: None, recorder=recorder)
    acquisition.start()
    assert [link.heard.get(timeout=30.0) for _ in range(3)] == [Op.HELLO, Op.GET_DESC, Op.START]
    acquisition.stop()
    assert link.heard.get_nowait() == Op.STOP
    kinds = [row.data[0] & 15 for row in FileRecording(path).frames()]
    assert kinds == [FrameType.RSP] * 4 + [FrameType.TIME]


def test_an_error_of_the_program_ends_the_test_and_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "visit.fo"
    origin_ns = time.monotonic_ns()
    recorder = Recorder(path, RecordingHead.now(origin_ns), lambda event: None, min_free_bytes=0)
    acquisition = Acquisition([MadLink()], origin_ns=origin_ns, emit=lambda event: None, recorder=recorder)
    plan = TestPlan(find_protocol("prone_hip_extension"), origin=Origin.LIVE)
    test = LiveTest(plan, Expected(1), lambda emit: acquisition)
    test.start()
    assert test.wait(20.0)
    test.close()
    ended = test.drain()[-1]
    assert isinstance(ended, SessionEnded)
    assert ended.error == Message(MessageCode.ACQUISITION_FAILED)
    assert "the acquisition stopped" in caplog.text
    assert recorder.error is None
    assert FileRecording(path).duration_s == 0.0
