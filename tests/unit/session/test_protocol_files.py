"""Tests are files: those of the program mean what they always meant, and a slip in one is one clear line."""

from dataclasses import replace
from pathlib import Path

import pytest

from firingorder_session.errors import ProtocolRefused
from firingorder_session.events.live_events import Origin
from firingorder_session.judging.analysis import choose_protocol
from firingorder_session.protocols.catalogue import (
    UnknownProtocol,
    find_protocol,
    load_protocol,
    protocol_names,
    read_protocol_text,
)
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_session.protocols.protocol_plan import HoldPlan, SideOrder
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recording import ArrayRecording, RecordingInfo
from firingorder_signal.blocks import Side
from firingorder_signal.exercise import Exercise, gates_of
from firingorder_signal.lift_gates import LiftGates
from firingorder_signal.rules import JudgementRules

RULES = JudgementRules()
#: What the tests were before they were files: results of recordings made then must not change in a bit.
BEFORE: dict[str, tuple[JudgementRules, set[Exercise], bool]] = {
    "prone_hip_extension": (RULES, {Exercise.PRONE_LIFT}, True),
    "single_leg_bridge": (RULES, {Exercise.SINGLE_LEG_BRIDGE, Exercise.BRIDGE}, True),
    "bilateral_bridge": (RULES, {Exercise.BILATERAL_BRIDGE, Exercise.BRIDGE}, True),
    "hip_flexion": (RULES, {Exercise.HIP_FLEXION}, True),
    "emg_bursts": (replace(RULES, rest_warn_uv=None, rest_refuse_uv=None), {Exercise.PRONE_LIFT}, False),
}
TEXT = read_protocol_text("prone_hip_extension")


@pytest.mark.parametrize("name", BEFORE)
def test_a_test_judges_as_it_did_before_it_was_a_file(name: str) -> None:
    protocol = find_protocol(name)
    rules, exercises, uses_motion = BEFORE[name]
    assert (protocol.rules, set(protocol.exercises), protocol.uses_motion) == (rules, exercises, uses_motion)
    assert (protocol.rest_s, protocol.rest_between_s, protocol.wanted) == (3.0, 8.0, 6)
    gates = protocol.gates
    assert gates is not None
    assert replace(gates, ranges={}) == LiftGates(rules)
    assert [gates.limits_of(each) for each in Exercise] == [gates_of(each, rules) for each in Exercise]


@pytest.mark.parametrize("name", protocol_names())
def test_every_test_has_its_own_name_two_languages_and_a_source(name: str) -> None:
    protocol = find_protocol(name)
    assert protocol.name == name
    assert set(protocol.titles) == set(protocol.cues) == {"en", "de"}
    assert protocol.text.startswith("#")
    assert max(map(len, protocol.text.splitlines())) <= 120


def test_a_cue_that_names_the_glute_says_so() -> None:
    for name in protocol_names():
        names_it = any(word in find_protocol(name).cue.lower() for word in ("glute", "buttock"))
        assert names_it == (find_protocol(name).muscle_cue == "glute"), name


def test_the_static_set_rests_twice_as_long_as_it_works() -> None:
    protocol = find_protocol("glute_set")
    assert protocol.hold == HoldPlan(25.0, 50.0, 5, (30.0, 60.0))
    assert (protocol.wanted, protocol.exercises, protocol.side_order) == (5, frozenset(), SideOrder.TOGETHER)


