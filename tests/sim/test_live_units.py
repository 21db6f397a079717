"""A whole test with sensors of which nothing is known beforehand: units behind a base, channels that nobody named."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.emulators.bitalino import Bitalino
from tests.emulators.umyo import UmyoBase, Unit
from tests.sim.native_devices import PATIENCE_S

from firingorder_bridge.devices.catalogue import open_address
from firingorder_session.events.live_events import LiveEvent, Notice, NoticeKind, Phase, PhaseChanged
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.beginning import TEST_BEGAN
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan
from firingorder_signal.events import EmgTrace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

GLUTE, HAMSTRING = "umyo-1a2b3c4d", "umyo-4fd54fd5"
SITES = "sites=1a2b3c4d:gluteus_maximus/right,4fd54fd5:hamstring_lateral/right"


class Watched:
    """A live test of one address, and all that it told its view."""

    def __init__(self, address: str, folder: Path) -> None:
        self.path = folder / "test.fo"
        plan = TestPlan(find_protocol("prone_hip_extension"), recording_path=self.path)
        self.test: LiveTest = open_live([open_address(address)], plan)
        self.told: list[LiveEvent] = []
        self.test.start()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Go on until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"it never happened; the test said {self.told[-5:]}"
            time.sleep(0.01)
            self.told += self.test.drain()

    def has_begun(self) -> bool:
        """Tell whether it is settled who takes part."""
        return any(isinstance(each, PhaseChanged) and each.phase is Phase.LIE_STILL for each in self.told)

    def traced(self) -> set[str]:
        """Return the streams whose traces are shown."""
        return {each.stream.stream_id for each in self.told if isinstance(each, EmgTrace)}

    def notices(self, kind: NoticeKind) -> list[str]:
        """Return what was said to know."""
        return [str(each.message) for each in self.told if isinstance(each, Notice) and each.kind is kind]

    def close(self) -> set[str]:
        """End; return the streams that took part as the recording has it."""
        self.test.close()
        self.told += self.test.drain()
        (began,) = [event.data["streams"] for event in FileRecording(self.path).events() if event.kind == TEST_BEGAN]
        return set(began)


def late(number: int, after_s: float) -> Unit:
    """Return a unit that is switched on later than the base."""
    unit = Unit(number)
    unit.began_s = after_s
    return unit


def test_all_units_that_were_named_take_part_though_one_comes_later(tmp_path: Path) -> None:
    with UmyoBase(Unit(0x1A2B3C4D), late(0x4FD54FD5, 1.0)) as base:
        watched = Watched(f"umyo:{base.path}?{SITES}", tmp_path)
        watched.wait(lambda: len(watched.traced()) == 2)
        part = watched.close()
    assert part >= {f"{GLUTE}/0", f"{HAMSTRING}/0"}
    (result,) = watched.test.results
    assert result.reason is None or "channel" not in str(result.reason)
    details = [str(each.detail) for each in watched.told if isinstance(each, PhaseChanged) and each.detail]
    assert details[0] in (f"waiting for {each}" for each in (
        f"{HAMSTRING} (hamstring_lateral/right)", f"{GLUTE} (gluteus_maximus/right)"
    ))  # fmt: skip
    assert not watched.notices(NoticeKind.SENSORS)


def test_a_named_unit_that_is_off_is_told_and_the_test_begins_without_it(tmp_path: Path) -> None:
    with UmyoBase(Unit(0x1A2B3C4D)) as base:
        watched = Watched(f"umyo:{base.path}?{SITES}", tmp_path)
        watched.wait(watched.has_begun)
        watched.close()
    (notice,) = watched.notices(NoticeKind.SENSORS)
    assert f"{HAMSTRING} (hamstring_lateral/right)" in notice
    (channels,) = watched.notices(NoticeKind.CHANNELS)
    assert "none is named as a hamstring" in channels


def test_a_unit_that_comes_after_the_test_began_is_told_to_take_no_part(tmp_path: Path) -> None:
    with UmyoBase(Unit(0x1A2B3C4D), late(0x4FD54FD5, 4.0)) as base:
        watched = Watched(f"umyo:{base.path}?{SITES}", tmp_path)
        watched.wait(lambda: len(watched.notices(NoticeKind.SENSORS)) == 2)
        part = watched.close()
    assert part == {f"{GLUTE}/0", f"{GLUTE}/1"}
    assert watched.notices(NoticeKind.SENSORS)[1].startswith(f"{HAMSTRING} came after the test had begun")


def test_units_that_nobody_named_all_show_and_it_is_said_what_to_type(tmp_path: Path) -> None:
    with UmyoBase(Unit(0x1A2B3C4D), late(0x4FD54FD5, 1.0)) as base:
        watched = Watched(f"umyo:{base.path}", tmp_path)
        watched.wait(lambda: len(watched.traced()) == 2)
        watched.close()
    (notice,) = watched.notices(NoticeKind.CHANNELS)
    assert notice.startswith(f"the channels are {GLUTE} EMG, {HAMSTRING} EMG; none is named as a hamstring or as glut")
    assert "sites=1a2b3c4d:gluteus_maximus/right,4fd54fd5:hamstring_lateral/right" in notice


def test_channels_that_nobody_named_all_show_and_it_is_said_what_to_type(tmp_path: Path) -> None:
    with Bitalino() as device:
        watched = Watched(f"bitalino:{device.path}?channels=1,2", tmp_path)
        watched.wait(lambda: bool(watched.traced()))
        watched.close()
    (notice,) = watched.notices(NoticeKind.CHANNELS)
    assert notice.startswith("the channels are A1, A2; none is named as a hamstring or as gluteus maximus")
    assert "bitalino:...?sites=gluteus_maximus/right,hamstring_lateral/right" in notice
    trace = next(each for each in watched.told if isinstance(each, EmgTrace))
    assert trace.values.shape[1] == 2


def test_a_test_with_both_muscles_named_says_nothing(tmp_path: Path) -> None:
    with Bitalino() as device:
        sites = "sites=gluteus_maximus/right,hamstring_lateral/right"
        watched = Watched(f"bitalino:{device.path}?channels=1,2&{sites}", tmp_path)
        watched.wait(watched.has_begun)
        watched.close()
    assert not watched.notices(NoticeKind.CHANNELS)
