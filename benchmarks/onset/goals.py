"""The ten goals as the rows of one table, each with what was promised."""

from collections.abc import Mapping
from itertools import product

import benchmarks.onset.figures as fig
from benchmarks.onset.found import Scores
from benchmarks.onset.rows import (
    NOTHING,
    Figure,
    Limit,
    Measure,
    Score,
    at_least,
    at_most,
    extreme,
    measured,
    over,
    within,
)
from benchmarks.onset.trials import MODELS, QUIET_REST_S, QUIET_S, SNRS_DB
from benchmarks.onset_simulator import SHAPES


def _median(scores: Scores) -> float:
    return fig.error_quantile_ms(scores, 0.5)


def _p90(scores: Scores) -> float:
    return fig.error_quantile_ms(scores, 0.9)


def _order(low_s: float, high_s: float) -> Score:
    return lambda scores: fig.order_right(scores, low_s, high_s)


def _false_per_30(scores: Scores) -> float:
    return fig.false_per_30_minutes(scores, QUIET_S - QUIET_REST_S[1])


def _farthest(values: list[float]) -> float:
    """Return the value farthest from zero."""
    return max(values, key=abs)


def _cells(score: Score) -> list[Measure]:
    """Score each cell of model, dirt and SNR by itself."""
    return [
        over(score, model=model, dirty=dirty, snr_db=snr_db)
        for model, dirty, snr_db in product(MODELS, (False, True), SNRS_DB)
    ]


def _equal(score: Score, shape: str) -> list[Measure]:
    """Score both models of one shape of rise."""
    return [over(score, suite="equal", model=model, shape=shape) for model in MODELS]


_DIRT: Mapping[str, bool] = {"clean": False, "dirty": True}

FIGURES: list[Figure] = [
    Figure(1, "clean: median error", "ms", at_most(3.5), 1, over(_median, dirty=False)),
    Figure(1, "clean: 90th percentile", "ms", at_most(15), 0, over(_p90, dirty=False)),
    Figure(1, "clean: bias", "ms", within(2), 1, over(fig.bias_ms, dirty=False)),
    Figure(2, "dirty: median error", "ms", at_most(4.5), 1, over(_median, dirty=True)),
    Figure(2, "dirty: 90th percentile", "ms", at_most(22), 0, over(_p90, dirty=True)),
    *(
        Figure(
            3,
            f"gauss clean, {s} dB: median error",
            "ms",
            at_most(g),
            1,
            over(_median, model="gauss", dirty=False, snr_db=s),
        )
        for s, g in ((10, 12), (15, 6), (20, 4), (30, 2))
    ),
    Figure(4, "clean: order right", "", at_least(0.965), 3, over(fig.order_right, dirty=False)),
    *(
        Figure(4, f"clean: order right at {name}", "", at_least(g), 3, over(_order(low, high), dirty=False))
        for name, low, high, g in (
            ("10 ms", 0.004, 0.015, 0.9),
            ("20 ms", 0.015, 0.03, 0.97),
            ("40+ ms", 0.03, 1.0, 0.99),
        )
    ),
    Figure(4, "dirty: order right", "", at_least(0.93), 3, over(fig.order_right, dirty=True)),
    *(
        figure
        for name, dirty in _DIRT.items()
        for figure in (
            Figure(5, f"{name}: decided at P ≥ 0.95", "%", at_least(65), 1, over(fig.decided_share, dirty=dirty)),
            Figure(5, f"{name}: of these right", "", at_least(0.985), 3, over(fig.decided_accuracy, dirty=dirty)),
            Figure(5, f"{name}: and its whole interval", "%", NOTHING, 1, over(fig.called_share, dirty=dirty)),
            Figure(5, f"{name}: of these right too", "", NOTHING, 3, over(fig.called_accuracy, dirty=dirty)),
        )
    ),
    Figure(
        6,
        "onset's 90 % interval covers: lowest cell",
        "%",
        Limit(87.0, 93.0),
        1,
        extreme(min, _cells(fig.onset_coverage)),
    ),
    Figure(
        6,
        "onset's 90 % interval covers: highest cell",
        "%",
        Limit(87.0, 93.0),
        1,
        extreme(max, _cells(fig.onset_coverage)),
    ),
    Figure(6, "lag's 90 % interval covers: lowest cell", "%", NOTHING, 1, extreme(min, _cells(fig.lag_coverage))),
    Figure(6, "lag's 90 % interval covers: highest cell", "%", NOTHING, 1, extreme(max, _cells(fig.lag_coverage))),
    Figure(6, "calibration error of P(order)", "", at_most(0.03), 3, over(fig.calibration_error)),
    Figure(6, "clean: Brier score of P(order)", "", at_most(0.04), 3, over(fig.brier, dirty=False)),
    Figure(6, "dirty: Brier score of P(order)", "", at_most(0.07), 3, over(fig.brier, dirty=True)),
    Figure(7, "clean, SNR ≥ 6 dB: missed", "%", at_most(0), 2, over(fig.missed_percent, dirty=False, snr_min_db=6)),
    Figure(7, "dirty, SNR ≥ 6 dB: missed", "%", at_most(1), 2, over(fig.missed_percent, dirty=True, snr_min_db=6)),
    Figure(7, "dirty rest: false onsets in 30 channel-minutes", "", at_most(1), 1, over(_false_per_30, suite="rest")),
    Figure(7, "dirty rests of 3.5 s with a false onset", "%", NOTHING, 1, over(fig.found_share, suite="rest")),
    *(
        Figure(
            8,
            f"equal onsets, {shape} rise: median lag (worse model)",
            "ms",
            within(10),
            0,
            extreme(_farthest, _equal(fig.lag_bias_ms, shape)),
        )
        for shape in SHAPES
    ),
    *(
        Figure(
            8,
            f"equal onsets, {shape} rise: interval holds 0 (worse model)",
            "%",
            at_least(90),
            1,
            extreme(min, _equal(fig.lag_coverage, shape)),
        )
        for shape in SHAPES
    ),
    *(
        figure
        for name in _DIRT
        for figure in (
            Figure(
                9, f"{name}: alarm after the onset, median", "ms", at_most(20), 0, measured(f"alarm_{name}_median_ms")
            ),
            Figure(
                9,
                f"{name}: alarm after the onset, 90th percentile",
                "ms",
                at_most(60),
                0,
                measured(f"alarm_{name}_p90_ms"),
            ),
        )
    ),
    Figure(
        9, "provisional order after the later onset, median", "ms", at_most(100), 0, measured("provisional_median_ms")
    ),
    Figure(9, "provisional order, 90th percentile", "ms", NOTHING, 0, measured("provisional_p90_ms")),
    Figure(9, "confirmed order after the later onset, median", "ms", at_most(250), 0, measured("confirmed_median_ms")),
    Figure(9, "confirmed order, 90th percentile", "ms", NOTHING, 0, measured("confirmed_p90_ms")),
    Figure(10, "streaming in 20 ms blocks, a sample and channel", "µs", at_most(3), 2, measured("stream_us")),
    Figure(10, "batch, a sample and channel", "µs", at_most(0.15), 3, measured("batch_us")),
    Figure(10, "one refinement (rest and onset of one burst)", "ms", at_most(5), 1, measured("refinement_ms")),
    Figure(10, "longest single push, live", "ms", at_most(15), 1, measured("longest_push_ms")),
    Figure(10, "whole answer for a trial, a sample and channel", "µs", NOTHING, 2, measured("answer_us")),
]