def test_words_of_a_side_are_said_for_that_side() -> None:
    cue = find_protocol("prone_hip_extension").cues["de"]
    assert cue.of(Side.LEFT).startswith("Das linke Bein")
    assert cue.of(Side.MIDDLE) == cue.of(None) == cue.both


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('posture = "prone"', 'postur = "prone"', "posture: expected one of 'prone', 'supine'"),
        ("wanted = 6", "wanted = 6\nwantd = 6", "lifts.wantd: there is no such key; expected 'wanted'"),
        ("wanted = 6", "wanted = 6.5", "lifts.wanted: expected a whole number from 1 to 100; got 6.5"),
        ("wanted = 6", "wanted = true", "lifts.wanted: expected a whole number from 1 to 100; got True"),
        ("fewest = 5", "fewest = 2", "lifts.fewest: expected 3 or more"),
        (
            "before_s = 3.0",
            'before_s = "3 s"',
            "rest.before_s: expected a number of seconds from 0.5 to 120; got '3 s'",
        ),
        ("before_s = 3.0", "before_s = nan", "rest.before_s: expected a number of seconds from 0.5 to 120; got nan"),
        ("between_lifts_s = 8.0", "between_lifts_s = -8", "rest.between_lifts_s: expected a number of seconds"),
        ("[1.0, 3.0]", "[3.0, 1.0]", "rest.fore_period_s: expected two numbers of seconds, [lowest, highest]"),
        ("[5.0, 20.0]", "[5.0]", "gates.height_deg: expected two numbers of degrees"),
        ("[5.0, 20.0]", "[5.0, 2000.0]", "gates.height_deg: expected two numbers of degrees"),
        ('["prone_lift"]', '["prone"]', "movements: expected a list of 'prone_lift'"),
        ('muscle_cue = ""', 'muscle_cue = "hamstring"', "muscle_cue: expected one of '', 'glute'; got 'hamstring'"),
        ("[cue.en]", "[cue.english]", "cue.en.both: expected the words the person hears"),
        ("[cue.de]", "[cue.german]", "cue.german: expected a table for each language"),
        ('title = "Prone hip extension"', "", "title: expected some words; it is missing"),
        ('name = "prone_hip_extension"', 'name = "My Test"', "name: expected small letters, digits and _"),
        ("[gates] ", "[gates", "is no TOML: "),
        (
            "[gates] ",
            "[hold]\nwork_s = 5\nrest_s = 5\ncount = 2\n[gates]",
            "movements: expected no such key in a static set",
        ),
    ],
)
def test_a_slip_is_one_line_with_file_key_and_what_was_expected(old: str, new: str, line: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(ProtocolRefused) as refused:
        parse_protocol(TEXT.replace(old, new), "mine.toml")
    message = str(refused.value)
    assert message.startswith(f"mine.toml: {line}")
    assert "\n" not in message


def test_a_file_of_ones_own_is_used(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace('"prone_hip_extension"', '"mine"').replace("[5.0, 20.0]", "[8.0, 15.0]"))
    protocol = load_protocol(path)
    assert (protocol.name, protocol.rules.hip_min_deg, protocol.rules.hip_max_deg) == ("mine", 8.0, 15.0)


def test_a_bridge_of_ones_own_has_gates_of_its_own() -> None:
    protocol = parse_protocol(read_protocol_text("hip_thrust").replace("[12.0, 80.0]", "[20.0, 60.0]"), "mine.toml")
    assert protocol.rules == RULES
    assert protocol.gates is not None
    assert protocol.gates.limits_of(Exercise.BRIDGE).range_deg == (20.0, 60.0)


def test_a_changed_copy_may_not_keep_the_name(tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert load_protocol(path) == find_protocol("prone_hip_extension")
    path.write_text(TEXT.replace("wanted = 6", "wanted = 7"), encoding="utf-8")
    with pytest.raises(ProtocolRefused, match="choose another"):
        load_protocol(path)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProtocolRefused, match="no such file"):
        load_protocol(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes('title = "Gesäß"'.encode("latin-1"))
    with pytest.raises(ProtocolRefused, match="UTF-8"):
        load_protocol(tmp_path / "latin.toml")
    with pytest.raises(UnknownProtocol, match="glute_set"):
        load_protocol("no_such_test")


def test_a_recording_holds_its_test_and_is_judged_by_it_where_the_file_is_not_known() -> None:
    own = parse_protocol(TEXT.replace('"prone_hip_extension"', '"mine"').replace("wanted = 6", "wanted = 9"), "mine")
    head = RecordingHead.now(0, protocol=own.name, protocol_file=own.text)
    again = RecordingHead.from_rows(dict(head.as_rows()))
    info = RecordingInfo("a.fo", "fo:1", Origin.LIVE, protocol=again.protocol, protocol_file=again.protocol_file)
    assert choose_protocol(ArrayRecording(info, []), None) == own
    assert choose_protocol(ArrayRecording(info, []), "hip_flexion") == find_protocol("hip_flexion")


def test_a_recording_made_before_tests_were_files_is_judged_by_the_name() -> None:
    info = RecordingInfo("a.fo", "fo:1", Origin.LIVE, protocol="hip_flexion")
    assert choose_protocol(ArrayRecording(info, []), None) == find_protocol("hip_flexion")
