"""The cohort's benchmark measures what it says, and calls a figure measured only where it was."""

from pathlib import Path

from benchmarks.cohort import is_as_one_by_one, main, write_exactly, write_folder

from firingorder_session.cohort.tables import LIFTS, SETS, lift_rows, set_rows, write_table
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.read import read


def test_it_times_one_and_two_workers_and_compares_with_one_by_one() -> None:
    table = main(2, duration_s=15.0)
    assert table.title.endswith("beside one by one: the same, bit for bit")
    assert [row[:2] for row in table.rows] == [["1", "1"], ["2", "2"], ["1000 (extrapolated)", "2"]]
    assert all(float(row[6].removesuffix(" MiB")) > 50 for row in table.rows[:2])
    assert all(float(row[7].removesuffix(" MiB")) > 50 for row in table.rows[:2])


def test_a_difference_is_seen(tmp_path: Path) -> None:
    folder, out = tmp_path / "visits", tmp_path / "out.parquet"
    write_folder(folder, 1, 12.0)
    path = (folder / "visit-0000.fo").resolve()
    result = analyze(read(path)).to_json()
    sets, lifts = set_rows(str(path), result), lift_rows(str(path), result)
    write_table(lifts, LIFTS, tmp_path / "out-lifts.parquet")
    write_table(sets, SETS, out)
    assert is_as_one_by_one(folder, out)
    write_table([row | {"start_s": row["start_s"] + 2**-48} for row in lifts], LIFTS, tmp_path / "out-lifts.parquet")
    assert not is_as_one_by_one(folder, out)
    assert write_exactly([{"lag_s": 0.0}]) != write_exactly([{"lag_s": -0.0}])
