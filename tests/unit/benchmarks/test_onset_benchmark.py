"""The onset benchmark from drawn trials to the page, in small; figures of merit against values worked out by hand."""

import re
from pathlib import Path

import benchmarks.onset.figures as fig
import numpy as np
import pytest
from benchmarks.onset.__main__ import PAGE, PICTURE, write
from benchmarks.onset.found import Column, Found, Scores, select
from benchmarks.onset.goals import FIGURES
from benchmarks.onset.page import goals_table, write_distance
from benchmarks.onset.rows import Figure, Limit
from benchmarks.onset.run import Results, collect, work
from benchmarks.onset.trials import RATE_HZ, Batch, Cell, draw, plan, plan_tuning

CELLS = (
    Cell("mixed", "gauss", False, 20),
    Cell("mixed", "mu", True, 10),
    Cell("mixed", "gauss", True, 15, generator="other"),
    Cell("whole", "gauss", False, 20),
    Cell("equal", "gauss", False),
    Cell("rest", "gauss", True),
)


def scores(onset_s: list[list[float]], truth_s: list[list[float]], p_first: list[float] | None = None) -> Scores:
    found = Found.of_onsets(np.array(onset_s))
    if p_first is not None:
        found = Found(found.onset_s, found.ci90_s, found.lag_s, np.array(p_first), found.lag_ci90_s)
    return Scores(np.array(truth_s), found)


@pytest.fixture(scope="module")
def results() -> Results:
    return collect([work(Batch(cell, 3), None) for cell in CELLS])


def test_a_run_ends_in_a_page_with_a_row_for_every_figure_and_a_picture(results: Results, tmp_path: Path) -> None:
    page = write(results, tmp_path)
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == page
    assert all(f"| {figure.goal} | {figure.name}" in page for figure in FIGURES)
    assert PICTURE in page
    picture = (tmp_path / PICTURE).read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert picture.endswith("</svg>\n")
    assert all(column.name in picture for column in results.columns)


def test_the_page_says_when_the_peers_are_missing_and_what_was_not_measured(results: Results, tmp_path: Path) -> None:
    page = write(results, tmp_path)
    assert "without the peers" in page
    assert re.search(r"confirmed order after the later onset, median, ms \| ≤ 250 \| - \| not measured", page)


def test_every_row_of_the_goals_is_as_wide_as_its_head(results: Results) -> None:
    table = goals_table(results)
    assert {len(row) for row in table.rows} == {len(table.head)}


def test_alternatives_have_errors_and_no_probabilities(results: Results) -> None:
    for column in results.columns[1:]:
        pooled = select(column, results.truth)
        assert pooled is not None
        assert fig.error_quantile_ms(pooled, 0.5) > 0.0
        assert fig.brier(pooled) is None
        assert fig.onset_coverage(pooled) is None


def test_ours_has_an_interval_and_a_probability(results: Results) -> None:
    pooled = select(results.columns[0], results.truth, dirty=False)
    assert pooled is not None
    assert fig.onset_coverage(pooled) is not None
    assert fig.brier(pooled) is not None


def test_cells_of_the_other_generator_are_never_pooled_with_ours(results: Results) -> None:
    own, other = (select(results.columns[0], results.truth, generator=name) for name in ("own", "other"))
    assert own is not None
    assert len(own.truth_s) == 6
    assert other is not None
    assert len(other.truth_s) == 3


def test_a_trial_is_the_same_each_time_and_another_for_another_seed() -> None:
    first, second, third = draw(Batch(CELLS[0], 1)), draw(Batch(CELLS[0], 1)), draw(Batch(CELLS[0], 1, 7))
    one, two, other = next(first), next(second), next(third)
    assert np.array_equal(one.emg_uv, two.emg_uv)
    assert not np.array_equal(one.emg_uv[:500], other.emg_uv[:500])


def test_whole_trials_are_those_of_mixed_uncut() -> None:
    cut, whole = (next(draw(Batch(Cell(suite, "gauss", True, 15), 1))) for suite in ("mixed", "whole"))
    assert np.array_equal(cut.truth_s, whole.truth_s)
    assert len(cut.emg_uv) == round((cut.truth_s.max() + 0.26) * RATE_HZ) < len(whole.emg_uv)
    assert np.array_equal(cut.emg_uv, whole.emg_uv[: len(cut.emg_uv)])


def test_the_rest_given_ends_before_the_first_onset() -> None:
    trial = next(draw(Batch(CELLS[1], 1)))
    assert 0.0 <= trial.rest_s[0] < trial.rest_s[1] < trial.truth_s.min() - 0.39


def test_no_seed_serves_both_tuning_and_report() -> None:
    reported = {seed for batch in plan(200) for seed in range(batch.first_seed, batch.first_seed + batch.n)}
    tuned = {seed for batch in plan_tuning(True, 200) for seed in range(batch.first_seed, batch.first_seed + batch.n)}
    assert not reported & tuned


