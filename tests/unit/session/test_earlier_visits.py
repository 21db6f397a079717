"""A person's lags at earlier visits: taken from the history, of the same test and cue alone, and part of the record."""

import shutil
from pathlib import Path

from tests.replay.test_recorded_set import FIXTURE, play

import firingorder as fo
from firingorder_session.judging.earlier_visits import EARLIER_LAGS, EarlierVisits, choose_earlier, read_earlier
from firingorder_session.judging.review import Review
from firingorder_session.keeping.anonymise import anonymise
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.protocols.pool_key import pool_key
from firingorder_session.recordings.append_event import append_event
from firingorder_session.running.open_test import open_replay
from firingorder_signal.blocks import Side

TEST, CUED = find_protocol("prone_hip_extension"), find_protocol("prone_hip_extension_glute_cue")
KNOWN = EarlierVisits({Side.LEFT: (0.08, 0.1), Side.RIGHT: (0.05,)})


def test_a_cued_set_is_no_earlier_visit_of_one_without_a_cue() -> None:
    lags = {str(pool_key(CUED, Side.LEFT)): (0.01, 0.02), str(pool_key(TEST, Side.RIGHT)): (0.08,)}
    assert choose_earlier(lags, TEST).lags_s == {Side.RIGHT: (0.08,)}
    assert choose_earlier(lags, CUED).lags_s == {Side.LEFT: (0.01, 0.02)}


def test_it_reads_back_from_the_record() -> None:
    assert read_earlier([("other", {}), (EARLIER_LAGS, KNOWN.to_json())]) == KNOWN
    assert read_earlier([]) == EarlierVisits()


def test_a_recording_says_what_was_known_when_it_was_made(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(FIXTURE, tmp_path / "visit.fo"))
    append_event(path, EARLIER_LAGS, KNOWN.to_json())
    analysis = fo.analyze(fo.read(path))
    assert analysis.earlier_s == KNOWN.lags_s
    assert KNOWN in play(open_replay(path, speed=None))
    assert Review(fo.read(path)).visit(analysis.sets[0]).earlier_s == KNOWN.lags_s[Side.RIGHT]
    anonymise(path, tmp_path / "copy.fo")
    assert fo.analyze(fo.read(tmp_path / "copy.fo")).earlier_s == KNOWN.lags_s
