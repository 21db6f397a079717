"""A folder of recordings, re-analysed: as one by one, going on where it stopped, whatever file or worker fails."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.formats.makers import FORMATS, truth_uv

import firingorder as fo
from firingorder.cli import main
from firingorder_session.cohort import judge_one as judging
from firingorder_session.cohort import workers
from firingorder_session.cohort.journal import Journal
from firingorder_session.cohort.options import CohortOptions
from firingorder_session.cohort.run import Cohort, NoRecordings, run_cohort
from firingorder_session.cohort.summary import write_summary
from firingorder_session.cohort.tables import lift_rows, set_rows
from firingorder_session.protocols.catalogue import read_protocol_text
from firingorder_session.setting_up.laboratories import FOLDER_VARIABLE, Laboratory, remember_laboratory
from firingorder_signal.blocks import Site

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
OPTIONS = CohortOptions()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three recordings that can be used, and two that cannot."""
    place = tmp_path / "recordings"
    (place / "day2").mkdir(parents=True)
    shutil.copy(FIXTURE, place / "a.fo")
    FORMATS["EMGworks"].write(place / "day2" / "b.csv", truth_uv(), False)
    FORMATS["BDF+"].write(place / "day2" / "c.bdf", truth_uv(), False)
    (place / "bad.fo").write_bytes(FIXTURE.read_bytes()[:20_000])
    (place / "empty.c3d").write_bytes(b"")
    (place / "notes.md").write_text("no recording", "utf-8")
    return place


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a table."""
    rows: list[dict[str, Any]] = import_module("pyarrow.parquet").read_table(path).to_pylist()
    return rows


def test_results_are_those_of_one_by_one_and_a_bad_file_lands_in_its_table(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    cohort = run_cohort([folder], out, OPTIONS, n_workers=2)
    good = sorted((folder / name).resolve() for name in ("a.fo", "day2/b.csv", "day2/c.bdf"))
    results = {str(path): fo.analyze(fo.read(path)).to_json() for path in good}
    assert list(cohort.sets) == [row for path, result in results.items() for row in set_rows(path, result)]
    assert list(cohort.lifts) == [row for path, result in results.items() for row in lift_rows(path, result)]
    assert read_rows(cohort.files[0]) == list(cohort.sets)
    assert read_rows(cohort.files[1]) == list(cohort.lifts)
    failures = {Path(row["file"]).name: row["reason"] for row in read_rows(cohort.files[2])}
    assert failures.keys() == {"bad.fo", "empty.c3d"}
    assert "is empty" in failures["empty.c3d"]
    assert all("\n" not in reason for reason in failures.values())


def test_a_run_goes_on_where_it_stopped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, judged = tmp_path / "results.parquet", list[str]()
    whole = run_cohort([folder], out, OPTIONS, n_workers=1)
    lines = out.with_suffix(".journal").read_bytes().splitlines(keepends=True)
    out.with_suffix(".journal").write_bytes(
        b"".join(lines[:3]) + lines[3][: len(lines[3]) // 2]
    )  # killed while writing

    def follow(paths: list[str], options: CohortOptions, n_workers: int) -> Any:
        judged.extend(paths)
        return ((path, judging.judge_one(path, options)) for path in paths)

    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", follow)
    again = run_cohort([folder], out, OPTIONS)
    assert len(judged) == 2
    assert (again.sets, again.lifts, again.failures) == (whole.sets, whole.lifts, whole.failures)
    assert again.n_reused == 3
    judged.clear()
    assert run_cohort([folder], out, OPTIONS).n_reused == 5
    assert judged == []
    os.utime(folder / "a.fo", (1, 1))
    run_cohort([folder], out, OPTIONS)
    assert [Path(path).name for path in judged] == ["a.fo"]
    judged.clear()
    run_cohort([folder], out, CohortOptions(side="left"))  # other options, other results
    assert len(judged) == 5


def test_a_worker_that_dies_costs_its_own_recording(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An address space of 300 MB ends the process that maps a huge file; here a signal does, when it meets the name.
    code = tmp_path / "sitecustomize.py"
    code.write_text(
        "import os, signal\n"
        "from pathlib import Path\n"
        "read_bytes = Path.read_bytes\n"
        "def deadly(self):\n"
        "    if self.name == 'deadly.c3d': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return read_bytes(self)\n"
        "Path.read_bytes = deadly\n",
        "utf-8",
    )
    FORMATS["C3D"].write(folder / "deadly.c3d", truth_uv(), False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    cohort = run_cohort([folder], tmp_path / "results.parquet", OPTIONS, n_workers=2)
    reasons = {Path(row["file"]).name: row["reason"] for row in cohort.failures}
    assert "died" in reasons["deadly.c3d"]
    assert reasons.keys() == {"bad.fo", "empty.c3d", "deadly.c3d"}
    assert (tmp_path / "results.journal").read_text("utf-8").count('"again": true') == 1
    assert {Path(row["file"]).name for row in cohort.sets} == {"a.fo", "b.csv", "c.bdf"}


def test_a_plain_script_is_not_run_again_in_each_worker(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        "import sys\n"
        "import firingorder as fo\n"
        "print('begun')\n"
        "cohort = fo.run_cohort(sys.argv[1], sys.argv[2], n_workers=2)\n"
        "print(len(cohort.sets), len(cohort.failures))\n",
        "utf-8",
    )
    words = [sys.executable, str(script), str(FIXTURE), str(tmp_path / "r.csv")]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "begun\n1 0\n"


def start(*words: str) -> subprocess.Popen[bytes]:
    """Start a part of a cluster in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Generator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a real scheduler and two workers, each a process."""
    file = tmp_path / "scheduler.json"
    parts = [start("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))]
    try:
        deadline = time.monotonic() + 30
        while not (file.exists() and file.read_text("utf-8").strip()) and time.monotonic() < deadline:
            time.sleep(0.05)
        words = [
            "distributed.cli.dask_worker",
            "--scheduler-file",
            str(file),
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
        ]
        parts += [start(*words, "--local-directory", str(tmp_path)) for _ in range(2)]
        yield json.loads(file.read_text("utf-8"))["address"], parts[1:]
    finally:
        for part in reversed(parts):
            part.kill()
            part.wait()


@pytest.mark.filterwarnings("ignore")  # Dask warns of versions, ports and its own clean-up
def test_a_cluster_gives_the_same_though_a_worker_is_killed(
    folder: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    for number in range(3):
        shutil.copy(FIXTURE, folder / f"more{number}.fo")
    killed = list[int]()

    def report(done: int, total: int) -> None:
        if done == 2 and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(workers[0].pid)

    cohort = run_cohort([folder], tmp_path / "cluster.parquet", OPTIONS, scheduler=address, report=report)
    here = run_cohort([folder], tmp_path / "here.parquet", OPTIONS, n_workers=1)
    assert killed
    assert (cohort.sets, cohort.lifts, cohort.failures) == (here.sets, here.lifts, here.failures)


def test_the_command_writes_tables_and_a_page(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.csv"
    assert main(["cohort", str(folder), "--out", str(out), "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "5 recordings, 3 sets, 2 recordings not usable" in told
    page = out.with_suffix(".html").read_text("utf-8")
    assert "prone hip extension" in page
    assert "could not be used" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert main(["cohort", str(folder), "--out", str(out), "--workers", "1"]) == 0
    assert "(5 from an earlier run)" in capsys.readouterr().out


def test_the_command_says_why_files_could_not_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "recordings"
    place.mkdir()
    for number in range(8):
        (place / f"{number}.csv").write_bytes(b"")
    assert main(["cohort", str(place), "--out", str(tmp_path / "r.csv"), "--workers", "1"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("8 recordings, 0 sets, 8 recordings not usable\n")
    first, *rest, last = told.err.splitlines()
    assert first.startswith(f"firingorder: {place / '0.csv'}: is empty")
    assert len(rest) == 4
    assert last == f"firingorder: and 3 more, in {tmp_path / 'r-failures.csv'}"


def test_nothing_to_do_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firingorder_session.cohort.workers.CONNECT_S", 1.0)
    with pytest.raises(NoRecordings, match="holds no recordings"):
        run_cohort([tmp_path], tmp_path / "results.parquet", OPTIONS)
    assert main(["cohort", str(tmp_path / "nowhere"), "--out", str(tmp_path / "r.parquet")]) == 1
    assert main(["cohort", str(tmp_path), "--out", str(tmp_path / "r.xlsx")]) == 2
    (tmp_path / "a.csv").write_text("x", "utf-8")
    address = "tcp://127.0.0.1:9"
    assert main(["cohort", str(tmp_path), "--out", str(tmp_path / "r.parquet"), "--scheduler", address]) == 1
    assert "no Dask scheduler answers" in capsys.readouterr().err


def test_a_file_that_leads_nowhere_is_a_failure_and_ends_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "moved.fo").symlink_to(tmp_path / "another-disk" / "moved.fo")
    (folder / "ring.csv").symlink_to(folder / "ring.csv")
    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge_in_turn)
    cohort = run_cohort([folder], tmp_path / "results.parquet", OPTIONS)
    assert {"moved.fo", "ring.csv"} <= {Path(row["file"]).name for row in cohort.failures}
    assert len({row["file"] for row in cohort.sets}) == 3


def test_what_may_be_no_fault_of_the_file_is_tried_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "another-disk.fo"
    link = folder / "moved.fo"
    link.symlink_to(target)
    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge_in_turn)
    out = tmp_path / "results.parquet"
    assert str(target) in {row["file"] for row in run_cohort([folder], out, OPTIONS).failures}
    again = run_cohort([folder], out, OPTIONS)
    assert (again.n_recordings, again.n_reused) == (6, 5)  # a damaged file stays one


def test_a_folder_that_may_not_be_looked_into_is_a_failure(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir, closed = os.scandir, (folder / "day2").resolve()

    def refuse(path: Any) -> Any:  # whoever runs the tests may be allowed everything
        if Path(path).resolve() == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge_in_turn)
    cohort = run_cohort([folder], tmp_path / "results.parquet", OPTIONS)
    (reason,) = (row["reason"] for row in cohort.failures if row["file"] == str(closed))
    assert reason.startswith(f"{closed}: may not be read by this user")


def test_a_file_whose_name_is_no_text_is_judged_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / os.fsdecode(b"visit-\xfc" + ending) for ending in (b".fo", b".c3d")]
    shutil.copy(FIXTURE, places[0])
    places[1].write_bytes(b"")
    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge_in_turn)
    out = tmp_path / "results.parquet"
    run_cohort(places, out, OPTIONS)
    again = run_cohort(places, out, OPTIONS)
    assert again.n_reused == 2
    write_summary(again, "a", tmp_path / "a.html")
    (row,), (failure,) = read_rows(again.files[0]), read_rows(again.files[2])
    assert row["file"].endswith("visit-\\udcfc.fo")
    assert failure["file"].endswith("visit-\\udcfc.c3d")


def judge_in_turn(paths: list[str], options: CohortOptions, n_workers: int) -> Any:
    """Judge without any process."""
    return ((path, judging.judge_one(path, options)) for path in paths)


class DyingPool:
    """A pool whose worker dies before the second recording is handed over, the first time it is used."""

    n_pools = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        type(self).n_pools += 1
        self.n_submitted, self.dies = 0, self.n_pools == 1

    def __enter__(self) -> "DyingPool":
        """Give it."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let it go."""

    def submit(self, judge: Any, path: str, options: CohortOptions) -> Future[dict[str, Any]]:
        """Take a recording, or none any more."""
        self.n_submitted += 1
        if self.dies and self.n_submitted == 2:
            raise BrokenProcessPool
        future = Future[dict[str, Any]]()
        future.set_result({"failure": path})
        return future


