"""The frozen corpus: every version gives the stored results to the bit, or the changelog says why not."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

import firingorder as fo
from firingorder_session.judging.review import Review
from firingorder_session.keeping import corpus
from firingorder_session.keeping.verify import verify
from firingorder_session.recordings.beginning import find_beginning
from firingorder_session.running.open_test import open_replay
from firingorder_signal.events import EmgTrace

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "corpus"
RECORDINGS = sorted(FOLDER.glob("*.fo"))
INDEX = corpus.read_index(FOLDER)
#: A checkout must stay quick to fetch.
MOST_BYTES = 1_500_000
TO_DO = (
    "if that is meant: python -m fixtures.make_corpus --results, and say why under its heading in CHANGELOG.md "
    "(docs/corpus.md)"
)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_result_is_reproduced(path: Path) -> None:
    exact = corpus.machine() == INDEX["made_on"]
    assert "\n".join(map(str, corpus.compare(path, exact=exact))) == "", TO_DO


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_door_gives_the_same_bits(path: Path) -> None:
    """Batch, replay and review: with a set-up before the test, a lost link, holds, both sides."""
    batch = fo.analyze(fo.read(path))
    review = Review(fo.read(path))
    for _ in review.analyze():
        pass
    replay = open_replay(path, speed=None)
    replay.start()
    assert replay.wait(60.0)
    replay.close()
    assert review.results == batch.sets
    assert replay.results == batch.sets
    assert review.hold_summaries == replay.hold_summaries == batch.hold_summaries


def test_a_review_shows_the_set_up_and_judges_nothing_of_it() -> None:
    path = FOLDER / "set-up-and-cue.fo"
    recording = fo.read(path)
    from_s = find_beginning(recording)
    assert from_s is not None
    traces = [event for _, events in Review(recording).analyze() for event in events if isinstance(event, EmgTrace)]
    for stream_id in {trace.stream.stream_id for trace in traces}:
        own = [trace for trace in traces if trace.stream.stream_id == stream_id]
        ends = [trace.first_index + len(trace.values) for trace in own]
        assert [trace.first_index for trace in own[1:]] == ends[:-1], "one piece, in order"
        assert own[0].timebase.time_of(own[0].first_index) < from_s - 1.0


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_of_the_corpus_is_frozen(path: Path) -> None:
    assert sha256(path.read_bytes()).hexdigest() == INDEX["recordings"][path.name]
    assert verify(path).flaws == ()


def test_the_corpus_is_all_there_and_small() -> None:
    assert [path.name for path in RECORDINGS] == sorted(INDEX["recordings"])
    kinds = {"prone-both-sides", "bridge", "hold", "radio-loss", "native-device", "set-up-and-cue"}
    assert kinds <= {path.stem for path in RECORDINGS}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES


def test_the_changelog_explains_the_stored_results() -> None:
    results = corpus.results_hash(FOLDER)
    assert results == INDEX["results"]
    assert corpus.explained((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), results), TO_DO


@pytest.mark.parametrize(
    ("changelog", "words"),
    [
        ("## [1.1]\n### Results 00000000000a\n\nFaster rises.\n\n### Added\n", "Faster rises."),
        ("## [1.1]\n### Results 00000000000b\n\nFaster rises.\n", ""),
        ("## [1.1]\n### Results 00000000000a\n\n### Added\n", ""),
        ("## [1.2]\n### Results 00000000000b\nNew.\n## [1.1]\n### Results 00000000000a\nOld.\n", ""),
        ("## [1.1]\n", ""),
    ],
)
def test_only_the_newest_heading_with_words_explains(changelog: str, words: str) -> None:
    assert corpus.explained(changelog, "00000000000a") == words


def test_a_changed_bit_of_a_result_is_named(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(FOLDER / "native-device.fo", tmp_path / "native-device.fo"))
    stored = json.loads((FOLDER / "native-device.json").read_text(encoding="utf-8"))
    lift = stored["sets"][0]["lifts"][1]
    lift["lag_s"] += 1e-7
    path.with_suffix(".json").write_text(json.dumps(stored), encoding="utf-8")
    (difference,) = corpus.compare(path, exact=True)
    assert difference.field == "sets[0].lifts[1].lag_s"
    assert corpus.compare(path, exact=False) == []
    lift["verdict"] = "glute_first"
    path.with_suffix(".json").write_text(json.dumps(stored), encoding="utf-8")
    assert [each.field for each in corpus.compare(path, exact=False)] == ["sets[0].lifts[1].verdict"]
