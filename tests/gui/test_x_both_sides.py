"""One leg, then the other, on a real X server: a patient with sensors on both, who lifts at the cue, and a pedal."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.gui.x_program import XProgram
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import Side

PATIENCE_S = 60.0

pytestmark = X_MARKS


def events(path: Path, kind: str) -> list[dict[str, Any]]:
    """Read the recorded events of a kind, in order."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT data FROM events WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
    return [json.loads(data) for (data,) in found]


@pytest.mark.timeout(240)
def test_one_side_then_the_other(tmp_path: Path) -> None:
    """Takes 25 s of real time: rest, a cue and a lift of one leg, the pedal, then the same of the other one."""
    path = tmp_path / "both.fo"
    words = ["demo", "--side", "both", "--lifts", "1", "--rest-s", "1", "--out", str(path)]
    with x_screen(1920, 1080) as display:
        program = XProgram(display, tmp_path, *words)
        assert program.wait(lambda: len(events(path, "cue_given")) == 1, PATIENCE_S)
        program.picture("first-cue.png")
        # The pedal means nothing else before the first leg is done, and goes on to the other one after that.
        assert program.wait(lambda: stands_at_switch(path), PATIENCE_S)
        program.picture("switch.png")
        program.until(lambda: bool(events(path, "side_switched")), "Next")
        assert program.wait(lambda: len(events(path, "cue_given")) == 2, PATIENCE_S)
        program.wait(lambda: False, 8.0)  # a moment to hear, the lift, and the answer
        program.picture("answer.png")
        assert program.close() == 0
    first, second = events(path, "cue_given")
    assert {first["side"], second["side"]} == {"left", "right"}
    sets = analyze(read(path)).sets
    assert {result.side: len(result.lifts) for result in sets} == {Side.LEFT: 1, Side.RIGHT: 1}
    assert all(lift.valid for result in sets for lift in result.lifts)
    assert max(lift.start_s for result in sets for lift in result.lifts) > events(path, "side_switched")[0]["time_s"]


def stands_at_switch(path: Path) -> bool:
    """Whether the first lift must be over: a moment to hear, 5 s of lift, and its judgement."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        (origin_ns,) = connection.execute("SELECT value FROM head WHERE key = 'origin_ns'").fetchone()
        (last_ns,) = connection.execute("SELECT max(t_host_ns) FROM frames").fetchone()
    return bool((last_ns - int(origin_ns)) * 1e-9 > events(path, "cue_given")[0]["time_s"] + 8.0)