def test_every_cell_has_a_name_of_its_own() -> None:
    keys = [batch.cell.key for batch in plan(1)]
    assert len(set(keys)) == len(keys)


def test_a_miss_is_an_infinite_error() -> None:
    some = scores([[1.0, float("nan")], [1.002, 1.004]], [[1.0, 1.0], [1.0, 1.0]])
    assert fig.error_quantile_ms(some, 0.5) == pytest.approx(4.0)
    assert fig.error_quantile_ms(some, 0.9) == float("inf")
    assert fig.missed_percent(some) == 25.0


def test_an_order_counts_half_when_tied_and_nothing_when_an_onset_is_missed() -> None:
    truth = [[1.0, 1.02]] * 4
    found = [[1.0, 1.01], [1.0, 1.0], [1.0, float("nan")], [1.0, 0.9]]
    assert fig.order_right(scores(found, truth)) == pytest.approx((1 + 0.5 + 0 + 0) / 4)


def test_an_order_is_only_asked_of_lags_of_that_size() -> None:
    some = scores([[1.0, 1.01], [1.0, 0.9]], [[1.0, 1.01], [1.0, 1.15]])
    assert fig.order_right(some, 0.004, 0.015) == 1.0
    assert fig.order_right(some, 0.03) == 0.0
    assert fig.order_right(some, 0.015, 0.03) is None


def test_probabilities_are_scored_by_share_accuracy_brier_and_calibration() -> None:
    truth = [[1.0, 1.1], [1.0, 1.1], [1.1, 1.0], [1.0, 1.0]]
    some = scores([[1.0, 1.1]] * 4, truth, [0.98, 0.6, 0.97, 0.5])
    assert fig.decided_share(some) == pytest.approx(100 * 2 / 3)
    assert fig.decided_accuracy(some) == 0.5
    assert fig.brier(some) == pytest.approx((0.02**2 + 0.4**2 + 0.97**2) / 3)
    assert fig.calibration_error(some) == pytest.approx((abs(1.95 - 1) + 0.4) / 3)


def test_an_order_is_called_where_the_whole_interval_lies_on_one_side() -> None:
    some = scores([[1.0, 1.1], [1.0, 1.1], [1.0, 1.1]], [[1.0, 1.1], [1.1, 1.0], [1.0, 1.1]], [0.99, 0.98, 0.99])
    interval_s = np.array([[0.02, 0.2], [0.01, 0.2], [-0.01, 0.2]])
    found = Found(some.found.onset_s, some.found.ci90_s, some.found.lag_s, some.found.p_first, interval_s)
    called = Scores(some.truth_s, found)
    assert fig.decided_share(called) == 100.0
    assert fig.called_share(called) == pytest.approx(100 * 2 / 3)
    assert fig.called_accuracy(called) == 0.5


def test_coverage_asks_the_found_ones_alone() -> None:
    onset_s = np.array([[1.0, np.nan]])
    found = Found(
        onset_s,
        np.array([[[0.9, 1.1], [np.nan, np.nan]]]),
        np.array([np.nan]),
        np.array([0.5]),
        np.full((1, 2), np.nan),
    )
    assert fig.onset_coverage(Scores(np.array([[1.05, 2.0]]), found)) == 100.0
    assert fig.lag_coverage(Scores(np.array([[1.05, 2.0]]), found)) is None


def test_false_onsets_are_counted_per_30_channel_minutes() -> None:
    some = scores([[1.0, float("nan")]] * 3, [[float("nan")] * 2] * 3)
    assert fig.false_per_30_minutes(some, 10.0) == pytest.approx(30 * 3 / 1.0)


@pytest.mark.parametrize(
    ("limit", "value", "written"),
    [
        (Limit(high=3.5), 3.54, "reached"),
        (Limit(high=3.5), 3.6, "0.1"),
        (Limit(low=87.0, high=93.0), 80.0, "7.0"),
        (Limit(low=87.0, high=93.0), 93.4, "0.4"),
        (Limit(low=-2.0, high=2.0), -2.5, "0.5"),
        (Limit(high=1.0), float("inf"), "∞"),
        (Limit(high=1.0), None, "not measured"),
        (Limit(), 7.0, ""),
    ],
)
def test_the_table_says_by_how_much_a_goal_is_missed(limit: Limit, value: float | None, written: str) -> None:
    figure = Figure(1, "any", "ms", limit, 1, lambda column, truth: value)
    assert write_distance(figure, value) == written


def test_a_column_without_a_cell_has_no_figure_for_it() -> None:
    empty = Column("nobody", {})
    assert {figure.measure(empty, {}) for figure in FIGURES} == {None}
