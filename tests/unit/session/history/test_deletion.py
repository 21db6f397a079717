"""Deleting a subject: every file made from their data goes, each is listed, and what cannot go is said."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, func, select
from tests.unit.session.history.made import make_analysis, make_set

from firingorder.history_table import write_plan
from firingorder_session.history.deletion import delete_subject, plan_deletion
from firingorder_session.history.errors import HistoryError, UnknownSubject
from firingorder_session.history.models import Base
from firingorder_session.history.store import History
from firingorder_session.judging.analysis import Analysis

#: Beside `visit.fo`; those in the second row are of others.
DERIVED = (
    "visit.fo.json",
    "visit.json",
    "visit-report.pdf",
    "visit-lens-1.svg",
    "visit-lens-1.png",
    "visit.methods.json",
)
OTHERS = ("visit-2.fo", "visit-2.json", "visit-2-lens-1.png", "visited.json", "visit.txt", "notes.pdf")


FIXTURE = Path(__file__).resolve().parents[4] / "fixtures" / "five-lifts.fo"


def replace_identity(analysis: Analysis, identity: str) -> Analysis:
    """Return an analysis of a recording that is known by something else."""
    return replace(analysis, identity={**analysis.identity, "id": identity})


class Audit:
    """Remember the lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, tuple[str, ...]]] = []

    def __call__(self, action: str, code: str, details: Sequence[str]) -> None:
        """Keep a line."""
        self.lines.append((action, code, tuple(details)))


