"""`firingorder convert`: where it writes to, what it says, and what it leaves alone."""

from pathlib import Path

import pytest

from firingorder.cli import main

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(FIXTURE), str(tmp_path), "--to", "csv"]) == 0
    told = capsys.readouterr()
    assert [Path(line).name for line in told.out.splitlines()] == ["five-lifts.csv", "five-lifts-200Hz.csv"]
    assert "not as recorded in five-lifts.csv" in told.err
    assert main(["convert", str(FIXTURE), str(FIXTURE), str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["visit.xyz"], "the format '.xyz' is not written; expected .bdf"),
        (["folder"], "folder is a folder; say in which format with --to"),
        (["visit.bdf", "--to", "bids"], "OUT is a folder with --to; got the file"),
        (["there.txt", "--to", "bdf"], "OUT is a folder with --to; got the file"),
    ],
)
def test_a_slip_in_where_to_is_told_before_anything_is_read(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "there.txt").write_text("a file", "utf-8")
    out, *more = words
    assert main(["convert", "no recording", str(tmp_path / out), *more]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("out", "told"),
    [("file/visit.bdf", "file is a file and no folder"), (f"{'long' * 62}.bdf", "the name is too long for this disk")],
)
def test_where_nothing_can_be_written_is_told_before_anything_is_read(
    out: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("a file", "utf-8")
    assert main(["convert", "no recording", str(tmp_path / out)]) == 1
    assert told in capsys.readouterr().err


def test_what_a_data_set_does_not_hold_is_told_of_each_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(FIXTURE), str(tmp_path / "set"), "--to", "bids", "--no-marks"]) == 0
    assert "not as recorded in set: five-lifts.fo: " in capsys.readouterr().err


def test_the_command_replaces_nothing_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "emg.csv"
    out.write_text("the only copy", "utf-8")
    assert main(["convert", str(FIXTURE), str(out), "--no-marks"]) == 1
    assert capsys.readouterr().err == f"firingorder: {out}: exists; name another file, or add --replace\n"
    assert out.read_text("utf-8") == "the only copy"
    assert main(["convert", str(FIXTURE), str(out), "--no-marks", "--replace"]) == 0
    assert out.stat().st_size > 1000
    out.unlink()  # and the table of the other rate is a file, too
    assert main(["convert", str(FIXTURE), str(out), "--no-marks"]) == 1
    assert "emg-200Hz.csv: exists" in capsys.readouterr().err


def test_two_recordings_of_one_name_do_not_become_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / FIXTURE.name
    again.write_bytes(FIXTURE.read_bytes())
    assert main(["convert", str(FIXTURE), str(again), str(tmp_path / "out"), "--to", "bdf", "--no-marks"]) == 1
    assert f"just made from {FIXTURE}; convert it into another folder" in capsys.readouterr().err
