"""The page of a cohort: each drawing has its scales, what was left out is counted, nothing is said twice."""

import re
from pathlib import Path
from typing import Any

from firingorder_session.cohort.run import Cohort
from firingorder_session.cohort.summary import MOST_FAILURES, write_summary

TABLES = tuple(Path(name) for name in ("r.csv", "r-lifts.csv", "r-failures.csv"))


def a_set(file: str, side: str, lag_s: float) -> dict[str, Any]:
    """Return what the page wants of a set."""
    told = {"protocol": "prone_hip_extension", "cue": "none", "verdict": "inconclusive", "reason": None}
    return {**told, "file": file, "side": side, "lag_s": lag_s}


def page_of(sets: list[dict[str, Any]], failures: list[dict[str, Any]], path: Path) -> str:
    """Write a page and return it."""
    cohort = Cohort(TABLES, tuple(sets), (), tuple(failures), len(sets) + len(failures), 0)
    return write_summary(cohort, "a", path / "a.html").read_text("utf-8")


def test_bars_have_a_scale_of_sets_and_name_the_sides_that_there_are(tmp_path: Path) -> None:
    page = page_of([a_set(str(n), "", 0.07) for n in range(7)], [], tmp_path)
    assert [int(n) for n in re.findall(r'text-anchor="end"[^>]*>(\d+)<', page)] == [0, 3, 7]
    assert "■ side not stated" in page
    assert "■ L left" not in page


def test_lags_beyond_the_scale_are_counted_and_none_is_minus_zero(tmp_path: Path) -> None:
    page = page_of([a_set("a", "left", -0.0002), a_set("b", "right", 0.5)], [], tmp_path)
    assert "(1 beyond)" in page
    assert "<td>0 ms</td><td>0 to 0 ms</td>" in page


def test_left_against_right_has_both_scales(tmp_path: Path) -> None:
    page = page_of([a_set("a", "left", 0.1), a_set("a", "right", -0.1)], [], tmp_path)
    drawing = page[page.index('aria-label="left against right"') :]
    assert drawing.count(">−300<") == drawing.count(">300<") == 2
    assert "L left lag, ms" in drawing
    assert "R right lag, ms" in drawing


def test_a_file_that_could_not_be_used_is_named_once_and_the_rest_counted(tmp_path: Path) -> None:
    failures = [{"file": f"/data/{n}.csv", "reason": f"/data/{n}.csv: is empty"} for n in range(MOST_FAILURES + 5)]
    page = page_of([], failures, tmp_path)
    assert "<td>0.csv</td><td>is empty</td>" in page
    assert "And 5 more, in r-failures.csv." in page
