"""What a cohort writes, and what it leaves alone: its own tables and journal, and whatever else lies beside them."""

import resource
import shutil
import sys
from pathlib import Path

import pytest

from firingorder.cli import main
from firingorder_session.cohort.journal import Journal
from firingorder_session.cohort.options import CohortOptions
from firingorder_session.cohort.run import run_cohort
from firingorder_session.exports.contract import ExportRefused

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
OPTIONS = CohortOptions()


def test_a_table_that_no_cohort_wrote_is_not_replaced(tmp_path: Path) -> None:
    shutil.copy(FIXTURE, tmp_path / "a.fo")
    out = tmp_path / "emg.csv"
    out.write_text("the only copy", "utf-8")
    with pytest.raises(ExportRefused, match="exists, and no cohort's journal is beside it"):
        run_cohort([tmp_path / "a.fo"], out, OPTIONS)
    assert out.read_text("utf-8") == "the only copy"
    assert not out.with_suffix(".journal").exists()


@pytest.mark.parametrize("name", ["r.html", "r.journal", "r-failures.csv"])
def test_what_lies_beside_the_table_and_no_cohort_wrote_is_left_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine\n", "utf-8")
    assert main(["cohort", str(FIXTURE), "--out", str(tmp_path / "r.csv"), "--workers", "1"]) == 1
    assert f"{tmp_path / name}: exists, and " in capsys.readouterr().err
    assert (tmp_path / name).read_text("utf-8") == "mine\n"
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_tables_of_an_earlier_cohort_are_no_recordings(tmp_path: Path) -> None:
    shutil.copy(FIXTURE, tmp_path / "a.fo")
    (tmp_path / "other.journal").write_text("somebody's diary\n", "utf-8")
    (tmp_path / "other.csv").write_text("time,BF,GMAX\n", "utf-8")
    run_cohort([tmp_path], tmp_path / "first.csv", OPTIONS, n_workers=1)
    second = run_cohort([tmp_path], tmp_path / "second.csv", OPTIONS, n_workers=1)
    assert {Path(row["file"]).name for row in second.sets} == {"a.fo"}
    assert {Path(row["file"]).name for row in second.failures} == {"other.csv"}


def test_what_is_not_installed_is_told_before_the_judging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*given: object) -> None:
        pytest.fail("it has judged")

    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportRefused, match="pip install 'firingorder.cohort.'"):
        run_cohort([FIXTURE], tmp_path / "r.csv")


def test_where_nothing_can_be_written_is_told_before_the_judging(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    with pytest.raises(ExportRefused, match="cannot be written"):
        run_cohort([FIXTURE], tmp_path / "file" / "results.csv", OPTIONS)


def test_a_full_disk_is_told_with_the_file_that_did_not_fit(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # to the journal as a full disk
    try:
        with (
            pytest.raises(ExportRefused, match=r"r\.journal: cannot be written \(file too large\); free space"),
            Journal(tmp_path / "r.journal", "key") as journal,
        ):
            journal.add("a.fo", "1", {"failure": "long " * 1000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
