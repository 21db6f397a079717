"""What sensors send together through what they share: told once they stream, before the first lift."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.sim.acquisition_bench import Bench
from tests.sim.test_ble_virtual import sensors_on_air

from firingorder_bridge.links import ble_link
from firingorder_bridge.links.base import Carrier
from firingorder_session.acquiring.load_watch import LoadWatch
from firingorder_session.events.live_events import LiveEvent, Notice, NoticeKind
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import Side
from firingorder_signal.events import LiftStarted

#: One virtual sensor sends 8.2 kB/s (2 kHz of 16 bits and 200 Hz of motion, headers included): one fits, two do not.
SMALL = 15_000.0
AIR = Carrier("the Bluetooth adapter", SMALL, is_radio=True)


def told_on(*carriers: Carrier | None, seconds: float = 2.0) -> list[Notice]:
    """Stream two sensors on these carriers, and return what was told."""
    bench, told = Bench(), list[Notice]()
    for link, carrier in zip(bench.links, carriers, strict=True):
        link.carrier = carrier
    watch = LoadWatch(bench.channels, told.append)
    watch.look()
    assert told == [], "nothing is known before anything streams"
    for _ in range(round(seconds / 0.1)):
        bench.run(0.1)
        watch.look()
    bench.stop()
    return told


def test_two_sensors_on_one_adapter_are_added_up_and_told_once() -> None:
    (notice,) = told_on(AIR, AIR)
    assert (notice.kind, notice.about) == (NoticeKind.CAPACITY, AIR.name)
    assert str(notice.message).startswith("hand0, hand1 on the Bluetooth adapter: 16.")


def test_each_on_its_own_adapter_fits() -> None:
    assert told_on(AIR, Carrier("another adapter", SMALL)) == []


def test_cables_are_not_warned_of_and_do_not_count_on_the_air() -> None:
    assert told_on(None, None) == []
    assert told_on(AIR, None) == []


def test_a_line_too_slow_for_its_own_sensor_is_told() -> None:
    (notice,) = told_on(Carrier("hand0", 5_000.0), None)
    assert str(notice.message).startswith("hand0: 8.")
    assert "samples will be lost" in str(notice.message)


@pytest.mark.skipif(find_spec("bumble") is None, reason="the virtual radio needs bumble (extra: test)")
def test_sensors_on_the_air_are_warned_of_before_the_first_lift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real radio link in a running test, over an adapter that is said to be small."""
    monkeypatch.setattr(ble_link, "ADAPTER", AIR)
    with sensors_on_air(tmp_path, "AB") as place:
        test = open_live(
            [place.link("OML-A"), place.link("OML-B")], TestPlan(find_protocol("prone_hip_extension"), Side.RIGHT)
        )
        seen: list[LiveEvent] = []
        test.start()
        try:
            for _ in range(200):
                test.wait(0.1)
                seen += test.drain()
                if any(isinstance(event, Notice) for event in seen):
                    break
        finally:
            test.close()
    (notice,) = (event for event in seen if isinstance(event, Notice))
    assert "ble:OML-A, ble:OML-B on the Bluetooth adapter" in str(notice.message)
    assert not any(isinstance(event, LiftStarted) for event in seen)
