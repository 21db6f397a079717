"""A file that cannot be used has the same words in every command: what came, what was expected, what to do."""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.formats.makers import FORMATS, truth_uv

import firingorder as fo
from firingorder.cli import main
from firingorder_session.errors import UnreadableFile
from firingorder_session.judging.align import align
from firingorder_session.recordings.recording_file import RecordingReader
from firingorder_session.recordings.usable import EXPECTED, read_beginning, refuse_damaged, refuse_for
from firingorder_session.running.open_test import open_replay

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
WHOLE = FIXTURE.read_bytes()

#: Every way in, by its command.
WAYS: dict[str, Callable[[Path], object]] = {
    "analyze": fo.read,
    "analyze --redecode": lambda path: fo.read(path, redecode=True),
    "analyze --speech": lambda path: fo.read(path, speech=["cobs"]),
    "analyze --refine-clocks": lambda path: fo.read(path, refine_clocks=True),
    "align": align,
    "replay": open_replay,
}


def make_database(path: Path) -> None:
    """Make a database of another program."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE things (name TEXT)")
    connection.close()


def overwritten(at: int, data: bytes) -> bytes:
    """Return the recording with other bytes in a place."""
    return WHOLE[:at] + data + WHOLE[at + len(data) :]


#: What lies there, and what must be said of it.
BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "there is no such file"),
    "in a file": (lambda path: path.parent.touch(), "there is no such file"),
    "folder": (Path.mkdir, "is a folder"),
    "pipe": (os.mkfifo, "is a pipe or a device"),
    "empty": (Path.touch, "is empty"),
    "passwd": (
        lambda path: path.write_text("root:x:0:0:root:/root:/bin/bash\n"),
        "is no recording but text that begins with 'root:x:0:0:root:/root:/bin/bash'",
    ),
    "blanks": (lambda path: path.write_text("\n \n"), "is empty"),
    "binary": (lambda path: path.write_bytes(bytes(range(200))), "is no recording but binary data that begins with 00"),
    "another database": (make_database, "is no recording but an SQLite database of another program"),
    "a few bytes": (lambda path: path.write_bytes(WHOLE[:50]), "is a damaged SQLite database: only its first bytes"),
    "one page": (lambda path: path.write_bytes(WHOLE[:4096]), "is a damaged recording: only 1 % of it is there"),
    "cut off": (
        lambda path: path.write_bytes(WHOLE[: -(-len(WHOLE) * 7 // 10)]),
        "is a damaged recording: only 70 % of it is there",
    ),
    "overwritten": (
        lambda path: path.write_bytes(overwritten(4096, bytes(20_000))),
        "is a damaged recording: its parts disagree",
    ),
    "first page gone": (
        lambda path: path.write_bytes(overwritten(0, bytes(4096))),
        "is no recording but binary data that begins with 00",
    ),
}


def refusal(way: Callable[[Path], object], path: Path) -> str:
    """Return what is said of a file."""
    with pytest.raises(UnreadableFile) as caught:
        way(path)
    return str(caught.value)


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("suffix", [".fo", ".csv", ""])
def test_a_bad_file_has_the_same_words_in_every_command(what: str, suffix: str, tmp_path: Path) -> None:
    make, expected = BAD[what]
    path = (tmp_path / "file" if what == "in a file" else tmp_path) / f"visit{suffix}"
    make(path)
    said = {refusal(way, path) for way in WAYS.values()}
    assert len(said) == 1
    text = said.pop().removeprefix(f"{path}: ")
    assert text.startswith(expected)
    assert f"; expected {EXPECTED}; " in text
    assert "Errno" not in text
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize("words", [["analyze"], ["analyze", "--redecode"], ["align"], ["replay", "--offscreen"]])
def test_the_command_line_says_just_that(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "visit.fo"
    path.write_text("hello\n")
    assert main([words[0], str(path), *words[1:]]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"firingorder: {refusal(fo.read, path)}"


def test_a_table_is_sent_to_where_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("BF,GM\n1,2\n")
    said = {refusal(WAYS[way], path) for way in WAYS if way not in ("analyze", "analyze --refine-clocks")}
    assert said == {
        f"{path}: is a table of samples in text; expected a .fo recording, which holds a sensor's own bytes; "
        f"for a table there is: firingorder analyze {path}"
    }


@pytest.mark.parametrize("name", ["BDF+", "C3D", "XDF", "OpenSignals HDF5"])
def test_a_file_of_another_system_is_sent_to_where_it_can_be_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"visit{FORMATS[name].suffix}"
    FORMATS[name].write(path, truth_uv(), False)
    said = {refusal(WAYS[way], path) for way in WAYS if way not in ("analyze", "analyze --refine-clocks")}
    assert len(said) == 1
    assert "is a file of another system" in min(said)
    assert min(said).endswith(f"; for this one there is: firingorder analyze {path}")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_a_file_of_somebody_else_is_told_as_that(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as root, who may read all."""

    def refuse(path: Path, mode: str) -> None:
        raise OSError(number, os.strerror(number), str(path))

    path = tmp_path / "visit.fo"
    path.write_bytes(WHOLE)
    monkeypatch.setattr(Path, "open", refuse)
    said = {refusal(way, path) for way in WAYS.values()}
    assert said == {f"{path}: may not be read by this user; ask its owner, or copy it to a folder of yours"}


def test_another_trouble_of_the_system_is_told_in_its_words_without_a_number(tmp_path: Path) -> None:
    text = str(refuse_for(tmp_path, OSError(errno.ESTALE, "Stale file handle")))
    assert "cannot be read (stale file handle); copy it" in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SQLITE_BUSY", "is being written by another program"),
        ("SQLITE_LOCKED", "is being written by another program"),
        ("SQLITE_IOERR_READ", "cannot be read from its disk"),
        ("SQLITE_CANTOPEN", "may not be read by this user"),
        ("SQLITE_CORRUPT", "is a damaged recording: its parts disagree"),
    ],
)
def test_what_a_database_says_to_programmers_is_told_to_people(name: str, expected: str) -> None:
    error = sqlite3.OperationalError("disk I/O error or whatever")
    error.sqlite_errorname = name
    text = str(refuse_damaged(FIXTURE, error))
    assert text.startswith(f"{FIXTURE}: {expected}")
    assert "whatever" not in text


def test_a_row_that_is_not_what_it_should_be_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    path.write_bytes(WHOLE)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO events VALUES (-5, 1, 0, 'marker', '{broken')")
        connection.execute("UPDATE streams SET sites = 'no list'")
    connection.close()
    assert "is a damaged recording" in refusal(fo.read, path)
    with RecordingReader(path) as reader, pytest.raises(UnreadableFile, match="is a damaged recording"):
        reader.events()


def test_the_beginning_of_a_good_file_is_returned(tmp_path: Path) -> None:
    assert read_beginning(FIXTURE) == WHOLE[:4096]
