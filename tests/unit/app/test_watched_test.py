"""What a terminal reads of a test that nobody sees: nothing of a short one, then where it is, and each lift."""

from pathlib import Path

import pytest

from firingorder.watched_test import LINE_S, WatchedTest
from firingorder_session.events.live_events import DataHealth, Phase, PhaseChanged
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.open_test import open_live, open_replay
from firingorder_session.running.plan import TestPlan

FIXTURE = Path(__file__).parents[3] / "fixtures" / "five-lifts.fo"


def test_a_line_comes_after_two_seconds_and_then_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    test = open_live([], TestPlan(find_protocol("prone_hip_extension")))
    now_s = 0.0
    with WatchedTest(test, lambda: now_s) as watched:
        test.view.put(PhaseChanged(Phase.READY))
        test.view.put(DataHealth(7.0, 0, 0, 0, 0.0))
        watched.drain()
        assert not capsys.readouterr().err
        now_s = 2.0
        watched.drain()
        assert capsys.readouterr().err == "ready, 7 s of signal, 0 of 6 lifts\n"
        now_s = 2.0 + LINE_S - 0.1
        watched.drain()
        assert not capsys.readouterr().err
        now_s = 2.0 + LINE_S
        watched.drain()
        assert "ready, 7 s of signal" in capsys.readouterr().err


def test_each_lift_has_a_line_with_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    test = open_replay(FIXTURE, speed=None)
    with WatchedTest(test, lambda: 0.0) as watched:
        test.start()
        while not test.wait(0.05):
            watched.drain()
        watched.drain()
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"lift {number}" for number in range(1, 6)]
    first = test.results[0].lifts[0]
    assert first.lag is not None
    assert first.lag.lag_s is not None
    assert lines[0] == f"lift 1: hamstring first  +{1000 * first.lag.lag_s:.0f} ms"
