"""`firingorder history`, and what `analyze` files in it."""

import argparse
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.unit.session.history.made import make_analysis, make_set

from firingorder.cli import main
from firingorder.filing import file_recording, note_pictures
from firingorder.history_table import NOTHING
from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.store import History
from firingorder_session.keeping.audit import read_trail
from firingorder_session.keeping.verify import read_seal
from firingorder_session.report.languages import texts_of
from firingorder_session.running.plan import TestPlan

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep history and audit in a folder of the test."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept" / "history.sqlite"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def copy_fixture(place: Path, name: str = "visit.fo", **head: str) -> Path:
    """Copy a recording, with other facts in its head."""
    path = place / name
    shutil.copyfile(FIXTURE, path)
    with sqlite3.connect(path) as connection:
        for key, value in head.items():
            connection.execute("UPDATE head SET value = ? WHERE key = ?", (json.dumps(value), key))
    connection.close()
    return path


def test_a_result_is_filed_and_shown(place: Path, capsys: Said) -> None:
    path = copy_fixture(place)
    assert main(["analyze", str(path), "--history", "--subject", "k7q2", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["protocol"] == "prone_hip_extension"
    assert said.err == "filed: visit.fo under K7Q2, visit of 2026-01-01\n"
    assert main(["history"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["K7Q2", "1", "1", "2026-01-01"]
    assert main(["history", "K7Q2"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[2] == "prone hip extension, right (no muscle cue, knee straight)"
    assert shown[4].split()[:5] == ["2026-01-01", "hamstring", "first", "+79", "ms"]
    assert shown[4].endswith("simulated")


def test_the_code_in_the_file_is_taken_and_one_is_asked_for(place: Path, capsys: Said) -> None:
    coded, nobodys = copy_fixture(place, "a.fo", subject="M4T9"), copy_fixture(place, "b.fo", recording_id="0b")
    assert main(["analyze", str(coded), str(nobodys), "--history"]) == 1
    err = capsys.readouterr().err
    assert "filed: a.fo under M4T9" in err
    assert "b.fo does not say whose it is; add --subject CODE, such as" in err


def test_a_name_is_refused_with_a_fresh_code(place: Path, capsys: Said) -> None:
    assert main(["analyze", str(copy_fixture(place)), "--history", "--subject", "Anna"]) == 1
    assert "'Anna' looks like a name or initials; take a random code, such as" in capsys.readouterr().err
    assert main(["live", "/dev/nothing", "--subject", "JD1985"]) == 1
    assert "looks like a date" in capsys.readouterr().err


def test_a_finished_recording_is_filed(place: Path, capsys: Said) -> None:
    assert file_recording(copy_fixture(place), "K7Q2") == 0
    with History.open() as history:
        assert len(history.sets("K7Q2")) == 1
    assert file_recording(copy_fixture(place, subject="M4T9"), "K7Q2") == 1
    assert "files it later" in capsys.readouterr().err


def test_a_test_with_a_code_is_filed_when_it_is_over(
    place: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record(plan: TestPlan, arguments: argparse.Namespace) -> int:
        assert plan.recording_path is not None
        copy_fixture(place, plan.recording_path.name, subject=plan.subject)
        return 0

    def open_test(links: object, plan: TestPlan, find_new: object) -> TestPlan:
        return plan

    monkeypatch.setattr("firingorder_session.running.open_test.open_live", open_test)
    monkeypatch.setattr("firingorder.run_test.run_test", record)
    words = ["live", "/dev/nothing", "--subject", "k7q2", "--offscreen", "--out", str(place / "visit.fo")]
    assert main([*words, "--no-history"]) == 0
    (place / "visit.fo").unlink()
    with History.open() as history:
        assert history.subjects() == ()
    assert main(words) == 0
    assert "filed: visit.fo under K7Q2" in capsys.readouterr().err
    with History.open() as history:
        assert len(history.sets("K7Q2")) == 1


def test_a_change_is_told_only_beyond_its_limit(capsys: Said) -> None:
    lags = {"2026-03-02": 0.12, "2026-03-09": 0.11, "2026-03-16": 0.04}
    with History.open() as history:
        for number, (day, lag_s) in enumerate(lags.items()):
            history.file(make_analysis(make_set(lag_s), number=number, day=day), "K7Q2", Path(f"{number}.fo"))
    assert main(["history", "K7Q2"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "lag since 2026-03-09: -70 ms, a change: beyond 60 ms" in lines
    assert "lag since 2026-03-02: -80 ms, a change: beyond 60 ms" in lines
    assert "pelvic tilt since 2026-03-09: +0°, no change that can be told: not beyond 10°" in lines


def test_json_has_the_whole_trend(capsys: Said) -> None:
    with History.open() as history:
        history.file(make_analysis(make_set(0.08)), "K7Q2", Path("a.fo"))
        history.file(make_analysis(make_set(0.16), number=2, day="2026-03-09"), "K7Q2", Path("b.fo"))
    assert main(["history", "k7q2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (group,) = told["groups"]
    lag = group["series"][0]
    assert (told["schema"], told["code"], lag["quantity"]) == (1, "K7Q2", "lag_s")
    assert [point["value"] for point in lag["points"]] == [0.08, 0.16]
    assert lag["since_last"] == lag["since_first"]
    assert (lag["since_last"]["since"], lag["since_last"]["limit"], lag["since_last"]["told"]) == (
        "2026-03-02",
        0.06,
        True,
    )
    assert group["sets"][0]["ci90_s"] == [0.06, 0.1]
    assert main(["history", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["subjects"][0]["last_day"] == "2026-03-09"


def test_what_a_person_says_is_kept(capsys: Said) -> None:
    assert main(["history", "add", "K7Q2"]) == 0
    assert main(["history", "rate", "k7q2", "--feels", "6", "--pain", "1", "--day", "2026-03-02"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "K7Q2, 2026-03-02: feels 6, pain 1"
    with History.open() as history:
        assert [(each.feels_glute, each.pain) for each in history.ratings("K7Q2")] == [(6, 1)]
    assert main(["history", "K7Q2"]) == 0
    assert "feels the glute  pain" in capsys.readouterr().out


def test_removing_says_first_what_it_means_and_then_what_it_did(place: Path, capsys: Said) -> None:
    path, report = copy_fixture(place), place / "visit-report.pdf"
    report.write_text("report")
    main(["analyze", str(path), "--history", "--subject", "K7Q2"])
    assert main(["history", "remove", "K7Q2"]) == 1  # nobody there to ask
    err = capsys.readouterr().err
    assert "deleting K7Q2 (1 visit) deletes 1 file and cannot be undone" in err
    assert "nothing was deleted; add --yes" in err
    assert report.exists()
    assert main(["history", "remove", "K7Q2", "--yes"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"deleted {report}"
    assert out[-2] == "K7Q2 is no longer in the history (1 visit)"
    assert out[-1].endswith("`firingorder names remove K7Q2` forgets it")
    assert (report.exists(), path.exists()) == (False, True)
    line, end = map(json.loads, (place / "data" / "firingorder" / "audit.jsonl").read_text().splitlines())
    assert (line["action"], line["details"], end["action"]) == ("delete", [str(report)], "deleted")
    assert main(["history"]) == 0
    assert capsys.readouterr().out.strip() == NOTHING


def test_files_of_another_computer_are_listed_and_waited_for(capsys: Said) -> None:
    with History.open() as history:
        history.host = "room-2"
        history.file(make_analysis(make_set(0.08)), "K7Q2", Path("/room-2/visit.fo"))
    assert main(["history", "remove", "K7Q2", "--yes"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "  room-2: /room-2/visit.fo" in out
    assert out[-1] == "K7Q2 stays in the history until the command was run on room-2 (--only-here: do not wait)"
    assert main(["history", "remove", "K7Q2", "--yes", "--only-here"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == "K7Q2 is no longer in the history (1 visit)"


def test_recordings_are_removed_where_that_is_asked(place: Path) -> None:
    path = copy_fixture(place)
    main(["analyze", str(path), "--history", "--subject", "K7Q2"])
    assert main(["history", "remove", "K7Q2", "--recordings", "--yes"]) == 0
    assert not path.exists()


def test_a_recording_filed_by_mistake_is_taken_out(place: Path, capsys: Said) -> None:
    path = copy_fixture(place)
    main(["analyze", str(path), "--history", "--subject", "K7Q2"])
    assert main(["history", "remove", "K7Q2", "other.fo"]) == 1
    assert main(["history", "remove", "K7Q2", "visit.fo"]) == 0
    assert path.exists()
    assert "the file stays" in capsys.readouterr().out
    with History.open() as history:
        assert history.recordings("K7Q2") == ()


@pytest.mark.parametrize(
    "words",
    [
        ["history", "rate"],
        ["history", "rate", "K7Q2", "--feels", "11"],
        ["history", "rate", "K7Q2", "--day", "2999-01-01"],
        ["history", "rate", "K7Q2", "--day", "tomorrow"],
        ["history", "remove"],
        ["history", "K7Q2", "M4T9"],
    ],
)
def test_wrong_arguments_are_exit_code_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_who_is_not_there_is_one_line(capsys: Said) -> None:
    assert main(["history", "X9Y9"]) == 1
    assert (
        capsys.readouterr().err
        == "firingorder: no subject has the code 'X9Y9'; `firingorder history` lists those there are\n"
    )


def test_nothing_is_rated_without_a_figure(capsys: Said) -> None:
    main(["history", "add", "K7Q2"])
    with pytest.raises(SystemExit):
        main(["history", "rate", "K7Q2"])
    assert "give --feels, --pain or --notes" in capsys.readouterr().err
    with History.open() as history:
        assert history.ratings("K7Q2") == ()


def test_a_report_has_the_trend_and_goes_with_the_subject(place: Path, capsys: Said) -> None:
    path, report, methods = copy_fixture(place), place / "out.html", place / "out.json"
    with History.open() as history:
        earlier = make_analysis(make_set(0.3), number=7, day="2025-12-01")
        earlier.identity["origin"] = "simulated"
        history.file(earlier, "K7Q2", Path("earlier.fo"))
    words = ["analyze", str(path), "--history", "--subject", "K7Q2"]
    assert main([*words, "--report", str(report), "--methods", str(methods)]) == 0
    assert texts_of("en").trend_title in report.read_text(encoding="utf-8")
    with History.open() as history:
        assert {each.path: each.kind for each in history.files("K7Q2")} == {report: "report", methods: "methods"}
        (filed,) = [each for each in history.recordings("K7Q2") if each.path == path]
    assert [(line["action"], line["code"]) for line in read_trail().lines] == [("report", "K7Q2")] * 2
    assert filed.checksum == read_seal(path) != ""
    assert main(["history", "remove", "K7Q2", "--yes"]) == 0
    assert not report.exists()
    assert not methods.exists()


def test_a_window_shows_one_subject_that_is_there(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (["history", "--window"], ["history", "K7Q2", "--window", "--json"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
    assert main(["history", "K7Q2", "--window"]) == 1
    assert "no subject has the code 'K7Q2'" in capsys.readouterr().err
    main(["history", "add", "K7Q2"])
    monkeypatch.setattr("firingorder.run_test.has_display", lambda: False)
    assert main(["history", "K7Q2", "--window"]) == 1
    assert "there is no display here" in capsys.readouterr().err


def test_exports_and_pictures_go_with_the_subject(place: Path, capsys: Said) -> None:
    path, export, copy = copy_fixture(place, subject="K7Q2"), place / "out.csv", place / "copy.fo"
    picture = place / "window.png"
    main(["history", "add", "K7Q2"])
    assert main(["convert", str(path), str(export), "--no-marks"]) == 0
    assert main(["anonymise", str(path), str(copy)]) == 0
    note_pictures(path, [picture])
    with History.open() as history:
        kinds = {each.path.suffix: each.kind for each in history.files("K7Q2")}
    assert kinds == {".csv": "export", ".fo": "anonymised copy", ".png": "picture"}
    assert main(["history", "remove", "K7Q2", "--yes"]) == 0
    assert not copy.exists()
    assert list(place.glob("out*.csv")) == []
    assert path.exists()
