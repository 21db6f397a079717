"""An anonymised copy: nothing that was removed is in any of its bytes, and what was measured is the same."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import firingorder as fo
from firingorder.cli import main
from firingorder_bridge.buffer import RawFrame
from firingorder_session.acquiring.acquisition import MARKER
from firingorder_session.history.codes import check_code
from firingorder_session.history.errors import CodeRefused
from firingorder_session.keeping import anonymise as module
from firingorder_session.keeping.anonymise import AnonymiseRefused, anonymise, strip_test
from firingorder_session.keeping.audit import read_trail
from firingorder_session.keeping.disguise import Disguise
from firingorder_session.keeping.verify import verify
from firingorder_session.protocols.catalogue import find_protocol, read_protocol_text
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_session.recordings.append_event import append_event
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.recordings.recording_file import RecordingReader

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
CORPUS = sorted((FIXTURE.parent / "corpus").glob("*.fo"))
OWN_TEST = read_protocol_text("prone_hip_extension").replace(
    'title = "Prone hip extension"', 'title = "Doctor Example\'s lift"  # as Ada wished'
)
#: Two lifts; the others would be more of the same.
ENOUGH_NS = 17_000_000_000
UIDS = ("5649525455414c41", "5649525455414c42")
#: Everything that was put into the recording and must be gone: text, and ids as bytes.
GONE: tuple[bytes, ...] = (
    b"ADA-1815",
    b"2026-03-04",
    b"T09:17:31",
    b"ttyACM7-Examples-laptop",
    b"ttyACM8",
    b"Ada Example came late",
    b"dr.example",
    b"2026-03-05",
    b"Doctor Example",
    b"as Ada wished",
    b"c0ffee00c0ffee00c0ffee00c0ffee00",
    b"cable pulled by Ada",
    b"typed by Ada",
    b"named-after-ada",
    *(uid.encode() for uid in UIDS),
    *(bytes.fromhex(uid) for uid in UIDS),
)


def make_recording(path: Path) -> Path:
    """Record the five lifts again, as of a person, with all that leads to her."""
    source = FileRecording(FIXTURE)
    with RecordingReader(FIXTURE) as reader:
        links = reader.links()
    head = RecordingHead(
        source.head.origin_ns,
        "2026-03-04T09:17:31.250+01:00",
        recording_id="c0ffee00c0ffee00c0ffee00c0ffee00",
        protocol="prone_hip_extension",
        subject="ADA-1815",
        origin=source.head.origin,
        protocol_file=OWN_TEST,
        settings=find_protocol("prone_hip_extension").rules.__dict__,
    )
    recorder = Recorder(path, head, lambda event: None, min_free_bytes=0)
    for link, name in zip(links, ("/dev/ttyACM7-Examples-laptop", "/dev/ttyACM8"), strict=True):
        recorder.add_link(link.link, name, link.speech)
    for stream in source.streams:
        recorder.add_stream(1 + UIDS.index(stream.clock_id), stream)
    t_ns = source.head.origin_ns
    recorder.add_event(t_ns, "sensor", 1, {"uid": UIDS[0], "firmware": 1, "capabilities": 0x8000})
    recorder.add_event(t_ns, "patient_note", data={"words": "typed by Ada"})
    for frame in source.frames():
        if frame.t_host_ns > source.head.origin_ns + ENOUGH_NS:
            break
        recorder.add_frames(frame.link, [RawFrame(frame.t_host_ns, frame.data, bool(frame.damaged))])
        t_ns = frame.t_host_ns
    damaged = b"noise" + bytes.fromhex(UIDS[0]) + b"and more"
    recorder.add_frames(1, [RawFrame(t_ns, damaged, True)])
    recorder.add_event(t_ns, MARKER, data={"text": "Ada Example came late"})
    recorder.add_event(t_ns, "link_lost", 1, {"reason": "ended", "text": "cable pulled by Ada"})
    recorder.add_fact("clinic", "named-after-ada")
    recorder.close()
    lift = fo.analyze(fo.read(path)).sets[0].lifts[1]
    site = next(site for site in lift.onsets if site.is_glute)
    moved = {
        "side": "right", "number": 2, "start_s": lift.start_s, "site": str(site), "time_s": lift.start_s + 0.2,
        "within_s": 0.01, "by": "dr.example", "at": "2026-03-05T08:00:00+01:00",
    }  # fmt: skip
    append_event(path, "correct_onset", moved)
    with closing(sqlite3.connect(path)) as connection, connection:  # pages that are free and still hold old rows
        connection.execute("CREATE TABLE scratch (x)")
        connection.executemany("INSERT INTO scratch VALUES (?)", [("Ada Example came late" * 50,)] * 40)
        connection.execute("DROP TABLE scratch")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recording(tmp_path_factory.mktemp("person") / "ada-example-2026-03-04.fo")


@pytest.fixture(scope="module")
def copy(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("copy") / "K1.fo"
    anonymise(source, out, code="7QX2M0KA")
    return out


def test_the_source_holds_all_that_is_to_be_removed(source: Path) -> None:
    contents = source.read_bytes()
    assert [each for each in GONE if each not in contents] == []


def test_none_of_it_is_in_any_byte_of_the_copy(copy: Path) -> None:
    contents = copy.read_bytes()
    assert [each for each in GONE if each in contents] == []
    assert b"ada-example" not in contents.lower()
    assert [each.name for each in copy.parent.iterdir()] == ["K1.fo"]


def test_what_was_measured_is_the_same_to_the_bit(source: Path, copy: Path) -> None:
    before, after = fo.analyze(fo.read(source)).sets, fo.analyze(fo.read(copy)).sets
    assert (before[0].lag_s, before[0].ci90_s, before[0].verdict) == (after[0].lag_s, after[0].ci90_s, after[0].verdict)
    pairs = list(zip(before[0].lifts, after[0].lifts, strict=True))
    assert [old == new for old, new in pairs] == [True, False]  # who moved an onset, and when, is gone
    (moved,) = [onset for onset in after[0].lifts[1].onsets.values() if onset.corrected]
    assert moved.time_s in [onset.time_s for onset in before[0].lifts[1].onsets.values()]
    assert moved.corrected is not None
    assert (moved.corrected.by, moved.corrected.at) == ("-", "")


def test_the_copy_is_whole_and_says_who_by_the_new_code(copy: Path) -> None:
    assert verify(copy).flaws == ()
    head = FileRecording(copy).head
    assert (head.subject, head.created[:10], head.protocol) == ("7QX2M0KA", "2000-01-01", "own_test")
    kinds = [event.kind for event in FileRecording(copy).events()]
    assert "removed" in kinds
    assert "patient_note" not in kinds


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_recording_of_the_corpus_keeps_its_result(path: Path, tmp_path: Path) -> None:
    """Holds, cues, exchanged names, lost links, another maker's packets: nothing of them was taken for a name."""
    copy = anonymise(path, tmp_path / "K1.fo").path
    before, after = (fo.analyze(fo.read(each)).to_json() for each in (path, copy))
    for each in ("sets", "holds", "sides"):
        assert before[each] == after[each]
    for old in (b"CORPUS00", b"VIRTUAL", b"rfcomm0", b"bitalino-corpus", b"2026"):
        assert old not in copy.read_bytes()


