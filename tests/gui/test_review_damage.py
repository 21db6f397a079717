"""A recording that breaks while the review reads it: the window says so, in its language, and calls no set whole."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from firingorder.cli import main
from firingorder_gui.compare_window import CompareWindow
from firingorder_gui.languages import LANGUAGES
from firingorder_gui.review_window import ReviewWindow
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
WORDS = {"en": "cannot be read to its end", "de": "lässt sich nicht bis zum Ende lesen"}


def open_review(path: Path) -> Review:
    """Copy the fixture and open it."""
    shutil.copyfile(FIXTURE, path)
    return Review(read(path))


def break_file(path: Path) -> None:
    """Spoil one row, as a stick does that is pulled out."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE frames SET t_host_ns = 'spoilt' WHERE seq = (SELECT max(seq) / 2 FROM frames)")
    connection.close()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_review_says_it_and_shows_no_result(qapp: object, tmp_path: Path, language: str) -> None:
    window = ReviewWindow(open_review(tmp_path / "visit.fo"), texts=LANGUAGES[language])
    break_file(tmp_path / "visit.fo")
    told: list[bool] = []
    window.on_analysed = lambda: told.append(True)
    window.resize(1280, 720)
    window.show()
    while window.model.is_analysing:
        window.tick()
    window.tick()
    content = window.card.content
    assert (content.word, content.word_role, content.figure) == (LANGUAGES[language].error_word, "alarm", "")
    assert content.body.startswith(f"visit.fo {WORDS[language]}")
    assert told == [True]
    window.close()


def test_two_visits_are_not_compared(qapp: object, tmp_path: Path) -> None:
    paths = (tmp_path / "may.fo", tmp_path / "june.fo")
    window = CompareWindow([open_review(path) for path in paths], texts=LANGUAGES["de"])
    break_file(paths[1])
    window.resize(1280, 720)
    window.show()
    while not window.is_done:
        window.tick()
    assert WORDS["de"] in window.columns[1].card.content.body
    assert window.change.content.headline == ""
    window.close()


def test_the_command_fails(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, picture, start = tmp_path / "visit.fo", tmp_path / "window.png", ReviewWindow.start
    shutil.copyfile(FIXTURE, path)

    def break_and_start(window: ReviewWindow) -> None:
        break_file(path)
        start(window)

    monkeypatch.setattr(ReviewWindow, "start", break_and_start)
    assert main(["review", str(path), "--offscreen", "--language", "de", "--screenshot", str(picture)]) == 1
    said = capsys.readouterr()
    assert "is a damaged recording" in said.err
    assert said.out == ""
