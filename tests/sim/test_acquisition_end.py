"""How an acquisition ends when something in it goes wrong: it says so, and what was recorded is whole."""

import time
from pathlib import Path
from typing import cast

import pytest

from firingorder_bridge.buffer import Framing
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_session.acquisition import Acquisition
from firingorder_session.file_recording import FileRecording
from firingorder_session.head import RecordingHead
from firingorder_session.live_events import Origin, SessionEnded
from firingorder_session.live_test import LiveTest, TestPlan
from firingorder_session.protocols import find_protocol
from firingorder_session.recorder import Recorder


class MadLink(Link):
    """A link that hands over what is no bytes, as no link may: it stands for any mistake of the program."""

    name = "mad"
    framing = Framing.COBS

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Hand over nonsense at once."""
        on_data(cast(bytes, 7), time.monotonic_ns())

    def write(self, data: bytes) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Do nothing: no thread was started."""


def test_an_error_of_the_program_ends_the_test_and_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "visit.fo"
    origin_ns = time.monotonic_ns()
    recorder = Recorder(path, RecordingHead.now(origin_ns), lambda event: None, min_free_bytes=0)
    acquisition = Acquisition([MadLink()], origin_ns=origin_ns, emit=lambda event: None, recorder=recorder)
    plan = TestPlan(find_protocol("prone_hip_extension"), origin=Origin.LIVE)
    test = LiveTest(plan, 1, lambda emit: acquisition)
    test.start()
    assert test.wait(20.0)
    test.close()
    ended = test.drain()[-1]
    assert isinstance(ended, SessionEnded)
    assert "error of the program" in ended.error
    assert "the acquisition stopped" in caplog.text
    assert recorder.error is None
    assert FileRecording(path).duration_s == 0.0
