"""A recording of holds for the review: the fixture of five lifts, called a test of holds, with holds laid into it."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from firingorder_session.events.guide_events import write_step
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.recordings.append_event import append_event
from firingorder_session.setting_up.references import REFERENCE, Reference, ReferenceKind
from firingorder_signal.blocks import Side, Site

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
HOLDS = (
    HoldEnded(20.0, 1, Side.MIDDLE, 4.0),
    HoldEnded(27.0, 2, Side.MIDDLE, 24.0, complete=False),
    HoldEnded(46.0, 2, Side.MIDDLE, 30.0),
)


def make_holds(path: Path, holds: Sequence[HoldEnded] = HOLDS, *, with_references: bool = True) -> Path:
    """Write the recording; nobody held anything in it, which is said of the slopes."""
    shutil.copyfile(FIXTURE, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE head SET value = ? WHERE key = 'protocol'", (json.dumps("bridge_hold"),))
        connection.execute("DELETE FROM head WHERE key = 'protocol_file'")
    connection.close()
    for site in (GLUTE, HAMSTRING) if with_references else ():
        append_event(path, REFERENCE, Reference(site, ReferenceKind.MAXIMUM, 60.0).to_json())
    for hold in holds:
        append_event(path, *write_step(hold))
    return path