def test_no_recording_is_lost_where_a_worker_dies_while_it_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "ProcessPoolExecutor", DyingPool)
    paths = [f"{number}.fo" for number in range(5)]
    assert sorted(path for path, _ in workers.judge_here(paths, OPTIONS, 2)) == paths


def test_a_cohort_as_the_last_line_of_a_cell_is_one_line() -> None:
    row = {"file": "a.fo", "side": "right"}
    shown = repr(Cohort((Path("a.csv"),), (row,) * 1000, (row,) * 10_000, (row,), 1000, 0))
    assert "a.csv" in shown
    assert len(shown) < 200


def test_a_corrected_onset_is_the_one_in_the_table() -> None:
    result = fo.analyze(fo.read(FIXTURE)).to_json()
    lift = result["sets"][0]["lifts"][0]
    glute = next(onset for site, onset in lift["onsets"].items() if site.startswith("gluteus_maximus"))
    glute["corrected"] = {"time_s": glute["time_s"] + 0.05, "within_s": 0.005, "by": "", "at": ""}
    assert lift_rows("a.fo", result)[0]["glute_s"] == pytest.approx(glute["time_s"] + 0.05)


def test_a_worker_needs_no_laboratorys_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    remember_laboratory("gait", Laboratory({"E3": Site.parse("hamstring_lateral/right")}))
    rows = "\n".join(f"{row / 1000:.3f},{row % 7},{row % 5}" for row in range(3000))
    (tmp_path / "a.csv").write_text(f"time [s],E3,GMAX [uV]\n{rows}\n", "utf-8")

    def elsewhere(paths: list[str], options: CohortOptions, n_workers: int) -> Any:
        monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
        return judge_in_turn(paths, options, n_workers)

    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", elsewhere)
    cohort = run_cohort([tmp_path / "a.csv"], tmp_path / "r.csv", CohortOptions(laboratory="gait"))
    assert not cohort.failures
    assert "E3 = hamstring_lateral/right" in cohort.sets[0]["notes"]