def test_visits_stay_as_far_apart_as_they_were(source: Path, tmp_path: Path) -> None:
    made = anonymise(source, tmp_path / "K1-2.fo", day_zero=date(2026, 2, 1))
    assert made.day == 31
    assert FileRecording(made.path).head.created.startswith("2000-02-01T00:00:00")
    assert made.code == check_code(made.code)


def test_two_copies_share_no_id(source: Path, copy: Path, tmp_path: Path) -> None:
    other = anonymise(source, tmp_path / "K2.fo").path
    first, second = FileRecording(copy), FileRecording(other)
    assert first.head.recording_id != second.head.recording_id
    ids = [{stream.clock_id for stream in each.streams} for each in (first, second)]
    assert not ids[0] & ids[1]


def test_a_copy_with_other_samples_is_refused_and_not_left(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(self: Disguise, data: bytes) -> bytes:
        return data[:20] + bytes(len(data) - 20)

    monkeypatch.setattr(Disguise, "data", spoil)
    with pytest.raises(AnonymiseRefused, match="samples would not stay"):
        anonymise(source, tmp_path / "K1.fo")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_still_holds_a_name_is_refused_and_not_left(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", {**module.KEPT, MARKER: frozenset({"text"})})
    monkeypatch.setattr(module, "INSTEAD", {})
    with pytest.raises(AnonymiseRefused, match="would still be in the copy"):
        anonymise(source, tmp_path / "K1.fo")
    assert list(tmp_path.iterdir()) == []


def test_a_test_of_ones_own_keeps_its_rules(source: Path) -> None:
    own = parse_protocol(strip_test(OWN_TEST), "own")
    built_in = find_protocol("prone_hip_extension")
    assert (own.rules, own.gates, own.exercises) == (built_in.rules, built_in.gates, built_in.exercises)
    assert {text for text in (own.title, own.name)} == {"Move", "own_test"}


@pytest.mark.parametrize(
    ("uid", "data"),
    [
        ("umyo-00001a2b", b"\x4f\xd5\x00\x01\x3e\x00\x00\x1a\x2b\x50"),
        ("trigno-SP123456", b"SP123456\r\n"),
        ("a1b2c3d4e5f6", b"\x8d\x06\xa1\xb2\xc3\xd4\xe5\xf6"),
        ("a1b2c3d4e5f6", b"\x8d\x06\xf6\xe5\xd4\xc3\xb2\xa1"),
        ("OpenBCI-lab-pc", b"\x01OpenBCI-lab-pc"),
    ],
)
def test_an_id_goes_from_the_bytes_of_every_kind_of_device(uid: str, data: bytes) -> None:
    disguise = Disguise()
    disguise.add_sensor(uid)
    new = disguise.data(data)
    assert len(new) == len(data)
    assert new != data
    assert uid not in disguise.text(f"{uid}/0")
    assert not any(old in new for old in disguise.old_bytes)


def test_names_that_begin_alike_are_told_apart() -> None:
    disguise = Disguise()
    for number, name in enumerate(("port1", "port10", "link"), 1):
        disguise.add_link(number, name)
    assert disguise.value({"port10/0": ["port1", "link"]}) == {"link-2/0": ["link-1", "link-3"]}


def test_the_command_writes_an_audit_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRINGORDER_AUDIT", str(tmp_path / "audit.jsonl"))
    path = Path(shutil.copyfile(FIXTURE.parent / "corpus" / "native-device.fo", tmp_path / "visit.fo"))
    assert main(["anonymise", str(path), str(tmp_path / "K1.fo"), "--code", "K1"]) == 0
    assert "code K1, day 0" in capsys.readouterr().out
    (line,) = read_trail().lines
    assert (line["action"], line["code"], line["details"]) == ("anonymise", "visit.fo", ["to K1.fo"])
    assert main(["anonymise", str(path), str(tmp_path / "K1.fo")]) == 1


def test_a_copy_that_breaks_off_is_not_left_half_made(tmp_path: Path) -> None:
    def end(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        anonymise(FIXTURE, tmp_path / "k.fo", report_progress=end)
    assert not list(tmp_path.iterdir())


def test_a_new_code_that_tells_who_it_is_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodeRefused, match="looks like a name or initials; take a random code"):
        anonymise(FIXTURE, tmp_path / "k.fo", code="Ada")
    assert not list(tmp_path.iterdir())