@pytest.fixture
def folder(history: History, tmp_path: Path) -> Path:
    """Fill a folder, and file what is in it under two codes."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in ("visit.fo", "visit.fo-wal", *DERIVED, *OTHERS):
        (folder / name).write_text(name)
    (tmp_path / "export.edf").write_text("export")
    history.file(make_analysis(make_set(0.08)), "K7Q2", folder / "visit.fo")
    history.file(make_analysis(make_set(0.08), number=2), "M4T9", folder / "visit-2.fo")
    history.note_file("K7Q2", tmp_path / "export.edf", "export")
    history.note_file("K7Q2", tmp_path / "gone.pdf", "report")
    history.note_file("M4T9", tmp_path / "other.pdf", "report")
    return folder


def test_every_derived_file_goes_and_is_listed(history: History, folder: Path) -> None:
    audit = Audit()
    plan = plan_deletion(history, "k7q2")
    assert plan.kept == (folder / "visit.fo",)
    done = delete_subject(history, plan, audit)
    expected = {folder / name for name in DERIVED} | {folder.parent / "export.edf"}
    assert set(done.deleted) == expected
    assert (done.gone, done.failed, done.is_done) == ((folder.parent / "gone.pdf",), (), True)
    assert {path.name for path in folder.iterdir()} == {"visit.fo", "visit.fo-wal", *OTHERS}
    (action, code, files), end = audit.lines
    assert (action, code, set(files)) == ("delete", "K7Q2", {str(path) for path in expected | set(done.gone)})
    assert end == ("deleted", "K7Q2", (f"was gone: {folder.parent / 'gone.pdf'}",))
    assert [each.code for each in history.subjects()] == ["M4T9"]
    with pytest.raises(UnknownSubject):
        history.sets("K7Q2")
    assert len(history.files("M4T9")) == 1


def test_recordings_go_where_that_is_asked(history: History, folder: Path) -> None:
    done = delete_subject(history, plan_deletion(history, "K7Q2", recordings=True), Audit())
    assert {folder / "visit.fo", folder / "visit.fo-wal"} <= set(done.deleted)
    assert {path.name for path in folder.iterdir()} == set(OTHERS)


def test_another_recording_at_the_same_path_stays(history: History, folder: Path) -> None:
    shutil.copyfile(FIXTURE, folder / "visit.fo")
    (folder / "day1.csv").write_text("of somebody else by now")
    history.file(replace_identity(make_analysis(make_set(0.08)), "sha256:00"), "K7Q2", folder / "day1.csv")
    plan = plan_deletion(history, "K7Q2", recordings=True)
    assert set(plan.replaced) == {folder / "visit.fo", folder / "day1.csv"}
    assert "other recordings lie there now, and stay:" in write_plan(plan)
    assert delete_subject(history, plan, Audit()).is_done
    assert {"visit.fo", "day1.csv", "visit-report.pdf"} <= {path.name for path in folder.iterdir()}


def test_the_encrypted_recording_goes_with_the_plain_one(history: History, folder: Path) -> None:
    (folder / "visit.fo").rename(folder / "visit.fo.enc")
    done = delete_subject(history, plan_deletion(history, "K7Q2", recordings=True), Audit())
    assert folder / "visit.fo.enc" in done.deleted


def test_what_cannot_be_deleted_keeps_the_subject_and_can_be_repeated(history: History, folder: Path) -> None:
    def refuse(path: Path) -> None:
        if path.suffix == ".pdf" and path.exists():
            raise PermissionError(13, "Permission denied")
        path.unlink()

    audit = Audit()
    done = delete_subject(history, plan_deletion(history, "K7Q2"), audit, refuse)
    assert done.failed == ((folder / "visit-report.pdf", "permission denied"),)
    assert audit.lines[1][0] == "deletion unfinished"
    assert f"could not delete {folder / 'visit-report.pdf'}: permission denied" in audit.lines[1][2]
    assert len(history.sets("K7Q2")) == 1
    again = delete_subject(history, plan_deletion(history, "K7Q2"), audit)
    assert again.deleted == (folder / "visit-report.pdf",)
    assert again.is_done


def test_each_computer_deletes_its_own_part(history: History, folder: Path) -> None:
    here, audit = history.host, Audit()
    history.host = "room-2"
    far, report = Path("/room-2/later.fo"), Path("/room-2/later.pdf")
    history.file(make_analysis(make_set(0.09), number=3), "K7Q2", far)
    history.note_file("K7Q2", report, "report")
    history.host = here
    done = delete_subject(history, plan_deletion(history, "K7Q2"), audit)
    assert done.plan.elsewhere == (("room-2", far), ("room-2", report))
    assert (done.is_done, audit.lines[1][0]) == (False, "deletion unfinished")
    assert not (folder / "visit-report.pdf").exists()
    assert [each.path for each in history.recordings("K7Q2")] == [far]
    history.host = "room-2"
    done = delete_subject(history, plan_deletion(history, "K7Q2"), audit)
    assert (done.is_done, done.gone) == (True, (report,))
    assert [each.code for each in history.subjects()] == ["M4T9"]


def test_a_file_of_the_same_name_on_another_computer_waits_for_that_one(history: History, folder: Path) -> None:
    here = history.host
    shutil.copyfile(FIXTURE, folder / "day2.fo")
    history.host = "room-2"
    history.note_file("K7Q2", folder.parent / "export.edf", "export")
    history.file(make_analysis(make_set(0.09), number=3), "K7Q2", folder / "day2.fo")
    history.host = here
    done = delete_subject(history, plan_deletion(history, "K7Q2"), Audit())
    there = {("room-2", folder / "day2.fo"), ("room-2", folder.parent / "export.edf")}
    assert (set(done.plan.elsewhere), done.plan.replaced, done.is_done) == (there, (), False)
    assert [(each.host, each.path) for each in history.files("K7Q2")] == [("room-2", folder.parent / "export.edf")]
    assert [(each.host, each.path) for each in history.recordings("K7Q2")] == [("room-2", folder / "day2.fo")]


def test_a_computer_that_is_no_more_is_not_waited_for(history: History, folder: Path) -> None:
    history.host = "another"
    plan = plan_deletion(history, "K7Q2", waits=False)
    assert ("another", folder / "visit.fo") not in plan.elsewhere  # a shared drive: it is there
    assert [path.name for _, path in plan.elsewhere] == ["gone.pdf"]
    assert delete_subject(history, plan, Audit()).is_done
    assert [each.code for each in history.subjects()] == ["M4T9"]


def test_nothing_is_deleted_without_an_audit_line(history: History, folder: Path) -> None:
    def refuse(action: str, code: str, details: Sequence[str]) -> None:
        raise HistoryError("no line can be kept")

    with pytest.raises(HistoryError, match="no line"):
        delete_subject(history, plan_deletion(history, "K7Q2", recordings=True), refuse)
    assert {path.name for path in folder.iterdir()} == {"visit.fo", "visit.fo-wal", *DERIVED, *OTHERS}
    assert len(history.sets("K7Q2")) == 1


def test_no_row_of_a_deleted_subject_is_left(history: History, folder: Path) -> None:
    delete_subject(history, plan_deletion(history, "M4T9"), Audit())
    delete_subject(history, plan_deletion(history, "K7Q2"), Audit())
    with history.reading() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }
    assert set(counts.values()) == {0}


def test_a_deleted_code_is_in_no_byte_of_the_file(history: History, folder: Path, url: URL) -> None:
    if url.get_backend_name() != "sqlite":
        pytest.skip("a server's files are the server's")
    path = Path(url.database or "")
    files = [path, path.with_name(path.name + "-wal")]
    assert any(b"K7Q2" in each.read_bytes() for each in files if each.exists())
    delete_subject(history, plan_deletion(history, "K7Q2"), Audit())
    assert not any(b"K7Q2" in each.read_bytes() for each in files if each.exists())