def test_a_journal_of_other_options_does_not_count(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", "one") as journal:
        journal.add("a", "1", {"failure": "x"})
    with Journal(tmp_path / "j", "two") as journal:
        assert journal.done == {}
    with Journal(tmp_path / "j", "one") as journal:
        assert journal.done == {("a", "1"): {"failure": "x"}}


def test_a_test_that_is_none_ends_a_run_before_it_costs_earlier_results(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("firingorder_session.cohort.run.judge_here", judge_in_turn)
    out = tmp_path / "r.parquet"
    run_cohort([folder / "a.fo"], out)
    assert main(["cohort", str(folder / "a.fo"), "--out", str(out), "--protocol", "prone"]) == 1
    assert "no protocol is called 'prone'; there are: " in capsys.readouterr().err
    assert len(read_rows(out)) == 1


def test_a_test_whose_file_was_changed_is_another_test(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = read_protocol_text("prone_hip_extension").replace("prone_hip_extension", "mine")
    mine.write_text(text, "utf-8")
    before = CohortOptions(protocol=str(mine)).key()
    assert CohortOptions(protocol=str(mine)).key() == before
    mine.write_text(text + "# changed\n", "utf-8")
    assert CohortOptions(protocol=str(mine)).key() != before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is text")
def test_a_name_that_is_no_text_costs_nothing(tmp_path: Path) -> None:
    place = tmp_path / "odd"
    place.mkdir()
    shutil.copy(FIXTURE, place / os.fsdecode(b"visit\xff.fo"))
    out = tmp_path / "results.csv"
    for _ in range(2):  # the second goes by the journal
        assert main(["cohort", str(place), "--out", str(out), "--workers", "1"]) == 0
        assert "visit\\udcff.fo" in out.read_text("utf-8")
