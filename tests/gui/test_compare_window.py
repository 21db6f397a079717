"""Two visits side by side: both shown, their difference with its limit, and a warning where they differ in kind."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gui.pictures import draw

from firingorder.cli import main
from firingorder.run_review import name_differences
from firingorder_gui.compare import change_content
from firingorder_gui.compare_window import CompareWindow
from firingorder_gui.texts import ENGLISH
from firingorder_gui.texts_de import GERMAN
from firingorder_session.judging.review import Review
from firingorder_session.judging.visits import compare_sets
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.read import read

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"


def make_visit(folder: Path, name: str, **head: str) -> Path:
    """Copy the fixture, with other facts in its head."""
    path = folder / name
    shutil.copyfile(FIXTURE, path)
    with sqlite3.connect(path) as connection:
        for key, value in head.items():
            connection.execute("UPDATE head SET value = ? WHERE key = ?", (json.dumps(value), key))
    connection.close()
    return path


def open_window(*paths: Path) -> CompareWindow:
    window = CompareWindow([Review(read(path)) for path in paths])
    window.resize(1920, 1080)
    window.show()
    while not window.is_done:
        window.tick()
    return window


def test_both_visits_are_shown_and_told_alike(qapp: object, tmp_path: Path) -> None:
    window = open_window(make_visit(tmp_path, "may.fo"), make_visit(tmp_path, "june.fo"))
    assert [column.card.content.word for column in window.columns] == ["Hamstring first"] * 2
    assert window.change.content.headline == "0 ms: no change that can be told (below 60 ms)"
    left, right = (column.lens.lens for column in window.columns)
    assert left.scales_uv == right.scales_uv
    assert left.picture is not None
    assert right.picture is not None
    assert left.picture.width_s == right.picture.width_s
    assert len(window.columns[0].table.rows) == 5
    assert draw(window).std() > 10.0
    window.close()


def test_another_test_is_shown_and_not_compared(qapp: object, tmp_path: Path) -> None:
    other = make_visit(tmp_path, "june.fo", protocol="single_leg_bridge")
    window = open_window(make_visit(tmp_path, "may.fo"), other)
    headline = window.change.content.headline
    assert headline.startswith("Not to be compared: the tests differ (Prone hip extension; Bridge on one leg)")
    assert all(len(column.table.rows) == 5 for column in window.columns)
    window.close()


def test_tests_that_differ_are_named_in_the_windows_language(tmp_path: Path) -> None:
    visits = [
        Review(read(make_visit(tmp_path, f"{name}.fo", protocol=name))).visit(None)
        for name in ("prone_hip_extension", "single_leg_bridge")
    ]
    headline = change_content(visits[0], visits[1], GERMAN).headline
    titles = [find_protocol(name).titles["de"] for name in ("prone_hip_extension", "single_leg_bridge")]
    assert f"({titles[0]}; {titles[1]})" in headline


def test_tests_of_one_title_are_told_apart_by_their_names(tmp_path: Path) -> None:
    visit = Review(read(make_visit(tmp_path, "may.fo"))).visit(None)
    copy = replace(visit, key=replace(visit.key, protocol="mine"))
    assert "the tests differ (prone_hip_extension; mine)" in change_content(visit, copy, ENGLISH).headline
    assert name_differences(compare_sets(visit, copy), visit, copy) == ["the tests differ (prone_hip_extension; mine)"]
    bent = replace(visit, key=replace(visit.key, knee="bent"))
    assert "knee-bent" in change_content(visit, bent, ENGLISH).headline


def test_the_limit_is_the_persons_own_once_it_is_known(tmp_path: Path) -> None:
    review = Review(read(make_visit(tmp_path, "may.fo")))
    for _ in review.analyze():
        pass
    (result,) = review.results
    visit = review.visit(replace(result, lag_s=0.08, ci90_s=(0.075, 0.085)))
    now = replace(visit, earlier_s=(0.07, 0.08, 0.09))
    assert change_content(visit, now, ENGLISH).lines[-1] == ENGLISH.review.change_limit_own
    assert change_content(visit, visit, ENGLISH).lines[-1] == ENGLISH.review.change_limit


def test_the_command_prints_both_without_a_display(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    may, june = make_visit(tmp_path, "may.fo"), make_visit(tmp_path, "june.fo")
    assert main(["review", str(may), str(june), "--offscreen"]) == 0
    out = capsys.readouterr().out
    assert "may.fo" in out
    assert out.count("hamstring first, glute") == 2
    assert "no change that can be told" in out
