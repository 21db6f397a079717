"""A device too slow for an order, all the way: a Cyton at 250 Hz live, in the window, replayed and analyzed.

It streams, is recorded and is seen; its order is refused, with its figure.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.cyton import RATE_HZ, UV, Cyton
from tests.gui.conftest import Clock
from tests.gui.synthetic import GLUTE, HAMSTRING

from firingorder.cli import main
from firingorder_bridge.devices.catalogue import open_address
from firingorder_gui.cards import lift_reason
from firingorder_gui.lens_model import cut_lens
from firingorder_gui.texts import ENGLISH
from firingorder_gui.window import LiveWindow
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live, open_replay
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import FloatArray, Side
from firingorder_signal.results import Reason, ReasonCode, SetResult, Verdict

pytest.importorskip("brainflow.board_shim", exc_type=ImportError)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

#: Bursts of both muscles, seconds after the start; the glute 80 ms later. RMS at rest and active, µV.
LIFTS_S, LAG_S, LONG_S, REST_UV, ACTIVE_UV = (2.5, 5.5), 0.08, 1.0, 5.0, 120.0
ENOUGH_S = 8.5
SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"


def make_emg() -> FloatArray:
    """Return glute and hamstring, µV, shape (n_samples, 2)."""
    rng = np.random.default_rng(3)
    emg = rng.normal(0.0, REST_UV, (60 * RATE_HZ, 2))
    for start_s in LIFTS_S:
        for muscle, late_s in enumerate((LAG_S, 0.0)):
            first = round((start_s + late_s) * RATE_HZ)
            emg[first : first + round(LONG_S * RATE_HZ), muscle] *= ACTIVE_UV / REST_UV
    return emg


def record(protocol: str, path: Path) -> LiveTest:
    """Run a live test to its end."""
    emg = np.rint(make_emg() / UV).astype(int)
    with Cyton(lambda sample: (int(emg[sample, 0]), int(emg[sample, 1]))) as device:
        plan = TestPlan(find_protocol(protocol), Side.RIGHT, recording_path=path)
        test = open_live([open_address(f"brainflow:cyton:{device.path}?channels=1,2&{SITES}")], plan)
        test.start()
        time.sleep(ENOUGH_S)
        test.close()
    return test


def assert_refused(result: SetResult) -> None:
    """Check that there is no verdict, and that it says at which rate."""
    assert result.verdict is Verdict.NOT_JUDGED
    assert result.reason is not None
    assert (result.reason.code, result.reason.figure, result.reason.limit) == (ReasonCode.RATE_TOO_LOW, 250.0, 500.0)


def test_a_slow_device_streams_and_its_order_is_refused_with_its_figure(
    qapp: object, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "slow.fo"
    live = record("emg_bursts", path)
    (result,) = live.results
    assert_refused(result)
    assert len(result.lifts) == len(LIFTS_S)
    assert {lift.verdict for lift in result.lifts} == {Verdict.NOT_JUDGED}

    replayed = open_replay(path, speed=None)
    window = LiveWindow(replayed, clock=clock)
    window.resize(1920, 1080)
    window.show()
    replayed.start()
    assert replayed.wait(30.0)
    window.tick()
    assert replayed.results == live.results

    lift = window.model.lifts[2]
    assert lift_reason(lift) == Reason(ReasonCode.RATE_TOO_LOW, 250.0, 500.0, "Hz")
    assert window.save_picture(tmp_path / "window.png")
    picture = cut_lens(lift, window.traces.store, ENGLISH)
    assert picture is not None
    for site in (GLUTE, HAMSTRING):
        lane = picture.lanes[site]
        assert lane.onset_s is None
        assert float(np.nanmax(np.abs(lane.values_uv))) > ACTIVE_UV
        rms_uv = window.model.quality[site].rms_uv
        assert rms_uv is not None
    replayed.close()
    window.close()
    window.deleteLater()

    assert main(["analyze", str(path)]) == 0
    assert "EMG at 250 Hz is too slow to tell an order (needed: 500 Hz)" in capsys.readouterr().out


def test_the_rate_is_said_also_where_no_lift_can_be_found(tmp_path: Path) -> None:
    """The lifts of a prone hip extension are found by motion sensors, which nobody wears here."""
    live = record("prone_hip_extension", tmp_path / "slow.fo")
    (result,) = live.results
    assert not result.lifts
    assert_refused(result)
