"""Two visits: small changes are not interpreted, and what cannot be compared is refused."""

from dataclasses import replace

import pytest

from firingorder.table import write_changes
from firingorder_session.analysis import Analysis
from firingorder_session.visits import OtherVisit, compare_visits, write_change
from firingorder_signal.blocks import Side
from firingorder_signal.results import PelvisMotion, SetResult, Verdict


def visit(pelvis: PelvisMotion, subject: str = "", side: Side = Side.RIGHT) -> Analysis:
    result = SetResult(side, "prone_hip_extension", (), Verdict.NOT_JUDGED, pelvis=pelvis)
    return Analysis({"name": "march.fo", "subject": subject}, (result,), "prone_hip_extension", "", "")


def test_a_change_below_what_can_be_told_apart_is_not_interpreted() -> None:
    changes = compare_visits(visit(PelvisMotion(4.0, rotation_deg=1.0)), visit(PelvisMotion(9.0, rotation_deg=12.0)))
    assert [change.words for change in changes] == [
        "pelvic tilt: 4° before, 9° now: a change below 10° between visits is not interpreted",
        "turn of the pelvis: 1° before, 12° now: 11° more",
    ]
    assert write_change(changes[0]) == {
        "side": "right",
        "name": "tilt_deg",
        "before_deg": 4.0,
        "after_deg": 9.0,
        "words": changes[0].words,
    }


def test_what_one_visit_lacks_is_not_compared() -> None:
    assert compare_visits(visit(PelvisMotion(tilt_lead_s=0.1)), visit(PelvisMotion(4.0, tilt_lead_s=0.3))) == ()
    assert compare_visits(visit(PelvisMotion(4.0), side=Side.LEFT), visit(PelvisMotion(9.0))) == ()
    assert "nothing of the pelvis" in write_changes((), "march.fo")


def test_visits_of_two_people_or_two_tests_are_refused() -> None:
    with pytest.raises(OtherVisit, match="A1 and B2"):
        compare_visits(visit(PelvisMotion(), "A1"), visit(PelvisMotion(), "B2"))
    with pytest.raises(OtherVisit, match="hip_flexion"):
        compare_visits(visit(PelvisMotion()), replace(visit(PelvisMotion()), protocol="hip_flexion"))


def test_the_terminal_names_the_earlier_visit() -> None:
    lines = write_changes(compare_visits(visit(PelvisMotion(4.0)), visit(PelvisMotion(9.0))), "march.fo").splitlines()
    assert lines[1] == "since march.fo:"
    assert lines[2].startswith("  right, pelvic tilt: 4° before, 9° now: a change below 10°")
