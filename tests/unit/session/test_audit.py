"""The audit trail: every line stays, in order, and says so when one does not."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from firingorder.cli import main
from firingorder_session.keeping.audit import AuditRefused, login, read_trail, write_audit


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kept" / "audit.jsonl"
    monkeypatch.setenv("FIRINGORDER_AUDIT", str(path))
    return path


def test_lines_say_when_what_on_whom_and_by_which_login(path: Path) -> None:
    write_audit("export", "K7Q2", ["visit.csv"])
    write_audit("delete", "K7Q2", ["visit.fo", "visit.pdf"])
    trail = read_trail()
    assert [(line["action"], line["code"], line["details"]) for line in trail.lines] == [
        ("export", "K7Q2", ["visit.csv"]),
        ("delete", "K7Q2", ["visit.fo", "visit.pdf"]),
    ]
    assert {line["who"] for line in trail.lines} == {login()}
    assert trail.flaws == ()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_changed_a_removed_and_an_exchanged_line_are_named(path: Path) -> None:
    for number in range(5):
        write_audit("export", f"S{number}")
    lines = path.read_text().splitlines(keepends=True)
    for changed, words in (
        ([lines[0], lines[1].replace("S1", "S9"), *lines[2:]], "line 2"),
        ([lines[0], *lines[2:]], "before line 2"),
        ([lines[0], lines[2], lines[1], *lines[3:]], "before line 2"),
        ([lines[0], "no line\n", *lines[1:]], "line 2 cannot be read"),
    ):
        path.write_text("".join(changed))
        assert words in read_trail().flaws[0]


def test_a_line_that_a_crash_cut_off_costs_only_itself(path: Path) -> None:
    write_audit("export", "S0")
    with path.open("a") as file:
        file.write('{"at": "2026')
    write_audit("export", "S1")
    trail = read_trail()
    assert [line["code"] for line in trail.lines] == ["S0", "S1"]
    assert trail.flaws == ("line 2 cannot be read",)


def test_a_line_longer_than_what_is_read_back_is_followed(path: Path) -> None:
    write_audit("delete", "K7Q2", [f"/clinic/room-1/recordings/visit-{number}-report.pdf" for number in range(3000)])
    write_audit("deleted", "K7Q2")
    assert [line["action"] for line in read_trail().lines] == ["delete", "deleted"]
    assert read_trail().flaws == ()


def test_a_file_name_that_is_no_text_is_kept(path: Path) -> None:
    name = os.fsdecode(b"visit-\xff.csv")
    write_audit("export", "K7Q2", [name])
    write_audit("export", "Müller.csv")
    assert [line["details"] for line in read_trail().lines] == [[name], []]
    assert read_trail().flaws == ()
    assert "Müller" in path.read_text("utf-8")


def test_two_at_once_lose_no_line(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_audit, ["export"] * 40))
    trail = read_trail()
    assert (len(trail.lines), trail.flaws) == (40, ())


def test_without_a_place_nothing_may_be_done(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditRefused, match="nothing is exported or deleted without one"):
        write_audit("export", path=tmp_path / "file" / "audit.jsonl")


def test_the_command_shows_it(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"]) == 0
    assert "nothing was exported" in capsys.readouterr().out
    write_audit("delete", "K7Q2", ["visit.fo"])
    assert main(["audit"]) == 0
    assert "delete  K7Q2  visit.fo" in capsys.readouterr().out
    assert main(["audit", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "K7Q2"
    path.write_text(path.read_text().replace("K7Q2", "XXXX"))
    assert main(["audit"]) == 1
    assert "line 1" in capsys.readouterr().err
