"""A test to which nothing of use came says what came instead, keeps no recording of nothing, and has failed."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.emulators.bitalino import Bitalino
from tests.emulators.umyo import UmyoBase, Unit
from tests.sim.native_devices import PATIENCE_S

from firingorder.run_test import print_results
from firingorder_bridge.devices.catalogue import open_address
from firingorder_session.events.live_events import LiveEvent, Notice
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def start(path: Path, *addresses: str) -> LiveTest:
    plan = TestPlan(find_protocol("prone_hip_extension"), recording_path=path)
    test = open_live([open_address(address) for address in addresses], plan)
    test.start()
    return test


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_silent_port_leaves_no_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "test.fo"
    with Bitalino() as device:
        device.muted.set()
        test = start(path, f"umyo:{device.path}")
        wait(path.exists)
        test.close()
    assert print_results(test) == 1
    said = capsys.readouterr()
    assert f"nothing was recorded: {device.path} sent nothing. Is it on" in said.err
    assert "shimmer3:" in said.err
    assert not said.out
    assert not path.exists()


def test_a_device_of_another_kind_is_told_while_it_sends_and_its_bytes_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, told = tmp_path / "test.fo", list[LiveEvent]()

    def is_told() -> bool:
        told.extend(test.drain())
        return any(isinstance(each, Notice) and "bytes that are no umyo" in str(each.message) for each in told)

    with Bitalino(running=(1000, 6)) as device:
        test = start(path, f"umyo:{device.path}")
        wait(is_told)
        test.close()
    assert print_results(test) == 1
    said = capsys.readouterr()
    assert "bytes that are no umyo" in said.err
    assert "nothing was recorded" in said.err
    assert f"are kept in {path}" in said.err
    assert not said.out
    assert path.exists()


def test_one_link_of_two_that_stayed_silent_is_named_beside_the_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "test.fo"
    with UmyoBase(Unit(0x1A2B3C4D)) as base, Bitalino() as device:
        device.muted.set()
        test = start(path, f"umyo:{base.path}", f"bitalino:{device.path}")
        wait(lambda: not test.heard_nothing)
        test.close()
    assert print_results(test) == 0
    said = capsys.readouterr()
    assert f"note: {device.path} sent nothing" in said.err
    assert f"recorded: {path}" in said.out
